import type { ColumnValue, Increment, Row, ViewSchema } from '#view-store/port.js';
import { checkIncrement, checkRow } from '#view-store/row.js';
import type { TableRow, View } from './view.js';

/** What a state stands for in the store. */
export interface Derived {
  readonly rows: readonly TableRow[];
  readonly counters: readonly Increment[];
}

/** What the store holds for a key without a state. */
export const NOTHING: Derived = { rows: [], counters: [] };

/**
 * Rows and counters of a state, checked: what the view store would refuse is an error of the view.
 * @throws whatever the view throws; TypeError for rows or increments that do not fit the schema
 */
export function derive<State extends object>(view: View<State>, state: State, key: string): Derived {
  const rows = view.rows(state, key);
  const counters = view.counters(state, key);
  for (const { table, row } of rows) checkRow(view.schema, table, row);
  if (rows.length > 1) {
    const ids = new Set(rows.map(idOf));
    if (ids.size < rows.length) throw new TypeError(`key ${key} has two rows with one id`);
  }
  for (const increment of counters) checkIncrement(view.schema, increment);
  return { rows, counters };
}

/** Identifies a row among all rows of a view. */
export function idOf({ table, row }: TableRow): string {
  return `${table} ${row.id}`;
}

/** Adds to `upserts` and `deletes` what leads from the rows before to the rows after. */
export function diffRows(
  schema: ViewSchema,
  before: readonly TableRow[],
  after: readonly TableRow[],
  changes: { readonly upserts: TableRow[]; readonly deletes: { table: string; id: string | number }[] },
): void {
  if (before.length === 0) {
    changes.upserts.push(...after);
    return;
  }
  const old = new Map(before.map((row) => [idOf(row), row]));
  for (const row of after) {
    const id = idOf(row);
    const previous = old.get(id);
    old.delete(id);
    if (previous === undefined || !sameRow(schema, row.table, previous.row, row.row)) changes.upserts.push(row);
  }
  for (const { table, row } of old.values()) changes.deletes.push({ table, id: row.id });
}

function sameRow(schema: ViewSchema, table: string, a: Row, b: Row): boolean {
  if (a === b) return true;
  for (const column in schema.tables[table]?.columns) if (!sameValue(a[column], b[column])) return false;
  return true;
}

function sameValue(a: ColumnValue | undefined, b: ColumnValue | undefined): boolean {
  if (a === b) return true;
  if (a == null || b == null) return a == b;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}
