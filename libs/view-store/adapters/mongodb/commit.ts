import { randomUUID } from 'node:crypto';
import type { ClientSession, Db, MongoClient } from 'mongodb';
import type { Changes, Commit, ViewSchema } from '../../port.js';
import { CheckpointConflict, wholeOf } from '../../port.js';
import { checkIncrement, checkRow } from '../../row.js';
import { tableOf } from '../../schema.js';
import { storeIncrements } from './counters.js';
import { CollectionNames, viewKey } from './names.js';
import { inTransaction } from './transaction.js';
import { toDocument, toId } from './values.js';
import { checkpointOf, digestOf, ifPrepared, readRecord, records } from './view-record.js';

/** Stores all of a commit or nothing. @param deadline by `performance.now()` @throws CheckpointConflict */
export async function commit(
  client: MongoClient,
  database: Db,
  schema: ViewSchema,
  work: Commit,
  deadline: number,
): Promise<void> {
  const whole = wholeOf(work);
  for (const { table, row } of whole.upserts) checkRow(schema, table, row);
  for (const { table } of whole.deletes) tableOf(schema, table);
  for (const increment of whole.increments) checkIncrement(schema, increment);
  const id = randomUUID();
  await inTransaction(client, deadline, async (session) => {
    const names = await moveCheckpoint(database, session, schema, work.checkpoint, id);
    if (names === 'done before') return;
    await storeStates(database, session, names, whole.states);
    await storeRows(database, session, schema, names, whole);
    await storeIncrements(database, session, schema, names, whole.increments);
  });
}

/**
 * Moves the checkpoint first: of two that start from the same one, the second meets the first here, before it has
 * written anything. The commit's own id tells a try whether an earlier one, of unknown outcome, was done.
 */
async function moveCheckpoint(
  database: Db,
  session: ClientSession,
  schema: ViewSchema,
  { from, to, epoch }: Commit['checkpoint'],
  commitId: string,
): Promise<CollectionNames | 'done before'> {
  const moved = await records(database).findOneAndUpdate(
    {
      _id: viewKey(schema),
      digest: digestOf(schema),
      epoch,
      position: from === null ? null : from.position.toString(),
      hash: from === null ? null : from.hash,
      commit: { $ne: commitId },
    },
    { $set: { position: to.position.toString(), hash: to.hash, commit: commitId } },
    { session, returnDocument: 'after', projection: { generation: 1 } },
  );
  if (moved !== null) return new CollectionNames(schema, moved.generation);
  const record = await readRecord(database, schema, { session });
  if (record?.commit === commitId) return 'done before';
  const prepared = ifPrepared(database, schema, record);
  if (prepared === null && record?.epoch === epoch && from === null) {
    throw new Error(`view ${schema.view} version ${schema.version} is not prepared`);
  }
  throw new CheckpointConflict(schema.view, prepared === null ? null : checkpointOf(prepared), record?.epoch ?? 0);
}

interface StateDocument {
  readonly _id: string;
  readonly state: string;
}

async function storeStates(
  database: Db,
  session: ClientSession,
  names: CollectionNames,
  states: Commit['states'],
): Promise<void> {
  if (states.length === 0) return;
  const last = new Map(states.map(({ key, state }) => [key, state]));
  await database.collection<StateDocument>(names.states).bulkWrite(
    [...last].map(([key, state]) =>
      state === null
        ? { deleteOne: { filter: { _id: key } } }
        : { replaceOne: { filter: { _id: key }, replacement: { state: JSON.stringify(state) }, upsert: true } },
    ),
    { session, ordered: false },
  );
}

/** What is deleted and stored in one commit is stored; of two rows of one id the last is. */
async function storeRows(
  database: Db,
  session: ClientSession,
  schema: ViewSchema,
  names: CollectionNames,
  { upserts, deletes }: Changes,
): Promise<void> {
  const changes = new Map<string, Map<string | number, Commit['upserts'][number]['row'] | null>>();
  const change = (table: string, id: string | number, row: Commit['upserts'][number]['row'] | null): void => {
    let rows = changes.get(table);
    if (rows === undefined) {
      rows = new Map();
      changes.set(table, rows);
    }
    rows.set(id, row);
  };
  for (const { table, id } of deletes) change(table, id, null);
  for (const { table, row } of upserts) change(table, row.id, row);
  for (const [table, rows] of changes) {
    const definition = tableOf(schema, table);
    await database.collection<{ _id: string | bigint }>(names.table(table)).bulkWrite(
      [...rows].map(([id, row]) =>
        row === null
          ? { deleteOne: { filter: { _id: toId(id) } } }
          : { replaceOne: { filter: { _id: toId(id) }, replacement: toDocument(definition, row), upsert: true } },
      ),
      { session, ordered: false },
    );
  }
}
