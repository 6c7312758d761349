import Database from 'libsql';
import type { ReactorCheckpoint, WorkStore } from '../../port.js';

/** The work store in one SQLite file, shared by the processes of one host. */
export class SqliteWorkStore implements WorkStore {
  readonly #db: Database.Database;

  constructor(path: string) {
    this.#db = new Database(path);
    this.#db.pragma('busy_timeout = 10000');
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec(
      `CREATE TABLE IF NOT EXISTS reactor_checkpoint
         (reactor TEXT PRIMARY KEY, position INTEGER NOT NULL, hash TEXT NOT NULL) STRICT`,
    );
  }

  checkpoint(reactor: string): Promise<ReactorCheckpoint | null> {
    const rows: unknown[] = this.#db
      .prepare('SELECT CAST(position AS TEXT), hash FROM reactor_checkpoint WHERE reactor = ?')
      .raw()
      .all(reactor);
    const [row] = rows;
    return Promise.resolve(Array.isArray(row) ? { position: BigInt(String(row[0])), hash: String(row[1]) } : null);
  }

  saveCheckpoint(reactor: string, { position, hash }: ReactorCheckpoint): Promise<void> {
    this.#db
      .prepare(
        `INSERT INTO reactor_checkpoint (reactor, position, hash) VALUES (?, CAST(? AS INTEGER), ?)
         ON CONFLICT (reactor) DO UPDATE SET position = excluded.position, hash = excluded.hash
         WHERE excluded.position > position`,
      )
      .run(reactor, String(position), hash);
    return Promise.resolve();
  }

  forgetCheckpoint(reactor: string, { position, hash }: ReactorCheckpoint): Promise<void> {
    this.#db
      .prepare('DELETE FROM reactor_checkpoint WHERE reactor = ? AND position = CAST(? AS INTEGER) AND hash = ?')
      .run(reactor, String(position), hash);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }
}
