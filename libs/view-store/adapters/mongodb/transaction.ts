import { setTimeout as pause } from 'node:timers/promises';
import { type ClientSession, type MongoClient, MongoError, MongoErrorLabel } from 'mongodb';
import { isUnanswered } from './errors.js';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;

/**
 * Runs `work` in a transaction with snapshot reads and majority writes until it is known to be committed, starting
 * over after transient errors, at most until the deadline (by `performance.now()`).
 *
 * When the outcome of a commit stays unknown and its transaction is found to be gone, `work` runs again and has to see
 * for itself whether it was done. It cannot miss it: whatever is still under way holds the documents it wrote, and
 * `work` meets a write conflict until that is decided.
 * https://github.com/mongodb/specifications/blob/master/source/transactions/transactions.md
 */
export async function inTransaction<T>(
  client: MongoClient,
  deadline: number,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  // One session for all tries: a new transaction of a session ends the one before, also when that was left open.
  const session = client.startSession({ causalConsistency: false });
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        session.startTransaction({
          readConcern: { level: 'snapshot' },
          writeConcern: { w: 'majority' },
          readPreference: 'primary',
        });
        const result = await work(session);
        await commit(session, deadline);
        return result;
      } catch (error) {
        if (session.inTransaction()) await session.abortTransaction();
        if (!isTransient(error) || performance.now() >= deadline) throw error;
      }
      await backOff(attempt);
    }
  } finally {
    await session.endSession();
  }
}

/** Sends the commit until its outcome is known. The server takes a commit that it has done for done. */
async function commit(session: ClientSession, deadline: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!hasLabel(error, MongoErrorLabel.UnknownTransactionCommitResult) || performance.now() >= deadline)
        throw error;
    }
    await backOff(attempt);
  }
}

function isTransient(error: unknown): boolean {
  return hasLabel(error, MongoErrorLabel.TransientTransactionError) || isUnanswered(error);
}

function hasLabel(error: unknown, label: string): boolean {
  return error instanceof MongoError && error.hasErrorLabel(label);
}

/** Up to a bound that doubles, and at random: two that got in each other's way part. */
async function backOff(attempt: number): Promise<void> {
  await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
}
