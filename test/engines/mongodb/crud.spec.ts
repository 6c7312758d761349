import { describe, expect, it } from '@jest/globals';
import { Binary, Decimal128, Long, ObjectId, Timestamp } from 'bson';
import { failureOf, withStandIn } from './testing.js';

describe('the stand-in of MongoDB stores and finds', () => {
  it('documents of every type', () =>
    withStandIn(async ({ collection }) => {
      const document = {
        _id: new ObjectId(),
        text: 'ä\u0000\u{10000}',
        whole: 5,
        fraction: 0.5,
        long: 2n ** 62n + 1n,
        decimal: Decimal128.fromString('1.10'),
        date: new Date(5),
        nothing: null,
        yes: true,
        list: [1, [2], { a: 3 }],
        deep: { b: { c: 'd' } },
        bytes: new Binary(Buffer.from('xyz')),
        time: new Timestamp({ t: 1, i: 2 }),
        pattern: /^a/i,
      };
      await collection.insertOne(document);
      expect(await collection.findOne({ _id: document._id }, { useBigInt64: true })).toEqual(document);
    }));

  it.each([
    [{ n: { $gt: 1, $lte: 3 } }, ['b', 'c']],
    [{ n: { $in: [1, 4] } }, ['a', 'd']],
    [{ n: Long.fromNumber(2) }, ['b']],
    [{ n: null }, ['e', 'f']],
    [{ n: { $ne: null } }, ['a', 'b', 'c', 'd']],
    [{ n: { $exists: false } }, ['f']],
    [{ n: { $gt: null } }, []],
    [{ t: { $gt: '\uffff' } }, ['c']],
    [{ t: { $regex: '^a\\x00' } }, ['b']],
    [{ tags: 'x' }, ['a', 'b']],
    [{ tags: { $all: ['x', 'y'] } }, ['b']],
    [{ tags: { $size: 2 } }, ['b']],
    [{ items: { $elemMatch: { k: 1, v: { $gt: 1 } } } }, ['b']],
    [{ 'items.k': 1, 'items.v': 2 }, ['a', 'b']],
    [{ 'items.1.v': 2 }, ['a']],
    [{ $or: [{ n: 1 }, { t: 'a' }] }, ['a']],
    [{ $nor: [{ n: { $lt: 4 } }, { n: null }] }, ['d']],
    [{ n: { $not: { $gte: 2 } } }, ['a', 'e', 'f']],
    [{ $expr: { $eq: ['$n', { $add: [1, 1] }] } }, ['b']],
    [{ n: { $mod: [2, 0] } }, ['b', 'd']],
    [{ n: { $type: 'null' } }, ['e']],
  ] as const)('by %j', (filter, ids) =>
    withStandIn(async ({ collection }) => {
      await collection.insertMany([
        {
          _id: 'a',
          n: 1,
          t: 'a',
          tags: ['x'],
          items: [
            { k: 1, v: 1 },
            { k: 2, v: 2 },
          ],
        },
        { _id: 'b', n: 2, t: 'a\u0000', tags: ['x', 'y'], items: [{ k: 1, v: 2 }] },
        { _id: 'c', n: 3, t: '\u{10000}' },
        { _id: 'd', n: 4 },
        { _id: 'e', n: null },
        { _id: 'f' },
      ] as never[]);
      const found = await collection.find(filter as object).toArray();
      expect(found.map(({ _id }) => _id)).toEqual(ids);
    }),
  );

  it('in order: null and nothing first, texts by code points, numbers across their types', () =>
    withStandIn(async ({ collection }) => {
      const values = [
        null,
        -Infinity,
        1,
        1.5,
        2n ** 53n + 1n,
        '',
        '\ud7ff',
        '\uffff',
        '\u{10000}',
        { a: 1 },
        [],
        true,
        new Date(0),
      ];
      const stored = values.map((value, index) => ({ _id: index as never, value }));
      await collection.insertMany([...stored].reverse());
      const found = await collection
        .find({ value: { $not: { $size: 0 } } })
        .sort({ value: 1 })
        .toArray();
      expect(found.map(({ _id }) => Number(_id))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]);
      const down = await collection
        .find({ value: { $not: { $size: 0 } } })
        .sort({ value: -1 })
        .limit(2)
        .toArray();
      expect(down.map(({ _id }) => Number(_id))).toEqual([12, 11]);
    }));

  it('in batches, by cursors that can be left', () =>
    withStandIn(async ({ collection, database, standIn }) => {
      await collection.insertMany(Array.from({ length: 250 }, (_, index) => ({ index })));
      const commands: string[] = [];
      const stop = standIn.observe((name) => commands.push(name));
      expect(await collection.find().toArray()).toHaveLength(250);
      expect(await collection.find().batchSize(100).toArray()).toHaveLength(250);
      const cursor = collection.find().batchSize(10);
      await cursor.next();
      await cursor.close();
      stop();
      expect(commands.filter((name) => name !== 'hello' && name !== 'endSessions')).toEqual([
        'find',
        'getMore',
        'find',
        'getMore',
        'getMore',
        'find',
        'killCursors',
      ]);
      const left = collection.find().batchSize(10);
      await left.next();
      await database.command({ killCursors: 'things', cursors: [left.id] });
      for (let index = 0; index < 9; index++) await left.next();
      expect(await failureOf(left.next())).toMatchObject({ code: 43, codeName: 'CursorNotFound' });
    }));

  it('by the letters of a collation', () =>
    withStandIn(async ({ collection }) => {
      await collection.insertMany([{ t: 'b' }, { t: 'B' }, { t: 'a' }, { t: 'é' }]);
      const collation = { locale: 'en', strength: 1 };
      expect(await collection.find({ t: 'e' }, { collation }).toArray()).toHaveLength(1);
      expect(await collection.distinct('t', {}, { collation })).toHaveLength(3);
      const sorted = await collection.find({}, { collation }).sort({ t: 1 }).toArray();
      expect(sorted.map(({ t }) => String(t).toLowerCase())).toEqual(['a', 'b', 'b', 'é']);
      expect(await collection.deleteMany({ t: 'b' }, { collation })).toMatchObject({ deletedCount: 2 });
    }));

  it('with projections, counts and distinct values', () =>
    withStandIn(async ({ collection }) => {
      await collection.insertMany([
        { _id: 1 as never, b: 1, a: { c: 1, d: [1, 2] }, list: [{ k: 1 }, { k: 2 }] },
        { _id: 2 as never, b: 2, a: { c: 2, d: [2, 3] } },
      ]);
      const one = async (projection: object) => collection.findOne({ _id: 1 as never }, { projection });
      expect(JSON.stringify(await one({ 'a.c': 1, b: 1 }))).toBe('{"_id":1,"b":1,"a":{"c":1}}');
      expect(await one({ list: 0, 'a.d': 0, _id: 0 })).toEqual({ b: 1, a: { c: 1 } });
      expect(await one({ list: { $elemMatch: { k: 2 } } })).toEqual({ _id: 1, list: [{ k: 2 }] });
      expect(await one({ twice: { $multiply: ['$b', 2] } })).toEqual({ _id: 1, twice: 2 });
      expect(await collection.countDocuments({ b: { $gt: 1 } })).toBe(1);
      expect(await collection.estimatedDocumentCount()).toBe(2);
      expect(await collection.distinct('a.d')).toEqual([1, 2, 3]);
      // What is stored is not what was handed out.
      expect(await collection.findOne({ _id: 1 as never })).toMatchObject({ a: { d: [1, 2] } });
    }));
});

