import { hostname } from 'node:os';
import type { Lease, ViewSchema } from '../../port.js';
import type { SqliteDatabase } from './database.js';

interface StoredLease {
  readonly holder: string | null;
  readonly epoch: number;
  readonly renewedAt: number;
  readonly expiresAt: number;
}

export function readLease(database: SqliteDatabase, schema: ViewSchema): StoredLease | null {
  const [row] = database.rows(
    'SELECT "holder", "epoch", "renewedAt", "expiresAt" FROM "_lease" WHERE "view" = ? AND "version" = ?',
    [schema.view, schema.version],
  );
  if (row === undefined) return null;
  const [holder, epoch, renewedAt, expiresAt] = row;
  return {
    holder: typeof holder === 'string' ? holder : null,
    epoch: Number(epoch),
    renewedAt: Number(renewedAt),
    expiresAt: Number(expiresAt),
  };
}

/** @param now epoch milliseconds */
export function acquireLease(
  database: SqliteDatabase,
  schema: ViewSchema,
  holder: string,
  ttlMs: number,
  now: number,
): Lease | null {
  // Asked first without the lock on the file: followers must not wait for the leader's commits.
  if (isHeldByOther(readLease(database, schema), holder, now)) return null;
  return database.transaction(() => {
    const stored = readLease(database, schema);
    if (isHeldByOther(stored, holder, now)) return null;
    const own = stored?.holder === holder;
    const epoch = own ? stored.epoch : (stored?.epoch ?? 0) + 1;
    database.run(
      'INSERT OR REPLACE INTO "_lease" ("view", "version", "holder", "epoch", "renewedAt", "expiresAt") VALUES (?, ?, ?, ?, ?, ?)',
      [schema.view, schema.version, holder, epoch, now, now + ttlMs],
    );
    return { epoch };
  });
}

/** The epoch stays, so that none is ever given twice. */
export function releaseLease(database: SqliteDatabase, schema: ViewSchema, holder: string): void {
  database.run('UPDATE "_lease" SET "holder" = NULL WHERE "view" = ? AND "version" = ? AND "holder" = ?', [
    schema.view,
    schema.version,
    holder,
  ]);
}

/** A clock that was set back would keep a lease for as long; taking over too early is harmless, as epochs fence. */
function isHeldByOther(lease: StoredLease | null, holder: string, now: number): boolean {
  if (lease === null || lease.holder === null || lease.holder === holder) return false;
  if (now >= lease.expiresAt || now < lease.renewedAt) return false;
  return !isDeadHere(lease.holder);
}

/** Whether `<hostname>:<pid>:<random>` names a process of this host that has ended. */
function isDeadHere(holder: string): boolean {
  const [, host, pid] = /^(.*):(\d+):[^:]*$/.exec(holder) ?? [];
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH';
  }
}
