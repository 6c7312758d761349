import type { Checkpoint, Commit, Lease, ReadRequest, ReadResult, Row, ViewSchema, ViewStore } from '../../port.js';
import { checkSchema } from '../../schema.js';
import { digestOf, readView } from './checkpoint.js';
import { commit } from './commit.js';
import { createIndexes } from './indexes.js';
import { acquireLease, releaseLease } from './lease.js';
import { createTables, quote, statesName, storedTables } from './tables.js';
import { decodeText, encodeText } from './text.js';
import { ViewFiles } from './view-files.js';
import { read, scan, type ScanRequest } from './view-reads.js';

/** For each view. A rebuild touches most pages of a large view over and over; what is over this is re-read. */
const CACHE_MIB = 8;
const KEYS_PER_LOAD = 1_000;

/**
 * The view store of the embedded run: a folder with one file for each view. The folder, or any file in it with its -wal
 * and -shm, may be deleted at any time while nothing runs. Its SQL runs in the calling thread, so that it belongs into a
 * thread that serves no requests; several threads and processes of one host may share the folder.
 */
export class SqliteViewStore implements ViewStore {
  private constructor(private readonly files: ViewFiles) {}

  /** @throws ViewStoreUnusable a file is damaged or not ours */
  static open(folder: string): SqliteViewStore {
    return new SqliteViewStore(ViewFiles.open(folder, CACHE_MIB));
  }

  async prepare(view: ViewSchema): Promise<void> {
    checkSchema(view);
    const database = this.files.of(view);
    if (readView(database, view) !== null) return;
    database.transaction(() => {
      if (readView(database, view) !== null) return;
      for (const sql of createTables(view)) database.exec(sql);
      database.run('INSERT INTO "_view" ("view", "version", "digest") VALUES (?, ?, ?)', [
        view.view,
        view.version,
        digestOf(view),
      ]);
    });
  }

  async createIndexes(view: ViewSchema): Promise<void> {
    await createIndexes(this.files.of(view), view);
  }

  async versions(view: ViewSchema): Promise<readonly number[]> {
    const sql = 'SELECT "version" FROM "_view" WHERE "view" = ? ORDER BY "version"';
    return this.files
      .of(view)
      .rows(sql, [view.view])
      .map(([version]) => Number(version));
  }

  async drop(view: ViewSchema): Promise<void> {
    const database = this.files.of(view);
    database.transaction(() => {
      for (const name of storedTables(database, view)) database.exec(`DROP TABLE ${quote(name)}`);
      database.run('DELETE FROM "_view" WHERE "view" = ? AND "version" = ?', [view.view, view.version]);
    });
  }

  async load(view: ViewSchema, keys: readonly string[]): Promise<ReadonlyMap<string, object>> {
    const states = new Map<string, object>();
    const sql = `SELECT s."key", s."state" FROM json_each(?) AS k CROSS JOIN ${quote(statesName(view))} AS s ON s."key" = k."value"`;
    for (let first = 0; first < keys.length; first += KEYS_PER_LOAD) {
      const wanted = keys.slice(first, first + KEYS_PER_LOAD).map(encodeText);
      for (const [key, state] of this.files.of(view).rows(sql, [JSON.stringify(wanted)])) {
        states.set(decodeText(String(key)), JSON.parse(String(state)) as object);
      }
    }
    return states;
  }

  async purge(view: ViewSchema): Promise<boolean> {
    return this.files.of(view).cutLog();
  }

  async commit(view: ViewSchema, work: Commit): Promise<void> {
    commit(this.files.of(view), view, work);
  }

  async acquireLease(view: ViewSchema, holder: string, ttlMs: number): Promise<Lease | null> {
    return acquireLease(this.files.of(view), view, holder, ttlMs, Date.now());
  }

  async releaseLease(view: ViewSchema, holder: string): Promise<void> {
    releaseLease(this.files.of(view), view, holder);
  }

  async read<const R extends readonly ReadRequest[]>(
    view: ViewSchema,
    requests: R,
  ): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }> {
    return read(this.files.of(view), view, requests);
  }

  async *scan(view: ViewSchema, request: ScanRequest): AsyncGenerator<readonly Row[]> {
    yield* this.files.scansOf(view).use((connection) => scan(connection, view, request));
  }

  async checkpoint(view: ViewSchema): Promise<Checkpoint | null> {
    return readView(this.files.of(view), view)?.checkpoint ?? null;
  }

  async close(): Promise<void> {
    try {
      this.files.copyLogs();
    } finally {
      this.files.close();
    }
  }
}
