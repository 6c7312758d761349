import type { ColumnType, ColumnValue, Increment, Row, ViewSchema } from './port.js';
import { columnType, counterOf, tableOf } from './schema.js';

/**
 * Checks that a row fits its table: known columns, values of their type (null, or left out: no value).
 * @throws TypeError naming the table and column
 */
export function checkRow(schema: ViewSchema, table: string, row: Row): void {
  const definition = tableOf(schema, table);
  if (!fits(definition.id, row.id)) throw new TypeError(`table ${table}: the id is not of type ${definition.id}`);
  let known = 1;
  const { columns } = definition;
  for (const column in columns) {
    const value: ColumnValue | undefined = row[column];
    if (value === undefined) continue;
    known += 1;
    const type = columns[column];
    if (value !== null && type !== undefined && !fits(type, value)) {
      throw new TypeError(`table ${table}, row ${row.id}: the value of ${column} is not of type ${type}`);
    }
  }
  let given = 0;
  for (const _ in row) given += 1;
  if (given === known) return;
  for (const column in row) columnType(definition, column);
}

function fits(type: ColumnType, value: ColumnValue): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'strings':
      return Array.isArray(value) && value.every((element) => typeof element === 'string');
    case 'integers':
      return Array.isArray(value) && value.every((element) => Number.isSafeInteger(element));
    case 'json':
      return typeof value === 'object';
  }
}

/**
 * Checks that an increment fits its counter: every dimension given (null: no value), known measures, safe integers.
 * @throws TypeError naming the counter and the dimension or measure
 */
export function checkIncrement(schema: ViewSchema, increment: Increment): void {
  const { dimensions, measures } = counterOf(schema, increment.counter);
  for (const dimension in dimensions) {
    const value = increment.dimensions[dimension];
    if (value === null) continue;
    const type = dimensions[dimension];
    if (type === 'string' ? typeof value !== 'string' : !Number.isSafeInteger(value)) {
      throw new TypeError(`counter ${increment.counter}: dimension ${dimension} is not of type ${type}`);
    }
  }
  for (const dimension in increment.dimensions) {
    if (!Object.hasOwn(dimensions, dimension)) {
      throw new TypeError(`counter ${increment.counter} has no dimension "${dimension}"`);
    }
  }
  for (const measure in increment.measures) {
    if (!measures.includes(measure)) throw new TypeError(`counter ${increment.counter} has no measure "${measure}"`);
    if (!Number.isSafeInteger(increment.measures[measure])) {
      throw new TypeError(`counter ${increment.counter}: measure ${measure} is not a safe integer`);
    }
  }
}