describe('the stand-in of MongoDB changes documents', () => {
  it.each([
    [{ $set: { 'a.b': 1, c: 2 } }, { a: { x: 1, b: 1 }, c: 2 }],
    [{ $unset: { 'a.x': '' } }, { a: {} }],
    [{ $inc: { n: 2, m: 1 } }, { n: 3, m: 1 }],
    [{ $mul: { n: 5, m: 5 } }, { n: 5, m: 0 }],
    [
      { $min: { n: 0 }, $max: { 'a.x': 9 } },
      { n: 0, a: { x: 9 } },
    ],
    [{ $rename: { n: 'm' } }, { m: 1 }],
    [{ $rename: { n: 'a.n' } }, { a: { x: 1, n: 1 } }],
    [{ $push: { list: { $each: [5, 4], $position: 0, $slice: 3 } } }, { list: [5, 4, 1] }],
    [{ $push: { list: { $each: [0], $sort: -1 } } }, { list: [3, 2, 1, 0] }],
    [{ $addToSet: { list: { $each: [3, 4] } } }, { list: [1, 2, 3, 4] }],
    [{ $pull: { list: { $gte: 2 } } }, { list: [1] }],
    [{ $pullAll: { list: [1, 3] } }, { list: [2] }],
    [{ $pop: { list: -1 } }, { list: [2, 3] }],
    [{ $set: { 'list.$[]': 0 } }, { list: [0, 0, 0] }],
    [{ $bit: { n: { or: 6 } } }, { n: 7 }],
    [{ $setOnInsert: { z: 1 } }, {}],
    [[{ $set: { n: { $add: ['$n', 1] } } }, { $unset: 'list' }], { n: 2, list: undefined }],
  ] as const)('by %j', (update, changed) =>
    withStandIn(async ({ collection }) => {
      const before = { _id: 1 as never, n: 1, a: { x: 1 }, list: [1, 2, 3] };
      await collection.insertOne(before);
      const result = await collection.updateOne({ _id: 1 as never }, update as object);
      const after = await collection.findOne();
      expect(after).toMatchObject(
        Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)),
      );
      expect(result.modifiedCount).toBe(JSON.stringify(before) === JSON.stringify(after) ? 0 : 1);
    }),
  );

  it('at the place that the query or an array filter found', () =>
    withStandIn(async ({ collection }) => {
      await collection.insertOne({
        _id: 1 as never,
        rows: [
          { k: 1, v: 0 },
          { k: 2, v: 0 },
          { k: 3, v: 0 },
        ],
      });
      await collection.updateOne({ 'rows.k': 2 }, { $set: { 'rows.$.v': 5 } });
      await collection.updateOne({}, { $inc: { 'rows.$[row].v': 1 } }, { arrayFilters: [{ 'row.k': { $gte: 2 } }] });
      expect((await collection.findOne())?.['rows']).toEqual([
        { k: 1, v: 0 },
        { k: 2, v: 6 },
        { k: 3, v: 1 },
      ]);
    }));

  it('or inserts them with what the filter says', () =>
    withStandIn(async ({ collection }) => {
      const result = await collection.updateOne(
        { _id: 'x' as never, a: 1, b: { $gt: 5 } },
        { $set: { c: 2 }, $setOnInsert: { d: 3 } },
        { upsert: true },
      );
      expect(result).toMatchObject({ matchedCount: 0, upsertedCount: 1, upsertedId: 'x' });
      expect(await collection.findOne()).toEqual({ _id: 'x', a: 1, c: 2, d: 3 });
      const made = await collection.replaceOne({ e: 1 }, { f: 1 }, { upsert: true });
      expect(await collection.findOne({ _id: made.upsertedId as never })).toEqual({ _id: made.upsertedId, f: 1 });
    }));

  it('and finds them at once, before or after', () =>
    withStandIn(async ({ collection }) => {
      await collection.insertMany([
        { _id: 1 as never, n: 1 },
        { _id: 2 as never, n: 2 },
      ]);
      expect(await collection.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 } })).toEqual({ _id: 2, n: 2 });
      expect(
        await collection.findOneAndUpdate({ _id: 2 as never }, [{ $set: { n: 0, at: '$$NOW' } }], {
          returnDocument: 'after',
          projection: { n: 1 },
        }),
      ).toEqual({ _id: 2, n: 0 });
      expect(
        await collection.findOneAndReplace({ _id: 9 as never }, { n: 9 }, { upsert: true, returnDocument: 'after' }),
      ).toEqual({ _id: 9, n: 9 });
      expect(await collection.findOneAndDelete({ n: 9 })).toEqual({ _id: 9, n: 9 });
      expect(await collection.findOneAndDelete({ n: 9 })).toBeNull();
    }));

  it('many at once, and tells which failed', () =>
    withStandIn(async ({ collection }) => {
      const result = await collection.bulkWrite([
        { insertOne: { document: { _id: 1 as never, n: 1 } } },
        { updateOne: { filter: { _id: 2 as never }, update: { $set: { n: 2 } }, upsert: true } },
        { updateMany: { filter: {}, update: { $inc: { n: 1 } } } },
        { replaceOne: { filter: { _id: 1 as never }, replacement: { m: 1 } } },
        { deleteOne: { filter: { n: 3 } } },
      ]);
      expect(result).toMatchObject({
        insertedCount: 1,
        upsertedCount: 1,
        matchedCount: 3,
        modifiedCount: 3,
        deletedCount: 1,
      });
      const unordered = await failureOf(
        collection.insertMany([{ _id: 1 }, { _id: 5 }, { _id: 1 }, { _id: 6 }] as never[], { ordered: false }),
      );
      expect(unordered).toMatchObject({ code: 11000, insertedCount: 2 });
      expect(unordered.writeErrors.map(({ index }: { index: number }) => index)).toEqual([0, 2]);
      const ordered = await failureOf(collection.insertMany([{ _id: 7 }, { _id: 1 }, { _id: 8 }] as never[]));
      expect(ordered.insertedCount).toBe(1);
      expect((await collection.find().toArray()).map(({ _id }) => Number(_id)).sort()).toEqual([1, 5, 6, 7]);
    }));

  it('with whole numbers of 64 bits exactly, and refuses what leaves them', () =>
    withStandIn(async ({ collection }) => {
      const most = 2n ** 63n - 1n;
      await collection.insertOne({ _id: 1 as never, n: most - 1n, small: 2 ** 31 - 1 });
      await collection.updateOne({}, { $inc: { n: Long.fromNumber(1), small: 1 } });
      expect(await collection.findOne({}, { useBigInt64: true })).toEqual({ _id: 1, n: most, small: 2n ** 31n });
      expect(await failureOf(collection.updateOne({}, { $inc: { n: 1 } }))).toMatchObject({ code: 2 });
      await collection.updateOne({}, { $inc: { n: -0.5 } });
      expect(await collection.findOne()).toMatchObject({ n: 2 ** 63 });
    }));

  it.each([
    [{ $inc: { text: 1 } }, 14],
    [{ $inc: { n: 'x' } }, 14],
    [{ $set: { 'text.a': 1 } }, 28],
    [{ $set: { _id: 2 } }, 66],
    [{ $set: { n: 1 }, $inc: { n: 1 } }, 40],
    [{ $set: { a: 1, 'a.b': 1 } }, 40],
    [{ $push: { n: 1 } }, 2],
    [{ $nothing: { n: 1 } }, 9],
    [{ $set: { 'list.$': 1 } }, 2],
    [[{ $match: {} }], 72],
  ] as const)('and refuses %j', (update, code) =>
    withStandIn(async ({ collection }) => {
      const before = { _id: 1 as never, n: 1, text: 'x', list: [1] };
      await collection.insertOne(before);
      expect(await failureOf(collection.updateOne({ n: 1 }, update as object))).toMatchObject({ code });
      expect(await collection.findOne()).toEqual(before);
    }),
  );
});

