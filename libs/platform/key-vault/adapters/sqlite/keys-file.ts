import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import { codeOf, isBusy, messageOf } from '#event-store/adapters/sqlite/sqlite-errors.js';
import { KeyVaultUnusable } from '../../port.js';

/** `PLky` in ASCII: marks a file as a key vault of ours (SQLite's `application_id`). */
const APPLICATION_ID = 0x504c6b79;
const SCHEMA_VERSION = 1;

/**
 * Made so that the bytes of a key are in one place of the file only. Rows are appended, and a destroyed key is
 * overwritten by as many zeros: no page is split or joined with another, which could leave copies lying in it. No
 * index holds the bytes.
 */
const SCHEMA = `
  CREATE TABLE keys (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    owner     TEXT NOT NULL,
    destroyed INTEGER NOT NULL,
    wrapped   BLOB NOT NULL
  ) STRICT;
  CREATE INDEX living_by_owner ON keys (owner) WHERE destroyed = 0;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Another process holds a lock so long at most. */
export const WRITER_WAITS_MS = 10_000;
const READER_WAITS_MS = 2_000;

export type KeysFile = Database.Database;

/**
 * Opens the vault for one thread; creates the file, and its folder, if it is missing.
 * @param role readers may not write and wait only shortly for a lock, as they run on the caller's event loop
 * @throws KeyVaultUnusable
 * @throws SqliteError SQLITE_BUSY when another process is creating the file
 */
export function openKeysFile(path: string, role: 'reader' | 'writer'): KeysFile {
  // An absolute path is never taken for a URL or for ":memory:".
  const file = resolve(path);
  const db = connect(file);
  try {
    const blank = isBlank(db, file);
    // Also of a vault that is there: a copy that SQLite has made is not in this mode.
    pragma(db, 'journal_mode = WAL');
    if (blank) create(db);
    db.exec('PRAGMA synchronous = FULL');
    pragma(db, 'secure_delete = ON');
    pragma(db, `busy_timeout = ${role === 'writer' ? WRITER_WAITS_MS : READER_WAITS_MS}`);
    db.prepare('SELECT max(number) FROM keys').raw().all([]);
    if (role === 'reader') db.exec('PRAGMA query_only = ON');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error) || error instanceof KeyVaultUnusable) throw error;
    throw new KeyVaultUnusable(describe(file, error), { cause: error });
  }
}

/** Of those that answer with a value. */
export function pragma(db: KeysFile, setting: string): unknown {
  const [row] = db.prepare(`PRAGMA ${setting}`).raw().all([]);
  return Array.isArray(row) ? row[0] : undefined;
}

function connect(file: string): KeysFile {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return new Database(file, { timeout: WRITER_WAITS_MS });
  } catch (error) {
    throw new KeyVaultUnusable(`The key vault ${file} cannot be opened: ${messageOf(error)}.`, { cause: error });
  }
}

/** True when nothing is in the file yet. Looks before anything is changed: the file may be another program's. */
function isBlank(db: KeysFile, file: string): boolean {
  db.exec('BEGIN');
  try {
    const version = pragma(db, 'user_version');
    if (pragma(db, 'application_id') === APPLICATION_ID) {
      if (version === SCHEMA_VERSION) return false;
      throw new KeyVaultUnusable(
        `The key vault ${file} has schema version ${String(version)}; this release knows version ${SCHEMA_VERSION}.`,
      );
    }
    const [row] = db.prepare('SELECT count(*) FROM sqlite_schema').raw().all([]);
    if (version === 0 && Array.isArray(row) && row[0] === 0) return true;
    throw new KeyVaultUnusable(`The file ${file} belongs to another program; it is no key vault of Pipeledger.`);
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

function create(db: KeysFile): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    if (pragma(db, 'application_id') === 0) db.exec(SCHEMA);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function describe(file: string, error: unknown): string {
  const code = codeOf(error);
  if (code === 'SQLITE_NOTADB') return `The file ${file} is no SQLite database; it cannot be used as the key vault.`;
  if (code.startsWith('SQLITE_CORRUPT')) return `The key vault ${file} is damaged; restore it from a backup.`;
  return `The key vault ${file} cannot be opened: ${messageOf(error)}.`;
}
