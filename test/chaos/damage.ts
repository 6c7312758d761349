import { closeSync, openSync, readdirSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openEventsFile } from '#event-store/adapters/sqlite/events-file.js';
import { SqliteDatabase } from '#view-store/adapters/sqlite/database.js';

/** Writes over a part of a file what no database would write there. */
export function overwrite(path: string, at: number, bytes: number): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, Buffer.alloc(bytes, 0x5a), 0, bytes, at);
  closeSync(handle);
}

/** Cuts a file off after a share of it. */
export function tear(path: string, share: number): void {
  truncateSync(path, Math.floor(statSync(path).size * share));
}

/** Takes all of the log's WAL into events.db, so that damage to the file is damage to what is stored. */
export function settleEvents(folder: string): void {
  const log = openEventsFile(join(folder, 'events.db'), 'writer');
  log.prepare('PRAGMA wal_checkpoint(TRUNCATE)').raw().all([]);
  log.close();
}

/** The same for the views. */
export function settleViews(folder: string): void {
  for (const name of readdirSync(join(folder, 'views')).filter((file) => file.endsWith('.db'))) {
    const view = SqliteDatabase.open(join(folder, 'views', name), { cacheMiB: 1 });
    view.rows('PRAGMA wal_checkpoint(TRUNCATE)', []);
    view.close();
  }
}

/** Changes stored events as somebody would who has the file, but not the hashes' secret: there is none. */
export function tamper(folder: string, sql: string, ...parameters: readonly (string | number)[]): void {
  const log = openEventsFile(join(folder, 'events.db'), 'writer');
  log.prepare(sql).run([...parameters]);
  log.close();
}
