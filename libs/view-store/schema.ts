import { createHash } from 'node:crypto';
import type { ColumnType, CounterDefinition, TableDefinition, ViewSchema } from './port.js';

const VIEW_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const NAME = /^[a-zA-Z][a-zA-Z0-9]*$/;

/**
 * Checks that a definition can be stored by every engine.
 * @throws TypeError with the name that is wrong
 */
export function checkSchema(schema: ViewSchema): void {
  const where = `view ${schema.view}`;
  if (!VIEW_NAME.test(schema.view)) throw new TypeError(`"${schema.view}" is not a name for a view`);
  if (!Number.isSafeInteger(schema.version) || schema.version < 1) {
    throw new TypeError(`${where}: the version must be a whole number from 1`);
  }
  for (const [table, definition] of Object.entries(schema.tables)) {
    checkNames(`${where}, table ${table}`, table, ['id', ...Object.keys(definition.columns)]);
    for (const columns of definition.indexes) {
      if (columns.length === 0) throw new TypeError(`${where}, table ${table}: an index without columns`);
      for (const column of columns) {
        const type = columnType(definition, column);
        if (type !== 'string' && type !== 'integer') {
          throw new TypeError(`${where}, table ${table}: column ${column} of type ${type} cannot be indexed`);
        }
      }
    }
  }
  for (const [counter, definition] of Object.entries(schema.counters)) {
    const names = [...Object.keys(definition.dimensions), ...definition.measures];
    checkNames(`${where}, counter ${counter}`, counter, ['id', ...names]);
  }
}

function checkNames(where: string, table: string, columns: readonly string[]): void {
  for (const name of [table, ...columns]) {
    if (!NAME.test(name) || name in Object.prototype) throw new TypeError(`${where}: "${name}" is not a name`);
  }
  const seen = new Set<string>();
  for (const column of columns) {
    // SQL does not tell the case of names apart.
    const folded = column.toLowerCase();
    if (seen.has(folded)) throw new TypeError(`${where}: column ${column} is declared twice`);
    seen.add(folded);
  }
}

/**
 * SHA-256 of all that decides the form of the stored data: ids, columns, dimensions, measures. Indexes are left out,
 * as they can be made anew at any time.
 */
export function schemaDigest(schema: ViewSchema): string {
  const tables = Object.entries(schema.tables)
    .map(([name, table]) => [name, table.id, Object.entries(table.columns).sort(byName)] as const)
    .sort(byName);
  const counters = Object.entries(schema.counters)
    .map(
      ([name, counter]) =>
        [name, Object.entries(counter.dimensions).sort(byName), [...counter.measures].sort()] as const,
    )
    .sort(byName);
  return createHash('sha256').update(JSON.stringify({ tables, counters })).digest('hex');
}

function byName(a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** @throws TypeError when the view has no such table */
export function tableOf(schema: ViewSchema, table: string): TableDefinition {
  const definition = Object.hasOwn(schema.tables, table) ? schema.tables[table] : undefined;
  if (definition === undefined) throw new TypeError(`view ${schema.view} has no table "${table}"`);
  return definition;
}

/** @throws TypeError when the view has no such counter */
export function counterOf(schema: ViewSchema, counter: string): CounterDefinition {
  const definition = Object.hasOwn(schema.counters, counter) ? schema.counters[counter] : undefined;
  if (definition === undefined) throw new TypeError(`view ${schema.view} has no counter "${counter}"`);
  return definition;
}

/** Type of a column or of the id. @throws TypeError when the table has no such column */
export function columnType(table: TableDefinition, column: string): ColumnType {
  if (column === 'id') return table.id;
  const type = Object.hasOwn(table.columns, column) ? table.columns[column] : undefined;
  if (type === undefined) throw new TypeError(`there is no column "${column}"`);
  return type;
}

/** A counter as a table: its dimensions, and its measures as integers; its id is of no meaning to callers. */
export function counterColumns(counter: CounterDefinition): Readonly<Record<string, ColumnType>> {
  const measures = Object.fromEntries(counter.measures.map((measure) => [measure, 'integer' as const]));
  return { ...counter.dimensions, ...measures };
}
