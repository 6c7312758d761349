import type { Document } from 'mongodb';
import type { ColumnType, ColumnValue, Row, TableDefinition } from '../../port.js';
import { columnType } from '../../schema.js';
import { fieldOf } from './names.js';

export type StoredValue = string | bigint | readonly string[] | readonly bigint[] | null;

/** The stored form of a column's value: integers as int64 (of the driver: bigint), JSON as text, sets as arrays. */
export function toStored(type: ColumnType, value: ColumnValue | undefined): StoredValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return BigInt(value);
  if (typeof value === 'string') return value;
  if (type === 'strings' && isList<string>(value)) return value;
  return type === 'integers' && isList<number>(value) ? value.map(BigInt) : JSON.stringify(value);
}

/** Members were checked by `checkRow`. */
function isList<T>(value: object): value is readonly T[] {
  return Array.isArray(value);
}

function fromStored(type: ColumnType, value: unknown): ColumnValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return type === 'json' ? (JSON.parse(value) as object) : value;
  if (type === 'integers' && Array.isArray(value)) return value.map(Number);
  return typeof value === 'object' ? value : Number(value);
}

/** The document of a row: every column, null where it has no value, so that nothing of an older row stays. */
export function toDocument(table: TableDefinition, row: Row): { readonly _id: string | bigint } & Document {
  const document: { _id: string | bigint } & Document = { _id: toId(row.id) };
  for (const column in table.columns) document[column] = toStored(table.columns[column] ?? 'string', row[column]);
  return document;
}

export function toId(id: string | number): string | bigint {
  return typeof id === 'number' ? BigInt(id) : id;
}

/** Reads rows of the named columns, `id` first. */
export function rowReader(table: TableDefinition, columns: readonly string[]): (document: Document) => Row {
  const read = columns.map((column) => ({ column, field: fieldOf(column), type: columnType(table, column) }));
  return (document) => {
    const row: { id: string | number; [column: string]: ColumnValue } = { id: '' };
    for (const { column, field, type } of read) row[column] = fromStored(type, document[field]);
    return row;
  };
}

/** An operand of a condition: as the stored values, so that indexes compare like with like. */
export function toOperand(value: string | number): string | number | bigint {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
