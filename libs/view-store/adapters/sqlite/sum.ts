import type { SumGroup, SumRequest, ViewSchema } from '../../port.js';
import { checkSum, summedTable } from '../../request.js';
import type { SqliteDatabase, SqlRow } from './database.js';
import { counterName, highColumn, lowColumn, quote, tableName } from './tables.js';
import { fromSql } from './values.js';
import { compileWhere } from './where.js';

/** Values are summed as billions and the rest: neither sum can leave 64 bits before a table has 9 billion rows. */
export const BILLION = 1_000_000_000;

/** Answers a request for sums. */
export function sum(database: SqliteDatabase, schema: ViewSchema, request: SumRequest): readonly SumGroup[] {
  checkSum(schema, request);
  const table = summedTable(schema, request);
  const from =
    request.table === undefined ? counterName(schema, request.counter ?? '') : tableName(schema, request.table);
  const where = compileWhere(table, request.where);
  const groups = request.groupBy.map(quote);
  const sums = request.sums.flatMap((column) =>
    request.table === undefined
      ? [`sum(${quote(highColumn(column))})`, `sum(${quote(lowColumn(column))})`]
      : [`sum(${quote(column)} / ${BILLION})`, `sum(${quote(column)} % ${BILLION})`],
  );
  const sql = `SELECT ${[...groups, 'count(*)', ...sums].join(', ')} FROM ${quote(from)} WHERE ${where.sql}${
    groups.length === 0 ? ' HAVING count(*) > 0' : ` GROUP BY ${groups.join(', ')}`
  }`;
  return database.exactRows(sql, where.params).map((values) => readGroup(request, values, table.columns));
}

function readGroup(request: SumRequest, values: SqlRow, columns: Readonly<Record<string, string>>): SumGroup {
  const key: Record<string, string | number | null> = {};
  for (const [index, column] of request.groupBy.entries()) {
    const value = fromSql(columns[column] === 'integer' ? 'integer' : 'string', values[index] ?? null);
    key[column] = typeof value === 'string' || typeof value === 'number' ? value : null;
  }
  const sums: Record<string, bigint> = {};
  const first = request.groupBy.length + 1;
  for (const [index, column] of request.sums.entries()) {
    const high = BigInt(values[first + 2 * index] ?? 0);
    sums[column] = high * BigInt(BILLION) + BigInt(values[first + 2 * index + 1] ?? 0);
  }
  return { key, count: Number(values[first - 1] ?? 0), sums };
}
