import { describe, expect, it } from '@jest/globals';
import { ViewSchemaConflict, type ViewSchema } from '../port.js';
import { at, cards, EXAMPLE, fullCard, step, total } from './examples.js';
import { type ViewStoreHarness, withStore } from './harness.js';

const SECOND: ViewSchema = { ...EXAMPLE, version: 2 };
const CHANGED: ViewSchema = {
  ...EXAMPLE,
  tables: { ...EXAMPLE.tables, card: { id: 'string', columns: { kind: 'integer' }, indexes: [] } },
};
const INDEXED_OTHERWISE: ViewSchema = {
  ...EXAMPLE,
  tables: Object.fromEntries(Object.entries(EXAMPLE.tables).map(([name, table]) => [name, { ...table, indexes: [] }])),
};

export function schemaContract(open: () => Promise<ViewStoreHarness>): void {
  describe('what is stored of a view', () => {
    it('is prepared any number of times, also by two processes at once', () =>
      withStore(open, async ({ store, another }) => {
        const other = (await another?.()) ?? store;
        await Promise.all([store.prepare(EXAMPLE), other.prepare(EXAMPLE), store.prepare(EXAMPLE)]);
        expect(await store.checkpoint(EXAMPLE)).toBeNull();
        await Promise.all([store.createIndexes(EXAMPLE), store.createIndexes(EXAMPLE)]);
        await store.createIndexes(EXAMPLE);
      }));

    it('reads as empty before the view is prepared', () =>
      withStore(open, async ({ store, reads }) => {
        for (const reader of [store, ...(reads === undefined ? [] : [reads])]) {
          expect(await reader.checkpoint(EXAMPLE)).toBeNull();
          const { checkpoint, results } = await reader.read(EXAMPLE, [
            { kind: 'find', table: 'card', limit: 5 },
            { kind: 'sum', counter: 'total', groupBy: [], sums: ['count'] },
          ]);
          expect(checkpoint).toBeNull();
          expect(results).toEqual([{ rows: [], next: null }, []]);
          for await (const chunk of reader.scan(EXAMPLE, { table: 'card', columns: [] })) expect(chunk).toEqual([]);
        }
      }));

    it('survives reopening: rows, states, counters, checkpoint and epoch', () =>
      withStore(open, async (harness) => {
        await harness.store.prepare(EXAMPLE);
        const lease = await harness.store.acquireLease(EXAMPLE, 'host:1:a', 60_000);
        await harness.store.commit(
          EXAMPLE,
          step(null, 5n, lease?.epoch ?? 0, {
            states: [{ key: 'k', state: { deep: [1, null, 'ä\u0000'] } }],
            upserts: cards({ id: 'a', kind: 'x', tags: ['t', 'u'], marks: [3, -1], body: { deep: { list: [1] } } }),
            increments: [total('x', null, 1, 100)],
          }),
        );
        const store = await harness.reopen();
        await store.prepare(EXAMPLE);
        expect(await store.checkpoint(EXAMPLE)).toEqual(at(5n));
        expect(await store.load(EXAMPLE, ['k', 'l'])).toEqual(new Map([['k', { deep: [1, null, 'ä\u0000'] }]]));
        const { results } = await store.read(EXAMPLE, [
          { kind: 'find', table: 'card', limit: 5 },
          { kind: 'sum', counter: 'total', groupBy: ['kind', 'level'], sums: ['count', 'amount'] },
        ]);
        expect(results[0].rows).toEqual([
          fullCard({ id: 'a', kind: 'x', tags: ['t', 'u'], marks: [3, -1], body: { deep: { list: [1] } } }),
        ]);
        expect(results[1]).toEqual([{ key: { kind: 'x', level: null }, count: 1, sums: { count: 1n, amount: 100n } }]);
        expect(await store.acquireLease(EXAMPLE, 'host:1:a', 60_000)).toEqual(lease);
      }));

    it('is refused under another definition, with a sentence that says what to do; nothing is lost', () =>
      withStore(open, async ({ store }) => {
        await store.prepare(EXAMPLE);
        const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
        await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards({ id: 'a' }) }));
        await expect(store.prepare(CHANGED)).rejects.toThrow(ViewSchemaConflict);
        await expect(store.prepare(CHANGED)).rejects.toThrow(/version/);
        await expect(store.read(CHANGED, [])).rejects.toThrow(ViewSchemaConflict);
        const { results } = await store.read(EXAMPLE, [{ kind: 'find', table: 'card', limit: 5 }]);
        expect(results[0].rows).toHaveLength(1);
      }));

    it('may get other indexes without being built anew', () =>
      withStore(open, async ({ store }) => {
        await store.prepare(EXAMPLE);
        await store.createIndexes(EXAMPLE);
        await store.prepare(INDEXED_OTHERWISE);
        await store.createIndexes(INDEXED_OTHERWISE);
        await store.createIndexes(EXAMPLE);
      }));

    it('lives beside the other version of the view', () =>
      withStore(open, async ({ store }) => {
        await store.prepare(EXAMPLE);
        await store.prepare(SECOND);
        const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
        const second = (await store.acquireLease(SECOND, 'host:2:b', 60_000))?.epoch ?? 0;
        await store.commit(
          EXAMPLE,
          step(null, 1n, epoch, { upserts: cards({ id: 'a' }), states: [{ key: 'k', state: { of: 1 } }] }),
        );
        await store.commit(SECOND, step(null, 2n, second, { upserts: cards({ id: 'b' }) }));
        await store.drop(EXAMPLE);
        expect(await store.checkpoint(EXAMPLE)).toBeNull();
        expect(await store.checkpoint(SECOND)).toEqual(at(2n));
        const { results } = await store.read(SECOND, [{ kind: 'find', table: 'card', limit: 5 }]);
        expect(results[0].rows.map(({ id }) => id)).toEqual(['b']);
      }));

    it('is named by its versions, and dropped by name and version, whatever its definition was', () =>
      withStore(open, async ({ store }) => {
        expect(await store.versions(EXAMPLE)).toEqual([]);
        await store.prepare(SECOND);
        await store.prepare(EXAMPLE);
        expect(await store.versions(EXAMPLE)).toEqual([1, 2]);
        const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
        await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards({ id: 'a' }) }));
        await store.drop({ ...EXAMPLE, tables: {}, counters: {} });
        expect(await store.versions(SECOND)).toEqual([2]);
        await store.prepare(EXAMPLE);
        const { results } = await store.read(EXAMPLE, [{ kind: 'find', table: 'card', limit: 5 }]);
        expect(results[0].rows).toEqual([]);
        expect(await store.versions({ ...EXAMPLE, view: 'contract' })).toEqual([]);
      }));

    it('is gone after a drop but for the lease, and can be prepared again', () =>
      withStore(open, async ({ store }) => {
        await store.prepare(EXAMPLE);
        const lease = await store.acquireLease(EXAMPLE, 'host:1:a', 60_000);
        const changes = {
          upserts: cards({ id: 'a' }),
          states: [{ key: 'k', state: {} }],
          increments: [total('x', 1, 1, 1)],
        };
        await store.commit(EXAMPLE, step(null, 1n, lease?.epoch ?? 0, changes));
        await store.drop(EXAMPLE);
        await store.drop(EXAMPLE);
        await store.prepare(EXAMPLE);
        expect(await store.load(EXAMPLE, ['k'])).toEqual(new Map());
        const { checkpoint, results } = await store.read(EXAMPLE, [
          { kind: 'find', table: 'card', limit: 5 },
          { kind: 'sum', counter: 'total', groupBy: [], sums: ['count'] },
        ]);
        expect({ checkpoint, results }).toEqual({ checkpoint: null, results: [{ rows: [], next: null }, []] });
        expect(await store.acquireLease(EXAMPLE, 'host:1:a', 60_000)).toEqual(lease);
      }));

    it.each([
      ['a view name', { ...EXAMPLE, view: 'Robert"; DROP' }],
      ['a version', { ...EXAMPLE, version: 0.5 }],
      ['a column', { ...EXAMPLE, tables: { card: { id: 'string', columns: { 'a"b': 'string' }, indexes: [] } } }],
      ['an index', { ...EXAMPLE, tables: { card: { id: 'string', columns: { a: 'json' }, indexes: [['a']] } } }],
    ] as const)('refuses a definition with %s that cannot be stored', (_, schema) =>
      withStore(open, async ({ store }) => {
        await expect(store.prepare(schema as ViewSchema)).rejects.toThrow(TypeError);
      }),
    );
  });
}
