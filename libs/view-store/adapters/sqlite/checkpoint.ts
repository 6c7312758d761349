import type { Checkpoint, ViewSchema } from '../../port.js';
import { ViewSchemaConflict } from '../../port.js';
import { schemaDigest } from '../../schema.js';
import type { SqliteDatabase } from './database.js';

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
 * The view's place in the log; null when the store does not hold the view.
 * @throws ViewSchemaConflict it holds the view under another definition
 */
export function readView(
  database: SqliteDatabase,
  schema: ViewSchema,
): { readonly checkpoint: Checkpoint | null } | null {
  const [row] = database.rows('SELECT "digest", "position", "hash" FROM "_view" WHERE "view" = ? AND "version" = ?', [
    schema.view,
    schema.version,
  ]);
  if (row === undefined) return null;
  const [digest, position, hash] = row;
  if (digest !== digestOf(schema)) {
    throw new ViewSchemaConflict(
      `${database.path} holds view ${schema.view} version ${schema.version} under another definition. ` +
        `Raise the view's version, or stop and delete ${database.path} (with its -wal and -shm files): it is rebuilt from the events.`,
    );
  }
  return { checkpoint: typeof position === 'string' ? { position: BigInt(position), hash: String(hash) } : null };
}
