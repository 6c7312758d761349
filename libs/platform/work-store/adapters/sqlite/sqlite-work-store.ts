import Database from 'libsql';
import type { WorkStore } from '../../port.js';

/** The work store in one SQLite file, shared by the processes of one host. */
export class SqliteWorkStore implements WorkStore {
  readonly #db: Database.Database;

  constructor(path: string) {
    this.#db = new Database(path);
    this.#db.pragma('busy_timeout = 10000');
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec('CREATE TABLE IF NOT EXISTS reactor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT');
  }

  checkpoint(reactor: string): Promise<bigint | null> {
    const rows: unknown[] = this.#db.prepare('SELECT CAST(position AS TEXT) FROM reactor WHERE name = ?').raw().all(reactor);
    const [row] = rows;
    return Promise.resolve(Array.isArray(row) ? BigInt(String(row[0])) : null);
  }

  saveCheckpoint(reactor: string, position: bigint): Promise<void> {
    this.#db
      .prepare(
        `INSERT INTO reactor (name, position) VALUES (?, CAST(? AS INTEGER))
         ON CONFLICT (name) DO UPDATE SET position = max(position, excluded.position)`,
      )
      .run(reactor, String(position));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#db.close();
    return Promise.resolve();
  }
}
