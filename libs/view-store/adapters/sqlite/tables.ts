import type { ColumnType, CounterDefinition, TableDefinition, ViewSchema } from '../../port.js';
import type { SqliteDatabase } from './database.js';

/** A name in SQL; names were checked to hold no quotes. */
export function quote(name: string): string {
  return `"${name}"`;
}

/** `deals_v1_card`: the prefix of all that a view stores. */
export function prefixOf(schema: ViewSchema): string {
  return `${schema.view.replaceAll('-', '_')}_v${schema.version}_`;
}

export function tableName(schema: ViewSchema, table: string): string {
  return `${prefixOf(schema)}${table}`;
}

/** The doubled underscore keeps the name apart from every table's. */
export function counterName(schema: ViewSchema, counter: string): string {
  return `${prefixOf(schema)}_counter_${counter}`;
}

export function statesName(schema: ViewSchema): string {
  return `${prefixOf(schema)}_states`;
}

export function indexName(schema: ViewSchema, table: string, columns: readonly string[]): string {
  return `${tableName(schema, table)}_by_${columns.join('_')}`;
}

/** Measures are stored in two columns: billions and the rest, so that no sum can overflow. */
export function highColumn(measure: string): string {
  return `${measure}_high`;
}
export function lowColumn(measure: string): string {
  return `${measure}_low`;
}

/** Statements that make the tables of a view; those that are there stay. */
export function createTables(schema: ViewSchema): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${quote(statesName(schema))} ("key" TEXT PRIMARY KEY, "state" TEXT NOT NULL)`,
    ...Object.entries(schema.tables).map(([name, table]) => createTable(tableName(schema, name), table)),
    ...Object.entries(schema.counters).map(([name, counter]) => createCounter(counterName(schema, name), counter)),
  ];
}

/** Names of the tables that the file has of a view and version, whatever its definition was. */
export function storedTables(database: SqliteDatabase, schema: ViewSchema): readonly string[] {
  const prefix = prefixOf(schema);
  return database
    .rows(`SELECT "name" FROM sqlite_schema WHERE "type" = 'table' AND substr("name", 1, ?) = ?`, [
      prefix.length,
      prefix,
    ])
    .map(([name]) => String(name));
}

function createTable(name: string, table: TableDefinition): string {
  const columns = Object.entries(table.columns).map(([column, type]) => `${quote(column)} ${sqlType(type)}`);
  // Not WITHOUT ROWID: new rows go to the end, so that only the small index of the ids is written at random places.
  const id = table.id === 'integer' ? '"id" INTEGER PRIMARY KEY' : '"id" TEXT PRIMARY KEY';
  return `CREATE TABLE IF NOT EXISTS ${quote(name)} (${[id, ...columns].join(', ')})`;
}

function createCounter(name: string, counter: CounterDefinition): string {
  const columns = [
    '"id" TEXT PRIMARY KEY',
    ...Object.entries(counter.dimensions).map(([dimension, type]) => `${quote(dimension)} ${sqlType(type)}`),
    ...counter.measures.flatMap((measure) => [
      `${quote(highColumn(measure))} INTEGER NOT NULL`,
      `${quote(lowColumn(measure))} INTEGER NOT NULL`,
    ]),
  ];
  return `CREATE TABLE IF NOT EXISTS ${quote(name)} (${columns.join(', ')}) WITHOUT ROWID`;
}

/** libsql binds every JS number as REAL: only the affinity of the column makes it an integer. */
function sqlType(type: ColumnType): string {
  return type === 'integer' ? 'INTEGER' : 'TEXT';
}
