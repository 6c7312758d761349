import type { ColumnType, ColumnValue, Row, TableDefinition } from '../../port.js';
import type { SqlRow, SqlValue } from './database.js';
import { decodeText, encodeText } from './text.js';

/** The stored form of a column's value. Sets and JSON are JSON text. */
export function toSql(type: ColumnType, value: ColumnValue | undefined): SqlValue {
  if (value === null || value === undefined) return null;
  if (type === 'strings' || type === 'json' || typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'string' ? encodeText(value) : value;
}

export function fromSql(type: ColumnType, value: SqlValue): ColumnValue {
  if (value === null) return null;
  if (typeof value !== 'string') return Number(value);
  return type === 'string' ? decodeText(value) : (JSON.parse(value) as object);
}

/** Reads rows of the named columns, `id` first. */
export function rowReader(table: TableDefinition, columns: readonly string[]): (values: SqlRow) => Row {
  const types = columns.map((column) => (column === 'id' ? table.id : (table.columns[column] ?? 'string')));
  return (values) => {
    const row: { id: string | number; [column: string]: ColumnValue } = { id: '' };
    for (let index = 0; index < columns.length; index++) {
      row[columns[index] ?? ''] = fromSql(types[index] ?? 'string', values[index] ?? null);
    }
    return row;
  };
}
