import type { RecordedEvent } from '#event-store/event.js';
import type { Increment } from '#view-store/port.js';
import { checkRow } from '#view-store/row.js';
import { counterKey } from './counting.js';
import { derive } from './derive.js';
import { idOf, type TableRow, type View } from './view.js';

/** What a store must hold of a view after some events. */
export interface FoldedView {
  /** By table and id. */
  readonly rows: ReadonlyMap<string, TableRow>;
  /** By counter and dimensions; those that are zero in all measures are left out. */
  readonly counters: ReadonlyMap<string, CounterSum>;
}
export interface CounterSum {
  readonly counter: string;
  readonly dimensions: Increment['dimensions'];
  readonly measures: Readonly<Record<string, bigint>>;
}

/**
 * One clean fold in memory: what any sequence of batches over the same events must come to.
 * @throws what the view throws; TypeError when two keys have a row with one id
 */
export function foldView<State extends object>(view: View<State>, events: Iterable<RecordedEvent>): FoldedView {
  const states = new Map<string, State>();
  for (const event of events) {
    const key = view.key(event);
    if (key !== null) states.set(key, view.evolve(states.get(key) ?? null, event));
  }
  const rows = new Map<string, TableRow>();
  const sums = new Map<string, { readonly first: Increment; readonly measures: Record<string, bigint> }>();
  for (const [key, state] of states) {
    const derived = derive(view, state, key);
    for (const row of derived.rows) {
      checkRow(view.schema, row.table, row.row);
      const id = idOf(row);
      if (rows.has(id)) throw new TypeError(`two keys have row ${id}`);
      rows.set(id, row);
    }
    for (const increment of derived.counters) {
      const id = counterKey(view.schema, increment);
      const sum = sums.get(id) ?? { first: increment, measures: {} };
      sums.set(id, sum);
      for (const [measure, value] of Object.entries(increment.measures)) {
        sum.measures[measure] = (sum.measures[measure] ?? 0n) + BigInt(value);
      }
    }
  }
  const counters = new Map<string, CounterSum>();
  for (const [id, { first, measures }] of sums) {
    if (Object.values(measures).every((value) => value === 0n)) continue;
    counters.set(id, { counter: first.counter, dimensions: first.dimensions, measures });
  }
  return { rows, counters };
}