describe('the stand-in of MongoDB refuses', () => {
  it('commands, options and operators that it does not have', () =>
    withStandIn(async ({ database, collection }) => {
      await collection.insertOne({ a: 1 });
      expect(await failureOf(database.command({ mapReduce: 'things' }))).toMatchObject({
        code: 59,
        codeName: 'CommandNotFound',
      });
      expect(await failureOf(database.createCollection('c', { capped: true, size: 5 }))).toMatchObject({ code: 40415 });
      expect(await failureOf(collection.find({ a: { $near: 1 } }).toArray())).toMatchObject({
        code: 2,
        codeName: 'BadValue',
      });
      expect(await failureOf(collection.find({ $where: 'true' }).toArray())).toMatchObject({ code: 2 });
      expect(await failureOf(collection.find({ $or: [] }).toArray())).toMatchObject({ code: 2 });
      expect(
        await failureOf(collection.find({}, { collation: { locale: 'de', caseLevel: true } }).toArray()),
      ).toMatchObject({
        code: 2,
      });
      expect(await failureOf(collection.find({}, { hint: 'nothing' }).toArray())).toMatchObject({ code: 2 });
      expect(await failureOf(collection.aggregate([{ $nothing: {} }]).toArray())).toMatchObject({ code: 40324 });
      expect(await failureOf(collection.aggregate([{ $project: { b: { $nothing: 1 } } }]).toArray())).toMatchObject({
        code: 168,
      });
      expect(await failureOf(collection.insertOne({ big: 'x'.repeat(17_000_000) }))).toBeDefined();
    }));
});
