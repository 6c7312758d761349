import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Changes, CheckpointConflict, type Commit, type Row, type ViewStore } from '../port.js';
import { at, cards, EXAMPLE, fullCard, step, total } from './examples.js';
import { type ViewStoreHarness, withStore } from './harness.js';

const TTL_MS = 60_000;

async function lead(store: ViewStore): Promise<number> {
  await store.prepare(EXAMPLE);
  return (await store.acquireLease(EXAMPLE, 'host:1:a', TTL_MS))?.epoch ?? 0;
}

async function everything(store: ViewStore): Promise<unknown> {
  const { checkpoint, results } = await store.read(EXAMPLE, [
    { kind: 'find', table: 'card', limit: 1_000 },
    { kind: 'find', table: 'entry', limit: 1_000 },
    { kind: 'sum', counter: 'total', groupBy: ['kind', 'level'], sums: ['count', 'amount'] },
  ]);
  return { checkpoint, results, states: await store.load(EXAMPLE, ['k', 'l', 'm']) };
}

export function commitContract(open: () => Promise<ViewStoreHarness>): void {
  describe('a commit', () => {
    it('stores, replaces and deletes rows and states', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const first = cards({ id: 'a', kind: 'x', amount: 1 }, { id: 'b', kind: 'y' }, { id: 'c' });
        const states = [
          { key: 'k', state: { n: 1 } },
          { key: 'l', state: { n: 1 } },
        ];
        await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: first, states }));
        await store.commit(
          EXAMPLE,
          step(1n, 2n, epoch, {
            // A replaced row keeps nothing of the old one.
            upserts: [...cards({ id: 'a', name: 'new' }), { table: 'entry', row: { id: 7, stream: 's' } }],
            deletes: [
              { table: 'card', id: 'b' },
              { table: 'card', id: 'never was' },
            ],
            states: [
              { key: 'k', state: { n: 2 } },
              { key: 'l', state: null },
            ],
          }),
        );
        expect(await everything(store)).toEqual({
          checkpoint: at(2n),
          results: [
            { rows: [fullCard({ id: 'a', name: 'new' }), fullCard({ id: 'c' })], next: null },
            { rows: [{ id: 7, stream: 's', at: null }], next: null },
            [],
          ],
          states: new Map([['k', { n: 2 }]]),
        });
      }));

    it('stores what is told in parts along with the rest, or nothing of it', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const part = (n: number): Changes => ({
          states: [{ key: ['k', 'l', 'm'][n] ?? '', state: { n } }],
          upserts: cards({ id: `${n}`, amount: n }),
          deletes: [],
          increments: [total('x', 1, 1, n)],
        });
        const parts = () => [1, 2].map(part);
        await store.commit(EXAMPLE, { ...step(null, 1n, epoch, part(0)), parts });
        const before = await everything(store);
        expect(before).toMatchObject({
          checkpoint: at(1n),
          results: [{ rows: [{ id: '0' }, { id: '1' }, { id: '2' }] }, {}, [{ sums: { count: 3n, amount: 3n } }]],
          states: new Map([0, 1, 2].map((n) => [['k', 'l', 'm'][n], { n }])),
        });
        const unfit = function* (): Generator<Changes> {
          yield part(7);
          yield { ...part(8), upserts: cards({ id: '8', amount: 0.5 }) };
        };
        await expect(store.commit(EXAMPLE, { ...step(1n, 2n, epoch), parts: unfit })).rejects.toThrow(TypeError);
        const broken = function* (): Generator<Changes> {
          yield part(7);
          throw new RangeError('cannot be told');
        };
        await expect(store.commit(EXAMPLE, { ...step(1n, 2n, epoch), parts: broken })).rejects.toThrow(RangeError);
        expect(await everything(store)).toEqual(before);
      }));

    it('takes a row whose stored form is told for what it is to be, wholly', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const old: Row = { id: 'a', kind: 'x', amount: 1, tags: ['t'], body: { n: 1 } };
        await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards(old, { id: 'b', kind: 'y' }) }));
        const changed: readonly Row[] = [
          { id: 'a', name: 'n', amount: 2, tags: ['t'], body: { n: 2 } },
          // The store has no such row, whatever the caller thinks.
          { id: 'c', kind: 'z', amount: 5 },
        ];
        const upserts = changed.map((row) => ({
          table: 'card',
          row,
          previous: row.id === 'a' ? old : { id: 'c', kind: 'z' },
        }));
        await store.commit(EXAMPLE, step(1n, 2n, epoch, { upserts }));
        const { results } = await store.read(EXAMPLE, [{ kind: 'find', table: 'card', limit: 5 }]);
        expect(results[0].rows).toEqual([
          fullCard({ id: 'a', name: 'n', amount: 2, tags: ['t'], body: { n: 2 } }),
          fullCard({ id: 'b', kind: 'y' }),
          fullCard({ id: 'c', kind: 'z', amount: 5 }),
        ]);
      }));

    it('may delete a row and store it again', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards({ id: 'a', kind: 'old', amount: 3 }) }));
        const changes = { deletes: [{ table: 'card', id: 'a' }], upserts: cards({ id: 'a', kind: 'new' }) };
        await store.commit(EXAMPLE, step(1n, 2n, epoch, changes));
        const { results } = await store.read(EXAMPLE, [{ kind: 'find', table: 'card', limit: 5 }]);
        expect(results[0].rows).toEqual([fullCard({ id: 'a', kind: 'new' })]);
      }));

    it('may move the checkpoint alone, and may stay where it is', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const far = 2n ** 62n + 12_345n;
        await store.commit(EXAMPLE, step(null, far, epoch));
        await store.commit(EXAMPLE, step(far, far, epoch, { states: [{ key: 'k', state: {} }] }));
        expect(await store.checkpoint(EXAMPLE)).toEqual(at(far));
      }));

    const changes: Partial<Commit> = {
      upserts: cards({ id: 'a', kind: 'changed' }, { id: 'z' }),
      deletes: [{ table: 'card', id: 'b' }],
      states: [
        { key: 'k', state: { n: 'changed' } },
        { key: 'l', state: null },
      ],
      increments: [total('x', 1, 1, 1)],
    };
    it.each([
      ['starts from another position', (epoch: number) => step(3n, 5n, epoch, changes)],
      ['starts from the beginning again', (epoch: number) => step(null, 5n, epoch, changes)],
      ['is of an older epoch', (epoch: number) => step(4n, 5n, epoch - 1, changes)],
      ['is of an epoch that nobody was given', (epoch: number) => step(4n, 5n, epoch + 1, changes)],
      [
        'starts from the position under another hash',
        (epoch: number): Commit => ({
          ...step(4n, 5n, epoch, changes),
          checkpoint: { from: { position: 4n, hash: 'f'.repeat(64) }, to: at(5n), epoch },
        }),
      ],
    ])('stores nothing when it %s', (_, conflicting) =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const states = [
          { key: 'k', state: { n: 1 } },
          { key: 'l', state: { n: 1 } },
        ];
        const upserts = cards({ id: 'a', kind: 'x' }, { id: 'b' });
        await store.commit(EXAMPLE, step(null, 4n, epoch, { upserts, states, increments: [total('x', 1, 5, 5)] }));
        const before = await everything(store);
        const failure = await store.commit(EXAMPLE, conflicting(epoch)).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(CheckpointConflict);
        expect(failure).toMatchObject({ view: EXAMPLE.view, stored: at(4n), epoch });
        expect(await everything(store)).toEqual(before);
        await store.commit(EXAMPLE, step(4n, 5n, epoch));
      }),
    );

    it.each([
      ['an unknown table', { upserts: [{ table: 'nothing', row: { id: 'a' } }] }],
      ['an unknown column', { upserts: cards({ id: 'a', colour: 'red' }) }],
      ['a text for a number', { upserts: cards({ id: 'a', amount: '5' }) }],
      ['a number that is not whole', { upserts: cards({ id: 'a', amount: 0.5 }) }],
      ['a number that is not safe', { upserts: cards({ id: 'a', amount: 2 ** 53 }) }],
      ['an id of another type', { upserts: [{ table: 'entry', row: { id: 'a' } }] }],
      ['an unknown measure', { increments: [{ counter: 'card', dimensions: { kind: 'x' }, measures: { amount: 1 } }] }],
      [
        'a dimension left out',
        { increments: [{ counter: 'total', dimensions: { kind: 'x' }, measures: { count: 1 } }] },
      ],
      ['an unsafe increment', { increments: [total('x', 1, Number.NaN, 1)] }],
    ] as const)('is refused as a whole with %s', (_, wrong) =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const good = { states: [{ key: 'k', state: { n: 1 } }], upserts: cards({ id: 'good' }) };
        const both = { ...good, ...wrong, upserts: [...good.upserts, ...('upserts' in wrong ? wrong.upserts : [])] };
        await expect(store.commit(EXAMPLE, step(null, 1n, epoch, both))).rejects.toThrow(TypeError);
        expect(await everything(store)).toEqual({
          checkpoint: null,
          results: [{ rows: [], next: null }, { rows: [], next: null }, []],
          states: new Map(),
        });
        await store.commit(EXAMPLE, step(null, 1n, epoch, good));
      }),
    );

    it('is one of two that race from the same checkpoint', () =>
      withStore(open, async ({ store, another }) => {
        const epoch = await lead(store);
        const other = (await another?.()) ?? store;
        await store.commit(EXAMPLE, step(null, 0n, epoch));
        for (let position = 0n; position < 20n; position++) {
          const outcomes = await Promise.allSettled(
            [store, other].map((racer, index) =>
              racer.commit(
                EXAMPLE,
                step(position, position + 1n, epoch, {
                  upserts: cards({ id: `of ${index} at ${position}` }),
                  increments: [total('race', null, 1, 1)],
                }),
              ),
            ),
          );
          expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
          const lost = outcomes.find((outcome) => outcome.status === 'rejected');
          expect(lost?.reason).toBeInstanceOf(CheckpointConflict);
        }
        const { results } = await other.read(EXAMPLE, [
          { kind: 'find', table: 'card', limit: 100 },
          { kind: 'sum', counter: 'total', groupBy: [], sums: ['count'] },
        ]);
        expect(results[0].rows).toHaveLength(20);
        expect(results[1][0]?.sums).toEqual({ count: 20n });
      }));
  });

  describe('a counter', () => {
    it('adds up increments by all dimensions, null being one of the values', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const increments = [
          total('a', 1, 1, 10),
          total('a', null, 1, 20),
          total(null, null, 1, 30),
          total('a', 1, 1, 40),
        ];
        await store.commit(EXAMPLE, step(null, 1n, epoch, { increments }));
        await store.commit(
          EXAMPLE,
          step(1n, 2n, epoch, { increments: [total('a', null, -1, -20), total('a', 1, 0, 1)] }),
        );
        const { results } = await store.read(EXAMPLE, [
          { kind: 'sum', counter: 'total', groupBy: ['kind'], sums: ['count', 'amount'] },
          {
            kind: 'sum',
            counter: 'total',
            where: { columns: { level: null, kind: 'a' } },
            groupBy: [],
            sums: ['count'],
          },
          { kind: 'sum', counter: 'total', where: { columns: { level: 1 } }, groupBy: [], sums: ['amount'] },
        ]);
        expect(new Map(results[0].map(({ key, sums }) => [key.kind, sums]))).toEqual(
          new Map([
            ['a', { count: 2n, amount: 51n }],
            [null, { count: 1n, amount: 30n }],
          ]),
        );
        // A counter row that has come to zero may be kept or removed.
        expect(results[1][0]?.sums.count ?? 0n).toBe(0n);
        expect(results[2][0]?.sums).toEqual({ amount: 51n });
      }));

    it('is exact beyond 64 bits', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const most = Number.MAX_SAFE_INTEGER;
        const increments = Array.from({ length: 2_000 }, () => total('big', 1, 1, most));
        await store.commit(EXAMPLE, step(null, 1n, epoch, { increments }));
        await store.commit(
          EXAMPLE,
          step(1n, 2n, epoch, { increments: [total('big', 2, 1, most), total('big', 2, 1, -1)] }),
        );
        const { results } = await store.read(EXAMPLE, [
          { kind: 'sum', counter: 'total', groupBy: [], sums: ['amount'] },
        ]);
        expect(results[0][0]?.sums.amount).toBe(2_001n * BigInt(most) - 1n);
        expect(results[0][0]?.sums.amount).toBeGreaterThan(2n ** 63n);
        const back = Array.from({ length: 2_001 }, () => total('big', 1, -1, -most));
        await store.commit(EXAMPLE, step(2n, 3n, epoch, { increments: back }));
        const after = await store.read(EXAMPLE, [{ kind: 'sum', counter: 'total', groupBy: [], sums: ['amount'] }]);
        expect(after.results[0][0]?.sums.amount).toBe(-1n);
      }));

    it('comes to the same sum whatever the order and the batches', () =>
      withStore(open, async ({ store }) => {
        const epoch = await lead(store);
        const increment = fc.record({
          kind: fc.constantFrom('a', 'b', null),
          level: fc.constantFrom(1, null),
          amount: fc.maxSafeInteger(),
        });
        const batches = fc.array(fc.array(increment, { maxLength: 6 }), { minLength: 1, maxLength: 6 });
        let position = 0n;
        const expected = new Map<string, bigint>();
        await store.commit(EXAMPLE, step(null, position, epoch));
        const property = fc.asyncProperty(batches, async (work) => {
          for (const batch of work) {
            const increments = batch.map(({ kind, level, amount }) => total(kind, level, 1, amount));
            await store.commit(EXAMPLE, step(position, position + 1n, epoch, { increments }));
            position += 1n;
            for (const { kind, amount } of batch) {
              expected.set(String(kind), (expected.get(String(kind)) ?? 0n) + BigInt(amount));
            }
          }
          const { results } = await store.read(EXAMPLE, [
            { kind: 'sum', counter: 'total', groupBy: ['kind'], sums: ['amount'] },
          ]);
          const sums = results[0].map(({ key, sums: { amount } }) => [String(key.kind), amount] as const);
          expect(new Map(sums.filter(([, amount]) => amount !== 0n))).toEqual(
            new Map([...expected].filter(([, amount]) => amount !== 0n)),
          );
        });
        // No shrinking back: each run continues where the one before left off.
        await fc.assert(property, { numRuns: 25, endOnFailure: true });
      }));
  });
}
