import type { ColumnValue, Commit, Row, TableDefinition, ViewSchema } from '../../port.js';
import { checkRow } from '../../row.js';
import { tableOf } from '../../schema.js';
import type { SqliteDatabase, SqlValue } from './database.js';
import { quote, tableName } from './tables.js';
import { toSql } from './values.js';

/** Each call of a statement costs 2 to 3 microseconds beside its parameters. */
const ROWS_PER_STATEMENT = 16;

/** Stores rows in the order given. @throws TypeError a row that does not fit its table */
export function upsertRows(database: SqliteDatabase, schema: ViewSchema, upserts: Commit['upserts']): void {
  const tables = new Map<string, Row[]>();
  for (const { table, row } of upserts) {
    const rows = tables.get(table);
    if (rows === undefined) tables.set(table, [row]);
    else rows.push(row);
  }
  for (const [table, rows] of tables) {
    const definition = tableOf(schema, table);
    const bind = binder(schema, table, definition);
    const bulk = upsertSql(tableName(schema, table), definition, ROWS_PER_STATEMENT);
    const single = upsertSql(tableName(schema, table), definition, 1);
    let next = 0;
    for (; next + ROWS_PER_STATEMENT <= rows.length; next += ROWS_PER_STATEMENT) {
      const params: SqlValue[] = [];
      for (let index = next; index < next + ROWS_PER_STATEMENT; index++) bind(rows[index], params);
      database.run(bulk, params);
    }
    for (; next < rows.length; next++) {
      const params: SqlValue[] = [];
      bind(rows[next], params);
      database.run(single, params);
    }
  }
}

function upsertSql(name: string, table: TableDefinition, rows: number): string {
  const columns = Object.keys(table.columns).map(quote);
  const row = `(?${', ?'.repeat(columns.length)})`;
  const updates = columns.map((column) => `${column} = excluded.${column}`);
  // In place: a replaced row would move to the end, and its entry in the index of the ids with it.
  const action = updates.length === 0 ? 'NOTHING' : `UPDATE SET ${updates.join(', ')}`;
  const values = Array.from({ length: rows }, () => row).join(', ');
  return `INSERT INTO ${quote(name)} (${['"id"', ...columns].join(', ')}) VALUES ${values} ON CONFLICT ("id") DO ${action}`;
}

/** Adds a row's parameters. Rows that follow each other often share their sets and JSON: those are written once. */
function binder(
  schema: ViewSchema,
  table: string,
  definition: TableDefinition,
): (row: Row | undefined, params: SqlValue[]) => void {
  const columns = Object.entries(definition.columns);
  const last: { value: ColumnValue; sql: SqlValue }[] = columns.map(() => ({ value: null, sql: null }));
  return (row, params) => {
    if (row === undefined) return;
    checkRow(schema, table, row);
    params.push(toSql(definition.id, row.id));
    for (let index = 0; index < columns.length; index++) {
      const [column, type] = columns[index] ?? ['', 'string'];
      const value = row[column];
      const memo = last[index];
      if (typeof value !== 'object' || value === null || memo === undefined) {
        params.push(toSql(type, value));
        continue;
      }
      if (memo.value !== value) {
        memo.value = value;
        memo.sql = toSql(type, value);
      }
      params.push(memo.sql);
    }
  };
}
