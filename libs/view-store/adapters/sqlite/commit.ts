import type { Changes, Checkpoint, Commit, ViewSchema } from '../../port.js';
import { CheckpointConflict } from '../../port.js';
import { checkIncrement, checkRow } from '../../row.js';
import { tableOf } from '../../schema.js';
import { readView } from './checkpoint.js';
import { CountersWriter } from './counter-writer.js';
import type { SqliteDatabase } from './database.js';
import { readLease } from './lease.js';
import { RowsWriter } from './row-writer.js';
import { quote, statesName, tableName } from './tables.js';
import { encodeText } from './text.js';
import { toSql } from './values.js';

/** Stores all of a commit or nothing. @throws CheckpointConflict */
export function commit(database: SqliteDatabase, schema: ViewSchema, work: Commit): void {
  database.transaction(() => {
    compareCheckpoint(database, schema, work.checkpoint);
    const rows = new RowsWriter(database, schema);
    const counters = new CountersWriter(database, schema);
    const store = (changes: Changes): void => {
      if (work.checked !== true) check(schema, changes);
      storeStates(database, schema, changes.states);
      deleteRows(database, schema, changes.deletes);
      rows.write(changes.upserts);
      for (const increment of changes.increments) counters.add(increment);
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
