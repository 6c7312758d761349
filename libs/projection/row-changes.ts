import type { ColumnValue, Row, Upsert, ViewSchema } from '#view-store/port.js';
import { checkRow } from '#view-store/row.js';
import { RowsById } from './rows-by-id.js';
import type { TableRow } from './view.js';

export interface RowChanges {
  readonly upserts: readonly Upsert[];
  readonly deletes: readonly { readonly table: string; readonly id: string | number }[];
}

/**
 * What leads from the rows before to the rows after.
 * @throws TypeError a row that is to be stored does not fit its table
 */
export function rowChanges(schema: ViewSchema, before: readonly TableRow[], after: readonly TableRow[]): RowChanges {
  if (before.length === 0) return checked(schema, { upserts: after, deletes: [] });
  const old = new RowsById();
  for (const row of before) old.add(row);
  const upserts: Upsert[] = [];
  for (const row of after) {
    const previous = old.take(row);
    if (previous === undefined) upserts.push(row);
    else if (!sameRow(schema, row.table, previous.row, row.row)) {
      upserts.push({ table: row.table, row: row.row, previous: previous.row });
    }
  }
  return checked(schema, { upserts, deletes: old.list().map(({ table, row }) => ({ table, id: row.id })) });
}

function checked(schema: ViewSchema, changes: RowChanges): RowChanges {
  for (const { table, row } of changes.upserts) checkRow(schema, table, row);
  return changes;
}

function sameRow(schema: ViewSchema, table: string, a: Row, b: Row): boolean {
  if (a === b) return true;
  for (const column in schema.tables[table]?.columns) if (!sameValue(a[column], b[column])) return false;
  return true;
}

/** Plain data of the same content; null and "not given" are the same. */
function sameValue(a: ColumnValue | undefined, b: ColumnValue | undefined): boolean {
  if (a === b) return true;
  if (a == null || b == null) return a == b;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  return sameData(a, b);
}

function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => sameData(value, b[index]));
  }
  const entries = Object.entries(a);
  const others: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(b));
  if (entries.length !== Object.keys(others).length) return false;
  return entries.every(([key, value]) => Object.hasOwn(others, key) && sameData(value, others[key]));
}
