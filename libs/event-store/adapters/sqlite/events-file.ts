import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import { codeOf, isBusy, messageOf } from './sqlite-errors.js';

/** `PLEV` in ASCII: marks a file as a Pipeledger event log (SQLite's `application_id`). */
const APPLICATION_ID = 0x504c4556;
const SCHEMA_VERSION = 1;

/**
 * `position` is given out by the writer inside its transaction, so the order of positions is the order of commits,
 * whichever process writes. Nothing is ever deleted, so `max(position) + 1` is always new.
 */
const SCHEMA = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream   TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id       TEXT NOT NULL,
    type     TEXT NOT NULL,
    data     TEXT NOT NULL,
    metadata TEXT NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** The file cannot be used as an event log, now or after waiting. The message is a sentence for the operator. */
export class UnusableEventsFile extends Error {
  override readonly name = 'UnusableEventsFile';
}

export type EventsFile = Database.Database;

/**
 * Opens the log for one thread; creates the file, and its folder, if it is missing.
 *
 * The WAL is checkpointed by the writer every 8,000 pages (32 MiB): the index of the streams is written all over, and
 * with fewer checkpoints each of its pages is copied less often. It can only start over when no reader is in the midst
 * of it, so a reader that holds a statement open for long lets it grow: all reads here are short and complete. After a
 * burst it is cut back to 64 MiB.
 *
 * @param role readers may not write and wait at most 2 s for a lock, as they run on the caller's event loop; writers
 *   wait 10 s
 * @throws UnusableEventsFile
 * @throws SqliteError SQLITE_BUSY when another process is creating the file
 */
export function openEventsFile(path: string, role: 'reader' | 'writer'): EventsFile {
  // An absolute path is never taken for a URL or for ":memory:".
  const file = resolve(path);
  const db = connect(file);
  try {
    const blank = isBlank(db, file);
    // Also of a log that is there: a copy that SQLite has made is not in this mode.
    db.prepare('PRAGMA journal_mode = WAL').raw().all([]);
    if (blank) create(db);
    db.prepare('SELECT max(position) FROM events').raw().all([]);
    db.exec(`
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = ${role === 'writer' ? -32_768 : -4_096};
      PRAGMA wal_autocheckpoint = 8000;
    `);
    db.prepare('PRAGMA journal_size_limit = 67108864').raw().all([]);
    db.prepare(`PRAGMA busy_timeout = ${role === 'writer' ? 10_000 : 2_000}`)
      .raw()
      .all([]);
    if (role === 'reader') db.exec('PRAGMA query_only = ON');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error) || error instanceof UnusableEventsFile) throw error;
    throw new UnusableEventsFile(describe(file, error), { cause: error });
  }
}

function connect(file: string): EventsFile {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return new Database(file, { timeout: 10_000 });
  } catch (error) {
    throw new UnusableEventsFile(`The event log ${file} cannot be opened: ${messageOf(error)}.`, { cause: error });
  }
}

/** True when nothing is in the file yet. Looks before anything is changed: the file may be another program's. */
function isBlank(db: EventsFile, file: string): boolean {
  const { application, version, tables } = marks(db);
  if (application === APPLICATION_ID) {
    if (version === SCHEMA_VERSION) return false;
    throw new UnusableEventsFile(
      `The event log ${file} has schema version ${String(version)}; this release knows version ${SCHEMA_VERSION}.`,
    );
  }
  if (application === 0 && version === 0 && tables === 0) return true;
  throw new UnusableEventsFile(`The file ${file} belongs to another program; it is no Pipeledger event log.`);
}

/** Read in one transaction, as another process may be creating the log. */
function marks(db: EventsFile): { application: unknown; version: unknown; tables: unknown } {
  db.exec('BEGIN');
  try {
    return {
      tables: single(db, 'SELECT count(*) FROM sqlite_master'),
      application: single(db, 'PRAGMA application_id'),
      version: single(db, 'PRAGMA user_version'),
    };
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

function create(db: EventsFile): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    if (single(db, 'PRAGMA application_id') === 0) db.exec(SCHEMA);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function single(db: EventsFile, sql: string): unknown {
  const [row] = db.prepare(sql).raw().all([]);
  return Array.isArray(row) ? row[0] : undefined;
}

function describe(file: string, error: unknown): string {
  const code = codeOf(error);
  if (code === 'SQLITE_NOTADB') return `The file ${file} is no SQLite database; it cannot be used as the event log.`;
  if (code.startsWith('SQLITE_CORRUPT')) return `The event log ${file} is damaged; restore it from a backup.`;
  return `The event log ${file} cannot be opened: ${messageOf(error)}.`;
}
