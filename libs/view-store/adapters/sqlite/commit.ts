import type { Changes, Checkpoint, Commit, CounterDefinition, Increment, ViewSchema } from '../../port.js';
import { CheckpointConflict } from '../../port.js';
import { checkIncrement, checkRow } from '../../row.js';
import { counterOf, tableOf } from '../../schema.js';
import { readView } from './checkpoint.js';
import type { SqliteDatabase, SqlValue } from './database.js';
import { readLease } from './lease.js';
import { RowsWriter } from './row-writer.js';
import { BILLION } from './sum.js';
import { counterName, highColumn, lowColumn, quote, statesName, tableName } from './tables.js';
import { encodeText } from './text.js';
import { toSql } from './values.js';

/** Stores all of a commit or nothing. @throws CheckpointConflict */
export function commit(database: SqliteDatabase, schema: ViewSchema, work: Commit): void {
  database.transaction(() => {
    compareCheckpoint(database, schema, work.checkpoint);
    const rows = new RowsWriter(database, schema);
    const store = (changes: Changes): void => {
      if (work.checked !== true) check(schema, changes);
      storeStates(database, schema, changes.states);
      deleteRows(database, schema, changes.deletes);
      rows.write(changes.upserts);
      for (const increment of changes.increments) addIncrement(database, schema, increment);
    };
    store(work);
    for (const part of work.parts?.() ?? []) store(part);
    rows.flush();
    const { position, hash } = work.checkpoint.to;
    database.run('UPDATE "_view" SET "position" = ?, "hash" = ? WHERE "view" = ? AND "version" = ?', [
      position.toString(),
      hash,
      schema.view,
      schema.version,
    ]);
  });
}

function check(schema: ViewSchema, { upserts, increments }: Changes): void {
  for (const { table, row } of upserts) checkRow(schema, table, row);
  for (const increment of increments) checkIncrement(schema, increment);
}

function compareCheckpoint(database: SqliteDatabase, schema: ViewSchema, expected: Commit['checkpoint']): void {
  const view = readView(database, schema);
  const epoch = readLease(database, schema)?.epoch ?? 0;
  const stored = view?.checkpoint ?? null;
  if (epoch !== expected.epoch || !sameCheckpoint(stored, expected.from)) {
    throw new CheckpointConflict(schema.view, stored, epoch);
  }
  if (view === null) throw new Error(`view ${schema.view} version ${schema.version} is not prepared`);
}

function sameCheckpoint(a: Checkpoint | null, b: Checkpoint | null): boolean {
  return a === null || b === null ? a === b : a.position === b.position && a.hash === b.hash;
}

function storeStates(database: SqliteDatabase, schema: ViewSchema, states: Commit['states']): void {
  const name = quote(statesName(schema));
  const store = `INSERT INTO ${name} ("key", "state") VALUES (?, ?)
    ON CONFLICT ("key") DO UPDATE SET "state" = excluded."state"`;
  const remove = `DELETE FROM ${name} WHERE "key" = ?`;
  for (const { key, state } of states) {
    if (state === null) database.run(remove, [encodeText(key)]);
    else database.run(store, [encodeText(key), JSON.stringify(state)]);
  }
}

function deleteRows(database: SqliteDatabase, schema: ViewSchema, deletes: Commit['deletes']): void {
  for (const { table, id } of deletes) {
    const definition = tableOf(schema, table);
    database.run(`DELETE FROM ${quote(tableName(schema, table))} WHERE "id" = ?`, [toSql(definition.id, id)]);
  }
}

/**
 * Adds to the two parts of each measure and carries between them, so that both stay far inside 64 bits whatever the
 * number of increments. A row that has come to zero is removed.
 */
function addIncrement(database: SqliteDatabase, schema: ViewSchema, increment: Increment): void {
  const counter = counterOf(schema, increment.counter);
  const dimensions = Object.keys(counter.dimensions);
  const id = JSON.stringify(dimensions.map((dimension) => increment.dimensions[dimension] ?? null));
  const params: SqlValue[] = [id];
  for (const [dimension, type] of Object.entries(counter.dimensions)) {
    params.push(toSql(type, increment.dimensions[dimension]));
  }
  let mayBeZero = false;
  for (const measure of counter.measures) {
    const value = increment.measures[measure] ?? 0;
    // As bigints: libsql binds a JS number as REAL, and the carry needs whole numbers.
    params.push(BigInt(Math.trunc(value / BILLION)), BigInt(value % BILLION));
    mayBeZero ||= value < 0;
  }
  const name = quote(counterName(schema, increment.counter));
  database.run(upsertCounter(name, counter, dimensions), params);
  if (!mayBeZero) return;
  const zero = counter.measures.flatMap((measure) => [highColumn(measure), lowColumn(measure)]);
  database.run(`DELETE FROM ${name} WHERE "id" = ? AND ${zero.map((column) => `${quote(column)} = 0`).join(' AND ')}`, [
    id,
  ]);
}

function upsertCounter(name: string, counter: CounterDefinition, dimensions: readonly string[]): string {
  const parts = counter.measures.flatMap((measure) => [highColumn(measure), lowColumn(measure)]);
  const columns = ['id', ...dimensions, ...parts];
  const updates = counter.measures.flatMap((measure) => {
    const high = quote(highColumn(measure));
    const low = quote(lowColumn(measure));
    return [
      `${high} = ${high} + excluded.${high} + (${low} + excluded.${low}) / ${BILLION}`,
      `${low} = (${low} + excluded.${low}) % ${BILLION}`,
    ];
  });
  return `INSERT INTO ${name} (${columns.map(quote).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT ("id") DO UPDATE SET ${updates.join(', ')}`;
}
