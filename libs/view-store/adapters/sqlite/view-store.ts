import type { Checkpoint, Commit, Lease, ReadRequest, ReadResult, Row, ViewSchema, ViewStore } from '../../port.js';
import { checkSchema } from '../../schema.js';
import { digestOf, readView } from './checkpoint.js';
import { commit } from './commit.js';
import { SqliteDatabase } from './database.js';
import { createIndexes } from './indexes.js';
import { acquireLease, releaseLease } from './lease.js';
import { counterName, createTables, quote, statesName, tableName } from './tables.js';
import { decodeText, encodeText } from './text.js';
import { ScanConnections } from './scan-connections.js';
import { read, scan, type ScanRequest } from './view-reads.js';

const CACHE_MIB = 64;
const KEYS_PER_LOAD = 1_000;

/**
 * The view store of the embedded run: one file, which may be deleted at any time while nothing runs. Its SQL runs in
 * the calling thread, so that it belongs into a thread that serves no requests; several processes of one host may
 * share the file.
 */
export class SqliteViewStore implements ViewStore {
  private readonly scans: ScanConnections;

  private constructor(private readonly database: SqliteDatabase) {
    this.scans = new ScanConnections(database.path);
  }

  /** @throws ViewStoreUnusable the file is damaged or not ours */
  static open(path: string): SqliteViewStore {
    return new SqliteViewStore(SqliteDatabase.open(path, { cacheMiB: CACHE_MIB }));
  }

  async prepare(view: ViewSchema): Promise<void> {
    checkSchema(view);
    if (readView(this.database, view) !== null) return;
    this.database.transaction(() => {
      if (readView(this.database, view) !== null) return;
      for (const sql of createTables(view)) this.database.exec(sql);
      this.database.run('INSERT INTO "_view" ("view", "version", "digest") VALUES (?, ?, ?)', [
        view.view,
        view.version,
        digestOf(view),
      ]);
    });
  }

  async createIndexes(view: ViewSchema): Promise<void> {
    await createIndexes(this.database, view);
  }

  async drop(view: ViewSchema): Promise<void> {
    const names = [
      statesName(view),
      ...Object.keys(view.tables).map((table) => tableName(view, table)),
      ...Object.keys(view.counters).map((counter) => counterName(view, counter)),
    ];
    this.database.transaction(() => {
      for (const name of names) this.database.exec(`DROP TABLE IF EXISTS ${quote(name)}`);
      this.database.run('DELETE FROM "_view" WHERE "view" = ? AND "version" = ?', [view.view, view.version]);
    });
  }

  async load(view: ViewSchema, keys: readonly string[]): Promise<ReadonlyMap<string, object>> {
    const states = new Map<string, object>();
    const sql = `SELECT s."key", s."state" FROM json_each(?) AS k CROSS JOIN ${quote(statesName(view))} AS s ON s."key" = k."value"`;
    for (let first = 0; first < keys.length; first += KEYS_PER_LOAD) {
      const wanted = keys.slice(first, first + KEYS_PER_LOAD).map(encodeText);
      for (const [key, state] of this.database.rows(sql, [JSON.stringify(wanted)])) {
        states.set(decodeText(String(key)), JSON.parse(String(state)) as object);
      }
    }
    return states;
  }

  async commit(view: ViewSchema, work: Commit): Promise<void> {
    commit(this.database, view, work);
  }

  async acquireLease(view: ViewSchema, holder: string, ttlMs: number): Promise<Lease | null> {
    return acquireLease(this.database, view, holder, ttlMs, Date.now());
  }

  async releaseLease(view: ViewSchema, holder: string): Promise<void> {
    releaseLease(this.database, view, holder);
  }

  async read<const R extends readonly ReadRequest[]>(
    view: ViewSchema,
    requests: R,
  ): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }> {
    return read(this.database, view, requests);
  }

  async *scan(view: ViewSchema, request: ScanRequest): AsyncGenerator<readonly Row[]> {
    yield* this.scans.use((connection) => scan(connection, view, request));
  }

  async checkpoint(view: ViewSchema): Promise<Checkpoint | null> {
    return readView(this.database, view)?.checkpoint ?? null;
  }

  async close(): Promise<void> {
    this.scans.close();
    try {
      this.database.copyLog();
    } finally {
      this.database.close();
    }
  }
}
