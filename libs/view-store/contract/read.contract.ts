import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type FindRequest,
  InvalidKeyset,
  type Keyset,
  type ReadRequest,
  type Row,
  type ViewReads,
  type ViewStore,
} from '../port.js';
import { cardRows, finds, sums, wheres } from './arbitraries.js';
import { at, cards, EXAMPLE, fullCard, step } from './examples.js';
import { matches, naiveFind, naiveSum } from './naive-view.js';
import { type ViewStoreHarness, withStore } from './harness.js';

const RUNS = 150;
const REQUESTS_PER_RUN = 8;

/** Makes the store hold exactly these rows. */
async function hold(store: ViewStore, rows: readonly Row[]): Promise<void> {
  await store.drop(EXAMPLE);
  await store.prepare(EXAMPLE);
  const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
  await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards(...rows) }));
  await store.createIndexes(EXAMPLE);
}

function readersOf({ store, reads }: ViewStoreHarness): readonly ViewReads[] {
  return reads === undefined ? [store] : [store, reads];
}

async function scanned(reader: ViewReads, request: Parameters<ViewReads['scan']>[1]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const chunk of reader.scan(EXAMPLE, request)) rows.push(...chunk);
  return rows;
}

/** All pages, one after the other, each read with the cursor of the one before. */
async function pages(reader: ViewReads, request: FindRequest): Promise<readonly (readonly Row[])[]> {
  const found: (readonly Row[])[] = [];
  let after: Keyset | null = null;
  do {
    const next: FindRequest = { ...request, after };
    const { results } = await reader.read(EXAMPLE, [next]);
    found.push(results[0].rows);
    after = results[0].next;
  } while (after !== null);
  return found;
}

const byKey = (groups: readonly { readonly key: object }[]): ReadonlyMap<string, unknown> =>
  new Map(groups.map((group) => [JSON.stringify(group.key), group]));
const byId = (rows: readonly Row[]): readonly Row[] => [...rows].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));

