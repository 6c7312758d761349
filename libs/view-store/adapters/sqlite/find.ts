import type { FindRequest, FindResult, Keyset, Row, TableDefinition, ViewSchema } from '../../port.js';
import { checkFind } from '../../request.js';
import { tableOf } from '../../schema.js';
import type { SqliteDatabase } from './database.js';
import { quote, tableName } from './tables.js';
import { encodeText } from './text.js';
import { rowReader } from './values.js';
import { allOf, compileWhere, type Sql } from './where.js';

interface Ordering {
  readonly column: string;
  readonly descending: boolean;
}
/** A part of the rows after a cursor that an index can give in order. */
interface Segment {
  readonly where: readonly Sql[];
  readonly order: readonly Ordering[];
}

/** Answers a checked page request. */
export function find(database: SqliteDatabase, schema: ViewSchema, request: FindRequest): FindResult {
  checkFind(schema, request);
  const table = tableOf(schema, request.table);
  const order = orderOf(request);
  const columns = ['id', ...Object.keys(table.columns)];
  const read = rowReader(table, columns);
  const rows: Row[] = [];
  for (const segment of segments(table, order, request.after ?? null)) {
    const { sql, params } = pageSql(schema, request, table, columns, segment);
    const wanted = request.limit + 1 - rows.length;
    for (const values of database.rows(sql, [...params, wanted])) rows.push(read(values));
    if (rows.length > request.limit) break;
  }
  if (rows.length <= request.limit) return { rows, next: null };
  rows.pop();
  return { rows, next: keysetOf(rows.at(-1), request) };
}

/** The SQL of a first page, for looking at its plan. */
export function firstPageSql(schema: ViewSchema, request: FindRequest): Sql {
  checkFind(schema, request);
  const table = tableOf(schema, request.table);
  const columns = ['id', ...Object.keys(table.columns)];
  const { sql, params } = pageSql(schema, request, table, columns, { where: [], order: orderOf(request) });
  return { sql, params: [...params, request.limit] };
}

function pageSql(
  schema: ViewSchema,
  request: FindRequest,
  table: TableDefinition,
  columns: readonly string[],
  segment: Segment,
): Sql {
  const { sql, params } = allOf([compileWhere(table, request.where), ...segment.where]);
  const order = segment.order.map(({ column, descending }) => `${quote(column)} ${descending ? 'DESC' : 'ASC'}`);
  return {
    sql: `SELECT ${columns.map(quote).join(', ')} FROM ${quote(tableName(schema, request.table))} WHERE ${sql}${
      order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`
    } LIMIT ?`,
    params,
  };
}

function orderOf(request: FindRequest): readonly Ordering[] {
  const sort = (request.sort ?? []).map(({ column, descending }) => ({ column, descending: descending === true }));
  return [...sort, { column: 'id', descending: sort.at(-1)?.descending ?? false }];
}

function keysetOf(row: Row | undefined, request: FindRequest): Keyset {
  return [...(request.sort ?? []).map(({ column }) => column), 'id'].map((column) => {
    const value = row?.[column];
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  });
}

/**
 * The rows after a cursor as a few ranges, one after the other: equal in all sort columns but the last, then equal in
 * one less, and so on. Each is a plain range of an index, which one condition joined by OR would not be, and each
 * treats nulls (before every value) exactly.
 */
function segments(table: TableDefinition, order: readonly Ordering[], after: Keyset | null): readonly Segment[] {
  if (after === null) return [{ where: [], order }];
  const result: Segment[] = [];
  for (let last = order.length - 1; last >= 0; last--) {
    const equal = order.slice(0, last).map(({ column }, index) => equals(column, after[index] ?? null));
    const { column, descending } = order[last] ?? { column: 'id', descending: false };
    const numeric = (column === 'id' ? table.id : table.columns[column]) === 'integer';
    for (const beyond of rangesBeyond(column, numeric, descending, after[last] ?? null)) {
      result.push({ where: [...equal, beyond.where], order: order.slice(beyond.single ? last + 1 : last) });
    }
  }
  return result;
}

interface Range {
  readonly where: Sql;
  /** True when all rows of the range hold the same value. */
  readonly single: boolean;
}

function rangesBeyond(
  column: string,
  numeric: boolean,
  descending: boolean,
  value: string | number | null,
): readonly Range[] {
  const name = quote(column);
  if (!descending) {
    // "IS NOT NULL" as a range that an index has: every number is below every text, and '' is the least text.
    if (value === null)
      return [{ where: { sql: `${name} ${numeric ? '>= -9e999' : `>= ''`}`, params: [] }, single: false }];
    return [{ where: { sql: `${name} > ?`, params: [stored(value)] }, single: false }];
  }
  if (value === null) return [];
  const below: Range = { where: { sql: `${name} < ?`, params: [stored(value)] }, single: false };
  return column === 'id' ? [below] : [below, { where: equals(column, null), single: true }];
}

function equals(column: string, value: string | number | null): Sql {
  if (value === null) return { sql: `${quote(column)} IS NULL`, params: [] };
  return { sql: `${quote(column)} = ?`, params: [stored(value)] };
}

function stored(value: string | number): string | number {
  return typeof value === 'string' ? encodeText(value) : value;
}
