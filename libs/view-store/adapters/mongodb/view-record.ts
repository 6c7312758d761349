import type { Collection, Db } from 'mongodb';
import type { Checkpoint, ViewSchema } from '../../port.js';
import { ViewSchemaConflict } from '../../port.js';
import { schemaDigest } from '../../schema.js';
import { versionIn, VIEWS, viewKey } from './names.js';
import { majority, type ReadOptions } from './read-concern.js';

/**
 * All that is known of a view beside its data, in one document: a commit and a change of the lease then conflict with
 * each other, and a commit of an older epoch cannot slip in beside a takeover.
 */
export interface ViewRecord {
  readonly _id: string;
  /** Counts the drops of the view; part of the names of its collections. */
  readonly generation: number;
  /** Digest of the stored definition; null: not prepared. */
  readonly digest: string | null;
  readonly collections: readonly string[];
  /** Collections of dropped generations that are still to be removed. */
  readonly leftovers: readonly string[];
  /** A decimal string, as positions may be beyond 64 bits with a sign. */
  readonly position: string | null;
  readonly hash: string | null;
  /** The commit that set the checkpoint. */
  readonly commit: string | null;
  readonly holder: string | null;
  readonly epoch: number;
  readonly renewedAt: Date | null;
  readonly expiresAt: Date | null;
}

const NEW: Omit<ViewRecord, '_id'> = {
  generation: 1,
  digest: null,
  collections: [],
  leftovers: [],
  position: null,
  hash: null,
  commit: null,
  holder: null,
  epoch: 0,
  renewedAt: null,
  expiresAt: null,
};

export function records(database: Db): Collection<ViewRecord> {
  return database.collection<ViewRecord>(VIEWS);
}

/** The record of a view; null when there is none. */
export async function readRecord(
  database: Db,
  schema: ViewSchema,
  options: ReadOptions = majority(),
): Promise<ViewRecord | null> {
  return records(database).findOne<ViewRecord>({ _id: viewKey(schema) }, options);
}

/** Versions of a view that are prepared, ascending. */
export async function versions(database: Db, { view }: ViewSchema): Promise<readonly number[]> {
  const prepared = await records(database)
    .find({ digest: { $ne: null } }, { projection: { _id: 1 }, ...majority() })
    .toArray();
  return prepared.flatMap(({ _id }) => versionIn(_id, view) ?? []).sort((a, b) => a - b);
}

/** Makes the record if there is none. @throws a duplicate key when another process makes it at the same moment */
export async function makeRecord(database: Db, schema: ViewSchema): Promise<void> {
  await records(database).updateOne({ _id: viewKey(schema) }, { $setOnInsert: NEW }, { upsert: true });
}

const digests = new WeakMap<ViewSchema, string>();

/** Digest of a definition, computed once for each definition. */
export function digestOf(schema: ViewSchema): string {
  let digest = digests.get(schema);
  if (digest === undefined) {
    digest = schemaDigest(schema);
    digests.set(schema, digest);
  }
  return digest;
}

/**
 * The record when its view is prepared, under this definition; else null.
 * @throws ViewSchemaConflict it is prepared under another one
 */
export function ifPrepared(database: Db, schema: ViewSchema, record: ViewRecord | null): ViewRecord | null {
  if (record === null || record.digest === null) return null;
  if (record.digest === digestOf(schema)) return record;
  throw new ViewSchemaConflict(
    `The MongoDB database ${database.databaseName} holds view ${schema.view} version ${schema.version} under another ` +
      "definition. Raise the view's version, or stop all processes and drop the database: it is rebuilt from the events.",
  );
}

export function checkpointOf(record: ViewRecord): Checkpoint | null {
  const { position, hash } = record;
  return position === null || hash === null ? null : { position: BigInt(position), hash };
}
