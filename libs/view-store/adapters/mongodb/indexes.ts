import { setTimeout as pause } from 'node:timers/promises';
import type { Collection, Db, IndexDescription } from 'mongodb';
import type { TableDefinition, ViewSchema } from '../../port.js';
import { hasCode, isUnanswered, ServerCode } from './errors.js';
import { type CollectionNames, fieldOf } from './names.js';

const BUILD_DEADLINE_MS = 6 * 60 * 60 * 1_000;
const RETRY_AFTER_MS = 500;

/** Makes the indexes that are declared and missing, and removes those of an earlier release that are not any more. */
export async function createIndexes(database: Db, schema: ViewSchema, names: CollectionNames): Promise<void> {
  for (const [table, definition] of Object.entries(schema.tables)) {
    const collection = database.collection(names.table(table));
    const declared = declaredIndexes(definition);
    const present = new Set((await collection.indexes()).map(({ name }) => name ?? ''));
    const missing = declared.filter(({ name }) => !present.has(name ?? ''));
    if (missing.length > 0) await build(collection, missing);
    for (const name of present) {
      if (name === '_id_' || declared.some((index) => index.name === name)) continue;
      await collection.dropIndex(name).catch((error: unknown) => {
        if (!hasCode(error, ServerCode.indexNotFound)) throw error;
      });
    }
  }
}

function declaredIndexes({ indexes }: TableDefinition): readonly IndexDescription[] {
  return indexes.map((columns) => ({
    name: `by_${columns.join('_')}`,
    key: new Map([...columns.map((column): [string, 1] => [fieldOf(column), 1]), ['_id', 1]]),
  }));
}

/** On a large collection this takes longer than an answer may: asked again, the server joins the build under way. */
async function build(collection: Collection, indexes: readonly IndexDescription[]): Promise<void> {
  const deadline = performance.now() + BUILD_DEADLINE_MS;
  for (;;) {
    try {
      await collection.createIndexes([...indexes]);
      return;
    } catch (error) {
      if (!isUnanswered(error) || performance.now() >= deadline) throw error;
      await pause(RETRY_AFTER_MS);
    }
  }
}
