import { describe, expect, it } from '@jest/globals';
import { Timestamp } from 'bson';
import { failureOf, withStandIn } from './testing.js';

const ONE = { _id: 1 as never };

describe('a transaction on the stand-in of MongoDB', () => {
  it('shows its writes to itself, and to others when it is committed', () =>
    withStandIn(async ({ client, collection }) => {
      await collection.insertOne({ ...ONE, n: 0 });
      const session = client.startSession();
      session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
      await collection.updateOne(ONE, { $inc: { n: 1 } }, { session });
      await collection.insertOne({ _id: 2 as never }, { session });
      await collection.deleteOne({ _id: 2 as never }, { session });
      await collection.insertOne({ _id: 3 as never }, { session });
      expect(await collection.find({}, { session }).toArray()).toEqual([{ ...ONE, n: 1 }, { _id: 3 }]);
      expect(await collection.aggregate([{ $group: { _id: null, n: { $sum: 1 } } }], { session }).toArray()).toEqual([
        { _id: null, n: 2 },
      ]);
      expect(await collection.find().toArray()).toEqual([{ ...ONE, n: 0 }]);
      await session.commitTransaction();
      await session.commitTransaction();
      expect(await collection.find().toArray()).toEqual([{ ...ONE, n: 1 }, { _id: 3 }]);
      await session.endSession();
    }));

  it('reads from the moment of its start, whatever happens after', () =>
    withStandIn(async ({ client, collection }) => {
      await collection.insertOne({ ...ONE, n: 0 });
      await client.withSession(async (session) => {
        session.startTransaction();
        await collection.findOne({}, { session });
        await collection.updateOne(ONE, { $set: { n: 5 } });
        await collection.insertOne({ _id: 2 as never });
        expect(await collection.find({}, { session }).toArray()).toEqual([{ ...ONE, n: 0 }]);
        await session.abortTransaction();
      });
    }));

  it('conflicts with what was written since its start', () =>
    withStandIn(async ({ client, collection }) => {
      await collection.insertOne({ ...ONE, n: 0 });
      await client.withSession(async (session) => {
        session.startTransaction();
        await collection.findOne({}, { session });
        await collection.updateOne(ONE, { $set: { n: 5 } });
        const failure = await failureOf(collection.updateOne(ONE, { $inc: { n: 1 } }, { session }));
        expect(failure).toMatchObject({ code: 112, codeName: 'WriteConflict' });
        expect(failure.hasErrorLabel('TransientTransactionError')).toBe(true);
        const over = await failureOf(collection.findOne({}, { session }));
        expect(over).toMatchObject({ code: 251, codeName: 'NoSuchTransaction' });
        await session.abortTransaction();
      });
      expect(await collection.findOne()).toEqual({ ...ONE, n: 5 });
    }));

  it('that writes second what another has written conflicts, and a write outside waits', () =>
    withStandIn(async ({ client, collection }) => {
      await collection.insertOne({ ...ONE, n: 0 });
      const [first, second] = [client.startSession(), client.startSession()];
      first.startTransaction();
      second.startTransaction();
      await collection.updateOne(ONE, { $inc: { n: 1 } }, { session: first });
      expect(await failureOf(collection.deleteOne(ONE, { session: second }))).toMatchObject({ code: 112 });
      const outside = collection.updateOne(ONE, { $inc: { n: 10 } });
      expect(await failureOf(collection.updateOne(ONE, { $inc: { n: 10 } }, { maxTimeMS: 60 }))).toMatchObject({
        code: 50,
      });
      await first.commitTransaction();
      await outside;
      expect(await collection.findOne()).toEqual({ ...ONE, n: 11 });
      await first.endSession();
      await second.endSession();
    }));

  it('is undone by an abort, by an error, by a new one of its session, and by the end of its session', () =>
    withStandIn(async ({ client, collection }) => {
      await collection.insertOne(ONE);
      const session = client.startSession();
      session.startTransaction();
      await collection.insertOne({ _id: 2 as never }, { session });
      await session.abortTransaction();
      session.startTransaction();
      await collection.insertOne({ _id: 2 as never }, { session });
      expect(await failureOf(collection.insertOne(ONE, { session }))).toMatchObject({ code: 11000 });
      expect(await failureOf(session.commitTransaction())).toMatchObject({ code: 251 });
      session.startTransaction();
      await collection.insertOne({ _id: 2 as never }, { session });
      await session.endSession();
      await collection.insertOne({ _id: 2 as never });
      expect(await collection.countDocuments()).toBe(2);
    }));

  it('guards unique keys that it has taken', () =>
    withStandIn(async ({ client, collection }) => {
      await collection.createIndex({ key: 1 }, { unique: true });
      await client.withSession(async (session) => {
        session.startTransaction();
        await collection.insertOne({ key: 'k' }, { session });
        await client.withSession(async (other) => {
          other.startTransaction();
          expect(await failureOf(collection.insertOne({ key: 'k' }, { session: other }))).toMatchObject({ code: 112 });
          await other.abortTransaction();
        });
        await session.commitTransaction();
      });
      expect(await failureOf(collection.insertOne({ key: 'k' }))).toMatchObject({ code: 11000 });
    }));

  it('may make collections, which nobody sees before', () =>
    withStandIn(async ({ client, database }) => {
      await client.withSession(async (session) => {
        session.startTransaction();
        await database.createCollection('made', { session });
        await database.collection('implied').insertOne({ a: 1 }, { session });
        expect(await database.listCollections().toArray()).toEqual([]);
        await session.commitTransaction();
      });
      expect((await database.listCollections().toArray()).map(({ name }) => name).sort()).toEqual(['implied', 'made']);
    }));

  it('runs by withTransaction over conflicts', () =>
    withStandIn(async ({ client, collection }) => {
      await collection.insertOne({ ...ONE, n: 0 });
      const add = async (): Promise<void> =>
        client.withSession((session) =>
          session.withTransaction(async () => {
            const found = await collection.findOne(ONE, { session });
            await collection.updateOne(ONE, { $set: { n: Number(found?.['n']) + 1 } }, { session });
          }),
        );
      await Promise.all(Array.from({ length: 8 }, add));
      expect(await collection.findOne()).toEqual({ ...ONE, n: 8 });
    }));

  it('takes no command that MongoDB does not take in one', () =>
    withStandIn(async ({ client, collection, database }) => {
      await collection.insertOne(ONE);
      await client.withSession(async (session) => {
        session.startTransaction();
        expect(await failureOf(database.command({ count: 'things' }, { session }))).toMatchObject({ code: 263 });
        await session.abortTransaction();
      });
    }));
});

