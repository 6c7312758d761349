import type { Increment } from '#view-store/port.js';
import { checkIncrement } from '#view-store/row.js';
import type { TableRow, View } from './view.js';

/** What a state stands for in the store. */
export interface Derived {
  readonly rows: readonly TableRow[];
  readonly counters: readonly Increment[];
}

/** What the store holds for a key without a state. */
export const NOTHING: Derived = { rows: [], counters: [] };

/**
 * Rows and counters of a state. The rows are checked against the schema where they are compared with those before:
 * most of them have not changed.
 * @throws whatever the view throws; TypeError for two rows with one id and increments that do not fit the schema
 */
export function derive<State extends object>(view: View<State>, state: State, key: string): Derived {
  const rows = view.rows(state, key);
  const counters = view.counters(state, key);
  if (rows.length > 1 && new Set(rows.map(idOf)).size < rows.length) {
    throw new TypeError(`key ${key} has two rows with one id`);
  }
  for (const increment of counters) checkIncrement(view.schema, increment);
  return { rows, counters };
}

/** Identifies a row among all rows of a view. */
export function idOf({ table, row }: TableRow): string {
  return `${table} ${row.id}`;
}
