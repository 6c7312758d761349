import type { ColumnValue, Row } from '#view-store/port.js';

/** Reads columns of rows by type. A column that does not hold what its schema says is a broken view: an Error. */
function broken(row: Row, column: string): Error {
  return new Error(`row ${row.id}: column ${column} holds ${JSON.stringify(row[column])}`);
}

export function stringOrNull(row: Row, column: string): string | null {
  const value = row[column] ?? null;
  if (value !== null && typeof value !== 'string') throw broken(row, column);
  return value;
}

export function stringIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw broken(row, column);
  return value;
}

export function integerOrNull(row: Row, column: string): number | null {
  const value = row[column] ?? null;
  if (value !== null && typeof value !== 'number') throw broken(row, column);
  return value;
}

export function integerIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw broken(row, column);
  return value;
}

/** Null is the empty set. */
export function stringsIn(row: Row, column: string): readonly string[] {
  const value: ColumnValue | undefined = row[column];
  if (value === null || value === undefined) return [];
  if (!isStrings(value)) throw broken(row, column);
  return value;
}

function isStrings(value: ColumnValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The object of a `json` column; null when it has none. */
export function objectIn(row: Row, column: string): object | null {
  const value = row[column] ?? null;
  if (value !== null && typeof value !== 'object') throw broken(row, column);
  return value;
}
