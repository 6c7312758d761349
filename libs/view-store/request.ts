import type { ColumnType, Condition, FindRequest, SumRequest, TableDefinition, ViewSchema, Where } from './port.js';
import { InvalidKeyset } from './port.js';
import { columnType, counterColumns, counterOf, tableOf } from './schema.js';

const TESTS = ['in', 'gt', 'gte', 'lt', 'lte', 'prefix', 'contains', 'has', 'hasIn', 'hasNoneIn', 'exists'] as const;
type Test = (typeof TESTS)[number];

/**
 * Checks a page request against the schema.
 * @throws TypeError an unknown table or column, or a test that the column's type does not have: an error of the program
 * @throws RangeError the limit is not a whole number from 1
 * @throws InvalidKeyset the cursor does not fit the sort: it may come from outside
 */
export function checkFind(schema: ViewSchema, request: FindRequest): void {
  const table = tableOf(schema, request.table);
  checkWhere(table, request.where);
  if (!Number.isSafeInteger(request.limit) || request.limit < 1) {
    throw new RangeError(`a page of ${request.limit} rows`);
  }
  const sort = request.sort ?? [];
  for (const { column } of sort) requirePlain(column, columnType(table, column), 'be sorted by');
  if (request.after == null) return;
  if (!Array.isArray(request.after) || request.after.length !== sort.length + 1) {
    throw new InvalidKeyset(`the cursor does not have ${sort.length + 1} values`);
  }
  for (const [index, value] of request.after.entries()) {
    const column = sort[index]?.column ?? 'id';
    if (value === null ? column === 'id' : !hasType(columnType(table, column), value)) {
      throw new InvalidKeyset(`the cursor's value for ${column} is not of type ${columnType(table, column)}`);
    }
  }
}

/** Checks a request for sums against the schema. @throws TypeError an error of the program */
export function checkSum(schema: ViewSchema, request: SumRequest): void {
  if ((request.table === undefined) === (request.counter === undefined)) {
    throw new TypeError('sums are over a table or over a counter');
  }
  const table = summedTable(schema, request);
  checkWhere(table, request.where);
  for (const column of request.groupBy) requirePlain(column, columnType(table, column), 'be grouped by');
  for (const column of request.sums) {
    if (columnType(table, column) !== 'integer') throw new TypeError(`column ${column} cannot be summed`);
  }
}

/** The table, or the counter seen as one, that a request sums. */
export function summedTable(schema: ViewSchema, request: SumRequest): TableDefinition {
  if (request.table !== undefined) return tableOf(schema, request.table);
  const counter = counterOf(schema, request.counter ?? '');
  for (const column of [...request.groupBy, ...whereColumns(request.where)]) {
    if (!Object.hasOwn(counter.dimensions, column)) throw new TypeError(`there is no dimension "${column}"`);
  }
  return { id: 'string', columns: counterColumns(counter), indexes: [] };
}

function whereColumns(where: Where | undefined): readonly string[] {
  if (where === undefined) return [];
  return [...Object.keys(where.columns ?? {}), ...(where.anyOf ?? []).flatMap(whereColumns)];
}

/** Checks a scan against the schema. @throws TypeError an error of the program */
export function checkScan(
  schema: ViewSchema,
  request: { readonly table: string; readonly where?: Where; readonly columns: readonly string[] },
): void {
  const table = tableOf(schema, request.table);
  checkWhere(table, request.where);
  for (const column of request.columns) columnType(table, column);
}

function checkWhere(table: TableDefinition, where: Where | undefined): void {
  for (const [column, condition] of Object.entries(where?.columns ?? {})) {
    checkCondition(column, columnType(table, column), condition);
  }
  for (const alternative of where?.anyOf ?? []) checkWhere(table, alternative);
}

function checkCondition(column: string, type: ColumnType, condition: Condition): void {
  if (condition === null) return;
  if (typeof condition !== 'object') {
    requireType(column, type, condition);
    return;
  }
  for (const [test, operand] of Object.entries(condition)) {
    if (operand === undefined) continue;
    if (!isTest(test)) throw new TypeError(`there is no test "${test}"`);
    if (test !== 'exists' && !testsOf(type).includes(test)) {
      throw new TypeError(`column ${column} of type ${type} has no test "${test}"`);
    }
  }
  for (const value of [
    condition.gt,
    condition.gte,
    condition.lt,
    condition.lte,
    condition.prefix,
    condition.contains,
  ]) {
    if (value !== undefined) requireType(column, type, value);
  }
  for (const value of condition.in ?? []) requireType(column, type, value);
  for (const value of condition.has ?? []) requireType(column, 'string', value);
  for (const range of [condition.hasIn, condition.hasNoneIn]) {
    if (range === undefined) continue;
    requireType(column, 'integer', range.gt);
    requireType(column, 'integer', range.lte);
  }
}

function testsOf(type: ColumnType): readonly Test[] {
  switch (type) {
    case 'string':
      return ['in', 'gt', 'gte', 'lt', 'lte', 'prefix', 'contains'];
    case 'integer':
      return ['in', 'gt', 'gte', 'lt', 'lte'];
    case 'strings':
      return ['has'];
    case 'integers':
      return ['hasIn', 'hasNoneIn'];
    case 'json':
      return [];
  }
}

function isTest(name: string): name is Test {
  return (TESTS as readonly string[]).includes(name);
}

function requireType(column: string, type: ColumnType, value: string | number): void {
  if (!hasType(type, value)) throw new TypeError(`column ${column} of type ${type} compared with ${typeof value}`);
}

function hasType(type: ColumnType, value: unknown): boolean {
  return type === 'string' ? typeof value === 'string' : type === 'integer' && Number.isFinite(value);
}

function requirePlain(column: string, type: ColumnType, purpose: string): void {
  if (type !== 'string' && type !== 'integer')
    throw new TypeError(`column ${column} of type ${type} cannot ${purpose}`);
}
