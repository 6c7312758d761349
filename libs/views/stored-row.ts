import type { ColumnValue, Row } from '#view-store/port.js';

/** Reads back what a view wrote into a row. What is of another type is a broken store: an Error. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw broken(row, column);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] == null ? null : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw broken(row, column);
  return value;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] == null ? null : integer(row, column);
}

/** Null is the empty set. */
export function strings(row: Row, column: string): readonly string[] {
  const value = row[column] ?? null;
  if (value === null) return [];
  if (!isStrings(value)) throw broken(row, column);
  return value;
}

function isStrings(value: ColumnValue): value is readonly string[] {
  return Array.isArray(value);
}

function broken(row: Row, column: string): Error {
  return new Error(`row ${row.id}: column ${column} holds ${JSON.stringify(row[column])}`);
}
