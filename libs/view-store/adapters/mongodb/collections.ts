import type { Db } from 'mongodb';
import type { ViewSchema } from '../../port.js';
import { checkSchema } from '../../schema.js';
import { hasCode, ServerCode } from './errors.js';
import { CollectionNames, viewKey } from './names.js';
import { digestOf, ifPrepared, makeRecord, readRecord, records, type ViewRecord } from './view-record.js';

/**
 * Makes the view's collections, then its record says that it is prepared. A process that dies in between leaves empty
 * collections, which the next one uses.
 * @throws ViewSchemaConflict
 */
export async function prepare(database: Db, schema: ViewSchema): Promise<ViewRecord> {
  checkSchema(schema);
  for (;;) {
    const record = await readRecord(database, schema);
    const prepared = ifPrepared(database, schema, record);
    if (prepared !== null) {
      await removeLeftovers(database, prepared);
      return prepared;
    }
    if (record === null) {
      await ignoring(makeRecord(database, schema), ServerCode.duplicateKey);
      continue;
    }
    const collections = new CollectionNames(schema, record.generation).all();
    for (const name of collections) {
      await ignoring(database.createCollection(name), ServerCode.namespaceExists);
    }
    await records(database).updateOne(
      { _id: record._id, generation: record.generation, digest: null },
      { $set: { digest: digestOf(schema), collections } },
    );
  }
}

/** From the first step on the view reads as empty and commits to it are refused; the rest only frees the room. */
export async function drop(database: Db, schema: ViewSchema): Promise<void> {
  const dropped = await records(database).findOneAndUpdate(
    { _id: viewKey(schema), digest: { $ne: null } },
    [
      {
        $set: {
          generation: { $add: ['$generation', 1] },
          digest: null,
          collections: [],
          leftovers: { $concatArrays: ['$leftovers', '$collections'] },
          position: null,
          hash: null,
          commit: null,
        },
      },
    ],
    { returnDocument: 'after' },
  );
  const record = dropped ?? (await readRecord(database, schema));
  if (record !== null) await removeLeftovers(database, record);
}

async function removeLeftovers(database: Db, record: ViewRecord): Promise<void> {
  for (const name of record.leftovers) {
    await ignoring(database.dropCollection(name), ServerCode.namespaceNotFound);
  }
  if (record.leftovers.length === 0) return;
  await records(database).updateOne({ _id: record._id }, { $pull: { leftovers: { $in: [...record.leftovers] } } });
}

async function ignoring(work: Promise<unknown>, code: number): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!hasCode(error, code)) throw error;
  }
}
