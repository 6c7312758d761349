import { describe, expect, it } from '@jest/globals';
import { withStandIn } from './testing.js';

describe('the stand-in of MongoDB aggregates', () => {
  it('sums of 64 bits exactly, and as doubles beyond', () =>
    withStandIn(async ({ collection }) => {
      const big = 2n ** 53n + 1n;
      await collection.insertMany([
        { g: 'a', n: big },
        { g: 'a', n: 2 },
        { g: 'a', n: null },
        { g: null, n: -big },
      ]);
      const group = {
        $group: { _id: '$g', sum: { $sum: '$n' }, least: { $min: '$n' }, most: { $max: '$n' }, count: { $sum: 1 } },
      };
      const groups = await collection.aggregate([group, { $sort: { _id: 1 } }], { useBigInt64: true }).toArray();
      expect(groups).toEqual([
        { _id: null, sum: -big, least: -big, most: -big, count: 1 },
        { _id: 'a', sum: big + 2n, least: 2, most: big, count: 3 },
      ]);
      await collection.insertMany([{ n: 2n ** 62n }, { n: 2n ** 62n }]);
      const [all] = await collection.aggregate([{ $group: { _id: null, sum: { $sum: '$n' } } }]).toArray();
      expect(all?.['sum']).toBe(2 ** 63);
    }));

  it('arithmetic of whole numbers: remainders with the sign of the dividend, quotients as doubles', () =>
    withStandIn(async ({ collection }) => {
      await collection.insertOne({ n: -(2n ** 53n + 7n) });
      const [row] = await collection
        .aggregate(
          [
            {
              $project: {
                _id: 0,
                rest: { $mod: ['$n', 1_000] },
                less: { $subtract: ['$n', { $mod: ['$n', 1_000] }] },
                parts: { $toLong: { $round: { $divide: [{ $subtract: ['$n', { $mod: ['$n', 1_000] }] }, 1_000] } } },
                none: { $add: ['$missing', 1] },
                later: { $subtract: [{ $add: [new Date(5), 10] }, new Date(0)] },
                equal: { $eq: [{ $toLong: 5 }, 5.0] },
                type: { $type: '$n' },
              },
            },
          ],
          { useBigInt64: true },
        )
        .toArray();
      expect(row).toEqual({
        rest: -999n,
        less: -9_007_199_254_740_000n,
        parts: -9_007_199_254_740n,
        none: null,
        later: 15n,
        equal: true,
        type: 'long',
      });
    }));

  it('over other collections, into other collections, and without one', () =>
    withStandIn(async ({ collection, database }) => {
      await collection.insertMany([
        { _id: 1 as never, other: 'x' },
        { _id: 2 as never, other: 'y' },
      ]);
      await database.collection('others').insertMany([
        { _id: 'x' as never, n: 1 },
        { _id: 'y' as never, n: 2 },
      ]);
      const lookup = { $lookup: { from: 'others', localField: 'other', foreignField: '_id', as: 'found' } };
      const joined = await collection.aggregate([lookup, { $unwind: '$found' }, { $replaceWith: '$found' }]).toArray();
      expect(joined).toEqual([
        { _id: 'x', n: 1 },
        { _id: 'y', n: 2 },
      ]);
      await collection.aggregate([lookup, { $project: { n: { $first: '$found.n' } } }, { $out: 'copied' }]).toArray();
      expect(await database.collection('copied').find().toArray()).toEqual([
        { _id: 1, n: 1 },
        { _id: 2, n: 2 },
      ]);
      await collection
        .aggregate([{ $match: { _id: 1 } }, { $merge: { into: 'copied', whenMatched: 'merge' } }])
        .toArray();
      expect(await database.collection('copied').findOne({ _id: 1 as never })).toEqual({ _id: 1, n: 1, other: 'x' });
      expect(await database.aggregate([{ $documents: [{ a: 1 }, { a: 2 }] }, { $match: { a: 2 } }]).toArray()).toEqual([
        { a: 2 },
      ]);
    }));
});
