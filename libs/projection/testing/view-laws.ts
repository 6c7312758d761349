import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#event-store/event.js';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import type { Row, ViewStore } from '#view-store/port.js';
import { derive } from '../derive.js';
import { foldView } from '../fold.js';
import { Leadership } from '../leadership.js';
import type { View } from '../view.js';
import { comparable, storedView } from './stored-view.js';

/** What happens to a batch on its way: how many events it has, and how the world fails around it. */
interface Delivery {
  readonly size: number;
  /** So many events from before the batch are delivered again with it. */
  readonly again: number;
  /** The batch is folded, and committed with a later one. */
  readonly waits: boolean;
  /** The process dies after the batch and another takes over, from the last commit. */
  readonly restart: boolean;
}

const deliveries: fc.Arbitrary<readonly Delivery[]> = fc.array(
  fc.record({
    size: fc.integer({ min: 1, max: 12 }),
    again: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 })),
    waits: fc.boolean(),
    restart: fc.boolean(),
  }),
  { maxLength: 40 },
);

/**
 * The laws of every view, as tests.
 * @param arbitraryHistory events as a log would hold them: ascending positions, gapless revisions within a stream,
 *   hashes that differ
 */
export function viewLaws<State extends object>(
  name: string,
  view: View<State>,
  arbitraryHistory: fc.Arbitrary<readonly RecordedEvent[]>,
  runs = 40,
): void {
  describe(`${name}: laws of a view`, () => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'view-laws-'));
    });
    afterAll(async () => {
      await rm(folder, { recursive: true, force: true });
    });

    it('any batches, redeliveries and restarts store what one clean fold gives', async () => {
      const property = fc.asyncProperty(arbitraryHistory, deliveries, async (history, plan) => {
        const path = join(folder, 'views');
        const { stored, parked } = await project(path, view, history, plan);
        expect(parked).toEqual([]);
        expect(comparable(view.schema, stored)).toEqual(comparable(view.schema, foldView(view, history)));
      });
      await fc.assert(property, { numRuns: runs });
    });

    it('a state is never changed by the fold after it, and survives its storage', () => {
      const property = fc.property(arbitraryHistory, (history) => {
        const states = new Map<string, State>();
        for (const event of history) {
          const key = view.key(event);
          if (key === null) continue;
          const state = view.evolve(view.states === 'none' ? null : (states.get(key) ?? null), event);
          deepFreeze(state);
          states.set(key, state);
          expect(derive(view, fromStorage(view, state, key), key)).toEqual(derive(view, state, key));
        }
      });
      fc.assert(property, { numRuns: runs });
    });
  });
}

/** The state as it comes back from a store. */
function fromStorage<State extends object>(view: View<State>, state: State, key: string): State {
  const { restore, schema } = view;
  if (restore === undefined) return JSON.parse(JSON.stringify(state)) as State;
  const telling = view
    .rows(state, key)
    .filter(({ table, row }) => table === restore.table && row.id === restore.id(key));
  expect(telling).toHaveLength(1);
  const columns = Object.keys(schema.tables[restore.table]?.columns ?? {});
  const row = telling[0]?.row ?? { id: '' };
  const whole = { id: row.id, ...Object.fromEntries(columns.map((column) => [column, row[column] ?? null])) };
  return restore.state(JSON.parse(JSON.stringify(whole)) as Row);
}

/** Everything that is left, at once. */
const LAST: Delivery = { size: Number.MAX_SAFE_INTEGER, again: 0, waits: false, restart: false };

async function project<State extends object>(
  path: string,
  view: View<State>,
  history: readonly RecordedEvent[],
  plan: readonly Delivery[],
): Promise<{ stored: Awaited<ReturnType<typeof storedView>>; parked: readonly unknown[] }> {
  let store = SqliteViewStore.open(path);
  try {
    await store.drop(view.schema);
    await store.prepare(view.schema);
    let life = 0;
    let leader = await lead(store, view, life);
    let next = 0;
    for (let step = 0; next < history.length; step++) {
      const { size, again, waits, restart } = plan[step] ?? LAST;
      const first = Math.max(0, next - again);
      const after = history[first - 1]?.position ?? null;
      const events = history.slice(first, next + size);
      next = Math.min(history.length, next + size);
      if (waits && next < history.length) await leader.gather(events, after);
      else await leader.apply(events, after);
      if (step % 2 === 1) await store.createIndexes(view.schema);
      if (!restart) continue;
      await store.close();
      store = SqliteViewStore.open(path);
      leader = await lead(store, view, ++life);
      const committed = leader.checkpoint?.position;
      next = committed === undefined ? 0 : history.findIndex(({ position }) => position === committed) + 1;
    }
    return { stored: await storedView(store, view.schema), parked: leader.parked.list() };
  } finally {
    await store.close();
  }
}

async function lead<State extends object>(
  store: ViewStore,
  view: View<State>,
  life: number,
): Promise<Leadership<State>> {
  const lease = await store.acquireLease(view.schema, `test:0:${life}`, 0);
  if (lease === null) throw new Error('the lease is held');
  return Leadership.take(view, store, lease.epoch, 3);
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
