import { describe, expect, it } from '@jest/globals';
import { failureOf, withStandIn } from './testing.js';

describe('the stand-in of MongoDB keeps indexes', () => {
  it('unique, also over arrays, nothing and several fields', () =>
    withStandIn(async ({ collection }) => {
      await collection.createIndex({ a: 1, b: 1 }, { unique: true });
      await collection.insertMany([{ a: 1, b: 1 }, { a: 1, b: [2, 3] }, { a: 1 }]);
      const failure = await failureOf(collection.insertOne({ a: 1, b: 3 }));
      expect(failure).toMatchObject({ code: 11000, keyPattern: { a: 1, b: 1 }, keyValue: { a: 1, b: 3 } });
      expect(failure.message).toBe(
        'E11000 duplicate key error collection: test.things index: a_1_b_1 dup key: { a: 1, b: 3 }',
      );
      expect(await failureOf(collection.insertOne({ a: 1, b: null }))).toMatchObject({ code: 11000 });
      expect(await failureOf(collection.updateOne({ b: 1 }, { $set: { b: 2 } }))).toMatchObject({ code: 11000 });
      await collection.updateOne({ b: 1 }, { $set: { c: 1 } });
      await collection.insertOne({ a: 2, b: 3 });
      expect(await failureOf(collection.insertOne({ _id: (await collection.findOne())?._id }))).toMatchObject({
        code: 11000,
        keyPattern: { _id: 1 },
      });
    }));

  it('sparse and partial ones only where they hold', () =>
    withStandIn(async ({ collection }) => {
      await collection.createIndex({ a: 1 }, { unique: true, sparse: true });
      await collection.createIndex({ b: 1 }, { unique: true, partialFilterExpression: { live: true } });
      await collection.insertMany([{}, {}, { b: 1, live: true }, { b: 1, live: false }]);
      expect(await failureOf(collection.insertOne({ b: 1, live: true }))).toMatchObject({ code: 11000 });
    }));

  it('that are listed, made again for nothing, and dropped', () =>
    withStandIn(async ({ collection, database }) => {
      await collection.createIndexes([{ key: { a: 1 } }, { key: { a: 1, b: -1 }, name: 'both' }]);
      await collection.createIndex({ a: 1 });
      expect((await collection.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1', 'both']);
      expect(await failureOf(collection.createIndex({ b: 1 }, { name: 'a_1' }))).toMatchObject({ code: 86 });
      expect(await failureOf(collection.createIndex({ a: 1 }, { name: 'other' }))).toMatchObject({ code: 85 });
      await collection.dropIndex('both');
      expect(await failureOf(collection.dropIndex('both'))).toMatchObject({ code: 27, codeName: 'IndexNotFound' });
      expect(await failureOf(collection.dropIndex('_id_'))).toMatchObject({ code: 72 });
      expect(await failureOf(database.collection('none').indexes())).toMatchObject({
        code: 26,
        codeName: 'NamespaceNotFound',
      });
      await collection.insertMany([{ c: 1 }, { c: 1 }]);
      expect(await failureOf(collection.createIndex({ c: 1 }, { unique: true }))).toMatchObject({ code: 11000 });
    }));

  it('and collections and databases', () =>
    withStandIn(async ({ client, database, collection }) => {
      await database.createCollection('made');
      expect(await failureOf(database.createCollection('made'))).toMatchObject({
        code: 48,
        codeName: 'NamespaceExists',
      });
      await collection.insertOne({});
      expect((await database.listCollections({ name: /^m/ }).toArray()).map(({ name }) => name)).toEqual(['made']);
      expect((await client.db().admin().listDatabases({ nameOnly: true })).databases).toEqual([{ name: 'test' }]);
      await collection.drop();
      expect(await collection.countDocuments()).toBe(0);
      await database.dropDatabase();
      expect(await database.listCollections().toArray()).toEqual([]);
    }));
});
