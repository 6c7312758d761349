import { describe, expect, it } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import { failureOf, withStandIn } from './testing.js';

describe('the stand-in of MongoDB', () => {
  it('presents itself as the primary of a replica set', () =>
    withStandIn(async ({ client, database, standIn }) => {
      const hello = await database.command({ hello: 1 });
      expect(hello).toMatchObject({
        setName: 'rs0',
        isWritablePrimary: true,
        maxWireVersion: 21,
        logicalSessionTimeoutMinutes: 30,
        hosts: [new URL(standIn.url).host],
      });
      expect(hello['$clusterTime']).toBeDefined();
      expect(await client.db().admin().ping()).toMatchObject({ ok: 1 });
      expect((await client.db().admin().buildInfo())['versionArray']).toEqual([7, 0, 14, 0]);
    }));

  it('keeps data and finished writes over a restart, and loses transactions', () =>
    withStandIn(async ({ client, collection, standIn }) => {
      await collection.insertOne({ _id: 1 as never });
      const session = client.startSession();
      session.startTransaction();
      await collection.insertOne({ _id: 2 as never }, { session });
      await standIn.restart();
      expect(await failureOf(session.commitTransaction())).toMatchObject({ code: 251 });
      expect(await collection.find().toArray()).toEqual([{ _id: 1 }]);
      await session.endSession();
    }));

  it.each(['before', 'after'] as const)('does a retryable write once when the connection breaks %s it', (drop) =>
    withStandIn(async ({ collection, standIn }) => {
      await collection.insertOne({ _id: 1 as never, n: 0 });
      for (const command of ['update', 'findAndModify', 'insert', 'delete'])
        standIn.faults.fail({ commands: [command], drop });
      await collection.updateOne({}, { $inc: { n: 1 } });
      await collection.findOneAndUpdate({}, { $inc: { n: 1 } });
      await collection.insertOne({ _id: 2 as never });
      expect(await collection.deleteOne({ _id: 2 as never })).toMatchObject({ deletedCount: 1 });
      expect(await collection.findOne()).toEqual({ _id: 1, n: 2 });
    }),
  );

  it.each(['before', 'after'] as const)('does the rest of a bulk of writes that broke off %s a statement', (when) =>
    withStandIn(async ({ collection, standIn }) => {
      await collection.insertOne({ _id: 1 as never, n: 0 });
      standIn.faults.failStatements({ when, skip: 1, times: 1 });
      const increment = { updateOne: { filter: { _id: 1 as never }, update: { $inc: { n: 1 } } } };
      expect(await collection.bulkWrite([increment, increment, increment])).toMatchObject({ modifiedCount: 3 });
      expect(await collection.findOne()).toEqual({ _id: 1, n: 3 });
    }),
  );

  it('leaves a write unanswered when it is not retried', () =>
    withStandIn(async ({ connect, collection, standIn }) => {
      const client = connect({ retryWrites: false });
      standIn.faults.fail({ commands: ['insert'], drop: 'after' });
      const failure = await failureOf(
        client
          .db('test')
          .collection('things')
          .insertOne({ _id: 1 as never }),
      );
      expect(failure).toBeInstanceOf(MongoNetworkError);
      expect(await collection.countDocuments()).toBe(1);
    }));

  it('fails commands by name, number and client, with the labels of the server or others', () =>
    withStandIn(async ({ connect, collection, standIn }) => {
      standIn.faults.fail({ commands: ['find'], skip: 1, times: 2, error: { code: 8000, labels: ['Mine'] } });
      standIn.faults.fail({ commands: ['insert'], appName: 'other', error: { code: 8001 } });
      await collection.insertOne({});
      await collection.findOne();
      for (let time = 0; time < 2; time++) {
        const failure = await failureOf(collection.findOne());
        expect([failure.code, failure.errorLabels]).toEqual([8000, ['Mine']]);
      }
      await collection.findOne();
      const other = connect({ appName: 'other' }).db('test').collection('things');
      expect(await failureOf(other.insertOne({}))).toMatchObject({ code: 8001 });
      standIn.faults.fail({ commands: ['insert'], writeConcernError: { code: 64, message: 'slow' } });
      expect(await failureOf(collection.insertOne({ _id: 5 as never }))).toMatchObject({ code: 64 });
      expect(await collection.countDocuments({ _id: 5 as never })).toBe(1);
    }));

  it('takes the fail point of the specification tests', () =>
    withStandIn(async ({ client, collection }) => {
      const admin = client.db('admin');
      const data = { failCommands: ['insert'], errorCode: 10_107, errorLabels: ['RetryableWriteError'] };
      await admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
      await collection.insertOne({});
      await admin.command({
        configureFailPoint: 'failCommand',
        mode: 'alwaysOn',
        data: { failCommands: ['find'], errorCode: 8000 },
      });
      expect(await failureOf(collection.findOne())).toMatchObject({ code: 8000 });
      await admin.command({ configureFailPoint: 'failCommand', mode: 'off' });
      expect(await collection.countDocuments()).toBe(1);
    }));

  it('hangs until it is told otherwise, and answers slowly', () =>
    withStandIn(async ({ connect, standIn }) => {
      const hasty = connect({ socketTimeoutMS: 100, retryReads: false }).db('test').collection('things');
      await hasty.findOne();
      standIn.faults.fail({ commands: ['find'], hang: true });
      expect(await failureOf(hasty.findOne())).toBeInstanceOf(MongoNetworkError);
      standIn.faults.fail({ commands: ['find'], delayMs: 20 });
      expect(await hasty.findOne()).toBeNull();
    }));

  it('refuses connections', () =>
    withStandIn(async ({ connect, collection, standIn }) => {
      await collection.insertOne({});
      standIn.faults.refuse();
      const hasty = connect({ serverSelectionTimeoutMS: 100 });
      expect((await failureOf(hasty.connect())).name).toBe('MongoServerSelectionError');
      standIn.faults.clear();
      expect(await collection.countDocuments()).toBe(1);
    }));

  it('stands alone without transactions and retryable writes', () =>
    withStandIn(async ({ connect, standIn }) => {
      standIn.faults.standAlone();
      const client = connect();
      expect(await client.db('test').command({ hello: 1 })).not.toHaveProperty('setName');
      const failure = await failureOf(
        client.withSession((session) =>
          session.withTransaction(() => client.db('test').collection('t').insertOne({}, { session })),
        ),
      );
      expect(failure.message).toMatch(/does not support retryable writes/);
    }));

  it('steps down, and drivers find the next primary', () =>
    withStandIn(async ({ collection, standIn }) => {
      await collection.insertOne({ _id: 1 as never });
      standIn.stepDown(150);
      await collection.insertOne({ _id: 2 as never });
      expect(await collection.countDocuments()).toBe(2);
    }));

  it('has no users', () =>
    withStandIn(async ({ connect }) => {
      const client = connect({ auth: { username: 'a', password: 'b' } });
      expect(await failureOf(client.connect())).toMatchObject({ code: 18, codeName: 'AuthenticationFailed' });
    }));
});
