import type { Increment } from '#view-store/port.js';
import { checkIncrement } from '#view-store/row.js';
import { type RowChanges, rowChanges } from './row-changes.js';
import { RowsById } from './rows-by-id.js';
import type { TableRow, View } from './view.js';

/** What a state stands for in the store. */
export interface Derived {
  readonly rows: readonly TableRow[];
  readonly counters: readonly Increment[];
}

/**
 * Rows and counters of a state. The rows are checked against the schema where they are compared with those before:
 * most of them have not changed.
 * @throws whatever the view throws; TypeError for two rows with one id and increments that do not fit the schema
 */
export function derive<State extends object>(view: View<State>, state: State, key: string): Derived {
  const rows = view.rows(state, key);
  const counters = view.counters(state, key);
  if (hasTwoOfOneId(rows)) throw new TypeError(`key ${key} has two rows with one id`);
  checkCounters(view, counters);
  return { rows, counters };
}

function hasTwoOfOneId(rows: readonly TableRow[]): boolean {
  if (rows.length < 2) return false;
  const seen = new RowsById();
  return rows.some((row) => !seen.add(row));
}

/** What leads from one state of a key to a later one. */
export interface Difference {
  readonly rows: RowChanges;
  /** To be taken off the counters, and to be put on them. */
  readonly counters: { readonly off: readonly Increment[]; readonly on: readonly Increment[] };
}

/**
 * @param before null: the key had no state
 * @throws as `derive`; TypeError for rows that do not fit their tables
 */
export function difference<State extends object>(
  view: View<State>,
  before: State | null,
  after: State,
  key: string,
): Difference {
  if (before !== null && view.differing !== undefined) {
    const rows = view.differing(before, after, key);
    const counters = { off: view.counters(before, key), on: view.counters(after, key) };
    checkCounters(view, counters.on);
    return { rows: rowChanges(view.schema, rows.before, rows.after), counters };
  }
  const old = before === null ? NOTHING : derive(view, before, key);
  const now = derive(view, after, key);
  return { rows: rowChanges(view.schema, old.rows, now.rows), counters: { off: old.counters, on: now.counters } };
}

const NOTHING: Derived = { rows: [], counters: [] };

function checkCounters<State extends object>(view: View<State>, counters: readonly Increment[]): void {
  for (const increment of counters) checkIncrement(view.schema, increment);
}