describe('a snapshot session on the stand-in of MongoDB', () => {
  it('reads all from one moment, in several collections', () =>
    withStandIn(async ({ client, collection, database }) => {
      await collection.insertOne({ ...ONE, n: 1 });
      const session = client.startSession({ snapshot: true });
      expect(await collection.findOne({}, { session })).toEqual({ ...ONE, n: 1 });
      await collection.updateOne(ONE, { $set: { n: 2 } });
      await database.collection('later').insertOne({});
      expect(await collection.aggregate([{ $match: {} }], { session }).toArray()).toEqual([{ ...ONE, n: 1 }]);
      expect(await collection.distinct('n', {}, { session })).toEqual([1]);
      expect(await database.collection('later').find({}, { session }).toArray()).toEqual([]);
      expect(await collection.findOne()).toEqual({ ...ONE, n: 2 });
      await session.endSession();
    }));

  it('is refused when its moment is too long ago', () =>
    withStandIn(async ({ database }) => {
      const atClusterTime = new Timestamp({ t: Math.floor(Date.now() / 1_000) - 400, i: 1 });
      const command = { find: 'things', readConcern: { level: 'snapshot', atClusterTime } };
      expect(await failureOf(database.command(command))).toMatchObject({ code: 239, codeName: 'SnapshotTooOld' });
    }));
});
