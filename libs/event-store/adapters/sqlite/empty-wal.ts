import type Database from 'libsql';

/**
 * Copies all of the WAL into the file and cuts it to nothing. Connections that are in the midst of reading it, of any
 * process, are waited for.
 * @returns whether it is empty now
 */
export function emptyWal(db: Database.Database, waitMs = 200): boolean {
  try {
    db.prepare(`PRAGMA busy_timeout = ${waitMs}`).raw().all([]);
    const [row] = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').raw().all([]);
    return Array.isArray(row) && row[0] === 0;
  } catch {
    // The WAL stays, and is as durable as the file.
    return false;
  }
}
