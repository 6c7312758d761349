import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ViewSchema } from '../../port.js';
import type { SqliteDatabase } from './database.js';
import { indexName, quote, tableName } from './tables.js';

/**
 * Makes the indexes that are declared and missing, and removes those of an earlier release that are not declared any
 * more. Each in a transaction of its own: other processes may write in between, and what is made stays.
 */
export async function createIndexes(database: SqliteDatabase, schema: ViewSchema): Promise<void> {
  for (const [table, definition] of Object.entries(schema.tables)) {
    const name = tableName(schema, table);
    const present = new Set(
      database
        .rows(`SELECT "name" FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`, [name])
        .map(([index]) => String(index)),
    );
    for (const columns of definition.indexes) {
      const index = indexName(schema, table, columns);
      if (present.delete(index)) continue;
      // Ties are broken by the id. An integer id is in every index already, as the key that rows are stored by.
      const list = [...columns, ...(definition.id === 'string' ? ['id'] : [])].map(quote).join(', ');
      database.exec(`CREATE INDEX IF NOT EXISTS ${quote(index)} ON ${quote(name)} (${list})`);
      // On a large table each takes seconds: let the thread renew its leases in between.
      await nextTurn();
    }
    for (const index of present) database.exec(`DROP INDEX IF EXISTS ${quote(index)}`);
  }
}
