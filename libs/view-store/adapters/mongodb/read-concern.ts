import type { ClientSession, ReadConcernLike } from 'mongodb';

export interface ReadOptions {
  readonly session?: ClientSession;
  readonly readConcern?: ReadConcernLike;
}

// Both make a new object for each command: the driver writes cluster times into the one it is given, and one of the
// client or the database would carry them on to other sessions.

/** Reads nothing that a failover could take back. */
export function majority(): ReadOptions {
  return { readConcern: { level: 'majority' } };
}

/** Reads in the snapshot of the session, whatever read concern the URL names. */
export function inSnapshot(session: ClientSession): ReadOptions {
  return { session, readConcern: { level: 'snapshot' } };
}
