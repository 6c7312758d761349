import { closeSync, fsyncSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import Database from 'libsql';

/**
 * Writes the database as it is at this moment into a new file, and waits until that is on the disk. Others may write to
 * the database meanwhile; what was committed before is in it. It reads the whole file on the calling thread, and the
 * log of the database (WAL) grows until it is done.
 * @param to must not exist
 */
export function snapshot(from: string, to: string): void {
  // An absolute path is never taken for a URL or for ":memory:".
  const db = new Database(resolve(from), { fileMustExist: true, timeout: 10_000 });
  try {
    db.prepare('VACUUM INTO ?').run(resolve(to));
  } finally {
    db.close();
  }
  // SQLite does not sync what it vacuums into (https://www.sqlite.org/lang_vacuum.html).
  syncToDisk(to);
}

/** A file's content, or a folder's names. */
export function syncToDisk(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