export function readContract(open: () => Promise<ViewStoreHarness>): void {
  describe('reading', () => {
    it('finds, in order, what the plain meaning of the request finds', () =>
      withStore(open, async (harness) => {
        const requests = fc.array(finds, { minLength: 1, maxLength: REQUESTS_PER_RUN });
        const property = fc.asyncProperty(cardRows, requests, async (rows, list) => {
          await hold(harness.store, rows);
          for (const reader of readersOf(harness)) {
            const { checkpoint, results } = await reader.read(EXAMPLE, list);
            expect(checkpoint).toEqual(at(1n));
            expect(results).toEqual(list.map((request) => naiveFind(rows, request)));
          }
        });
        await fc.assert(property, { numRuns: RUNS });
      }));

    it('pages through all rows, none twice and none left out, with nulls, ties and mixed directions', () =>
      withStore(open, async (harness) => {
        const requests = fc.array(finds, { minLength: 1, maxLength: 3 });
        const property = fc.asyncProperty(cardRows, requests, async (rows, list) => {
          await hold(harness.store, rows);
          for (const request of list) {
            const all = naiveFind(rows, { ...request, limit: 1_000 }).rows;
            const found = await pages(harness.store, request);
            expect(found.flat()).toEqual(all);
            expect(found.slice(0, -1).every((page) => page.length === request.limit)).toBe(true);
          }
        });
        await fc.assert(property, { numRuns: RUNS });
      }));

    it('takes a cursor whose row is gone, or never was', () =>
      withStore(open, async (harness) => {
        const cursor = fc.tuple(
          fc.option(fc.constantFrom('', 'a', 'm', '\uffff')),
          fc.option(fc.integer({ min: -1, max: 4 })),
          fc.constantFrom('', 'a', 'b', 'zz'),
        );
        const directions = fc.tuple(fc.boolean(), fc.boolean());
        const property = fc.asyncProperty(cardRows, cursor, directions, async (rows, after, [first, second]) => {
          await hold(harness.store, rows);
          const request: FindRequest = {
            kind: 'find',
            table: 'card',
            sort: [
              { column: 'kind', descending: first },
              { column: 'at', descending: second },
            ],
            limit: 10,
            after,
          };
          const { results } = await harness.store.read(EXAMPLE, [request]);
          expect(results[0]).toEqual(naiveFind(rows, request));
        });
        await fc.assert(property, { numRuns: RUNS });
      }));

    it('sums what the plain meaning of the request sums', () =>
      withStore(open, async (harness) => {
        const requests = fc.array(sums, { minLength: 1, maxLength: REQUESTS_PER_RUN });
        const property = fc.asyncProperty(cardRows, requests, async (rows, list) => {
          await hold(harness.store, rows);
          for (const reader of readersOf(harness)) {
            const { results } = await reader.read(EXAMPLE, list);
            expect(results.map(byKey)).toEqual(list.map((request) => byKey(naiveSum(rows, request))));
          }
        });
        await fc.assert(property, { numRuns: RUNS });
      }));

    it('scans every matching row once', () =>
      withStore(open, async (harness) => {
        const property = fc.asyncProperty(cardRows, wheres, async (rows, where) => {
          await hold(harness.store, rows);
          const expected = rows
            .filter((row) => matches(row, where))
            .map(({ id, amount, tags }) => ({ id, amount: amount ?? null, tags: tags ?? null }));
          for (const reader of readersOf(harness)) {
            const found = await scanned(reader, { table: 'card', where, columns: ['amount', 'tags'] });
            expect(byId(found)).toEqual(byId(expected));
          }
        });
        await fc.assert(property, { numRuns: 60 });
      }));

    it('finds a member of a set whatever the others are made to look like', () =>
      withStore(open, async (harness) => {
        const members = [
          'hot',
          'x"hot',
          'x,"hot',
          '["hot"',
          ',"hot"',
          'hot\\',
          '\\"hot',
          '","hot',
          'hot","x',
          'hot\u0000',
          '%',
          '',
        ];
        const rows = members.map((member, index) => ({ id: `card-${index}`, tags: ['cold', member, 'x'] }));
        await hold(harness.store, rows);
        for (const reader of readersOf(harness)) {
          for (const [index, member] of members.entries()) {
            const { results } = await reader.read(EXAMPLE, [
              { kind: 'find', table: 'card', where: { columns: { tags: { has: [member] } } }, limit: 50 },
            ]);
            expect(results[0].rows.map(({ id }) => id)).toEqual([`card-${index}`]);
          }
        }
      }));

    it('sums rows exactly beyond 64 bits', () =>
      withStore(open, async ({ store }) => {
        const rows = Array.from({ length: 1_100 }, (_, index) => ({ id: `${index}`, amount: Number.MAX_SAFE_INTEGER }));
        await hold(store, rows);
        const request = { kind: 'sum', table: 'card', groupBy: [], sums: ['amount', 'at'] } as const;
        const { results } = await store.read(EXAMPLE, [request]);
        expect(results[0]).toEqual([
          { key: {}, count: 1_100, sums: { amount: 1_100n * BigInt(Number.MAX_SAFE_INTEGER), at: 0n } },
        ]);
        expect(results[0][0]?.sums.amount).toBeGreaterThan(2n ** 63n);
      }));

    it('takes hundreds of alternatives and thousands of values', () =>
      withStore(open, async ({ store }) => {
        const rows = Array.from({ length: 300 }, (_, index) =>
          fullCard({ id: `${index}`.padStart(4, '0'), amount: index }),
        );
        await hold(store, rows);
        const anyOf = Array.from({ length: 1_500 }, (_, index) => ({
          columns: { amount: { gte: index * 2, lte: index * 2 } },
        }));
        const values = Array.from({ length: 50_000 }, (_, index) => index * 3);
        const { results } = await store.read(EXAMPLE, [
          { kind: 'find', table: 'card', where: { anyOf }, limit: 1_000 },
          { kind: 'find', table: 'card', where: { columns: { amount: { in: values } } }, limit: 1_000 },
        ]);
        expect(results[0].rows).toEqual(rows.filter((_, index) => index % 2 === 0));
        expect(results[1].rows).toEqual(rows.filter((_, index) => index % 3 === 0));
      }));

    it('answers several requests from one snapshot, with its checkpoint, while commits go on', () =>
      withStore(open, async (harness) => {
        const { store } = harness;
        await hold(store, [{ id: 'a', amount: 1 }]);
        const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
        const list = [
          { kind: 'find', table: 'card', limit: 1 },
          { kind: 'sum', table: 'card', groupBy: [], sums: ['amount'] },
        ] as const satisfies readonly ReadRequest[];
        let committing = true;
        const commits = (async () => {
          for (let position = 1n; position < 150n; position++) {
            const upserts = cards({ id: 'a', amount: Number(position) + 1 });
            await store.commit(EXAMPLE, step(position, position + 1n, epoch, { upserts }));
            if (position % 10n === 0n) await new Promise((resolve) => setImmediate(resolve));
          }
          committing = false;
        })();
        while (committing) {
          for (const reader of readersOf(harness)) {
            const { checkpoint, results } = await reader.read(EXAMPLE, list);
            expect(results[0].rows[0]?.amount).toBe(Number(checkpoint?.position));
            expect(results[1][0]?.sums.amount).toBe(checkpoint?.position);
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
        await commits;
      }));

    it('scans many rows in chunks, and may leave a scan in the middle', () =>
      withStore(open, async (harness) => {
        const rows = Array.from({ length: 5_500 }, (_, index) => ({ id: `${index}`, amount: index }));
        await hold(harness.store, rows);
        for (const reader of readersOf(harness)) {
          const request = { table: 'card', columns: ['amount'] };
          for (let left = 0; left < 3; left++) {
            for await (const chunk of reader.scan(EXAMPLE, request)) {
              expect(chunk.length).toBeLessThan(rows.length);
              break;
            }
          }
          const found = await scanned(reader, request);
          expect(new Set(found.map(({ id }) => id)).size).toBe(rows.length);
          expect(found).toHaveLength(rows.length);
        }
      }));

    it.each([
      ['too short', ['x']],
      ['too long', ['x', 1, 'id', 'more']],
      ['with a text for a number', ['x', '1', 'id']],
      ['with a number for a text', [1, 1, 'id']],
      ['without an id', ['x', 1, null]],
      ['with something else', ['x', { $gt: 1 }, 'id']],
      ['that is no list', 'x1i'],
    ])('refuses a cursor that is %s, naming it so', (_, after) =>
      withStore(open, async (harness) => {
        await hold(harness.store, []);
        const sort = [{ column: 'kind' }, { column: 'amount', descending: true }];
        for (const reader of readersOf(harness)) {
          const request: FindRequest = { kind: 'find', table: 'card', sort, limit: 5, after: after as Keyset };
          await expect(reader.read(EXAMPLE, [request])).rejects.toThrow(InvalidKeyset);
        }
      }),
    );

    const wrong: readonly (readonly [string, ReadRequest])[] = [
      ['table', { kind: 'find', table: 'nothing', limit: 5 }],
      ['column in a condition', { kind: 'find', table: 'card', where: { columns: { colour: 'red' } }, limit: 5 }],
      [
        'column deep in a condition',
        {
          kind: 'find',
          table: 'card',
          where: { anyOf: [{}, { anyOf: [{ columns: { constructor: 'x' } }] }] },
          limit: 5,
        },
      ],
      ['column to sort by', { kind: 'find', table: 'card', sort: [{ column: 'amount" --' }], limit: 5 }],
      ['column to group by', { kind: 'sum', table: 'card', groupBy: ['colour'], sums: [] }],
      ['column to sum', { kind: 'sum', table: 'card', groupBy: [], sums: ['colour'] }],
      ['counter', { kind: 'sum', counter: 'nothing', groupBy: [], sums: [] }],
      ['measure', { kind: 'sum', counter: 'total', groupBy: [], sums: ['weight'] }],
      ['dimension', { kind: 'sum', counter: 'total', groupBy: ['amount'], sums: [] }],
      ['table and counter', { kind: 'sum', counter: 'total', table: 'card', groupBy: [], sums: [] }],
      ['sum of texts', { kind: 'sum', table: 'card', groupBy: [], sums: ['kind'] }],
      ['sort by a set', { kind: 'find', table: 'card', sort: [{ column: 'tags' }], limit: 5 }],
      ['text for a number', { kind: 'find', table: 'card', where: { columns: { amount: '5' } }, limit: 5 }],
      ['test of a set', { kind: 'find', table: 'card', where: { columns: { kind: { has: ['x'] } } }, limit: 5 }],
      [
        'range of a number',
        { kind: 'find', table: 'card', where: { columns: { amount: { hasIn: { gt: 1, lte: 2 } } } }, limit: 5 },
      ],
      ['text in integers', { kind: 'find', table: 'card', where: { columns: { marks: { has: ['x'] } } }, limit: 5 }],
      ['page of nothing', { kind: 'find', table: 'card', limit: 0 }],
    ];
    it.each(wrong)('throws for an error of the program: %s', (_, request) =>
      withStore(open, async (harness) => {
        await hold(harness.store, []);
        for (const reader of readersOf(harness)) {
          const failure = await reader.read(EXAMPLE, [request]).catch((error: unknown) => error);
          expect(failure instanceof TypeError || failure instanceof RangeError).toBe(true);
        }
      }),
    );
  });
}
