import type { Binary } from 'bson';
import { CommandError } from './errors.js';
import { Transaction } from './transaction.js';

/** What the server remembers of a logical session. */
export interface ServerSession {
  readonly id: Binary;
  /** The highest transaction number that was seen. */
  txnNumber: bigint;
  transaction: Transaction | null;
  /** What the statements of the retryable write `txnNumber` have done, by their numbers. */
  readonly statements: Map<number, unknown>;
  lastUse: Date;
}

const TRANSACTION_LIFETIME_MS = 60_000;

export class Sessions {
  private readonly sessions = new Map<string, ServerSession>();

  constructor(private readonly transactionLifetimeMs = TRANSACTION_LIFETIME_MS) {}

  /** The session of a command's `lsid`. */
  use(id: Binary): ServerSession {
    const key = keyOf(id);
    let session = this.sessions.get(key);
    if (session === undefined) {
      session = { id, txnNumber: -1n, transaction: null, statements: new Map(), lastUse: new Date() };
      this.sessions.set(key, session);
    }
    session.lastUse = new Date();
    return session;
  }

  all(): readonly ServerSession[] {
    return [...this.sessions.values()];
  }

  end(id: Binary): void {
    this.sessions.get(keyOf(id))?.transaction?.abort();
    this.sessions.delete(keyOf(id));
  }

  abortTransactions(): void {
    for (const session of this.sessions.values()) session.transaction?.abort();
  }

  /** Transactions that run too long are aborted, as `transactionLifetimeLimitSeconds` has it. */
  expireTransactions(): void {
    const limit = Date.now() - this.transactionLifetimeMs;
    for (const { transaction } of this.sessions.values()) {
      if (transaction !== null && transaction.startedAt < limit) transaction.abort();
    }
  }
}

function keyOf(id: Binary): string {
  return Buffer.from(id.value()).toString('hex');
}

/** A new number: whatever the session was at is over. @throws CommandError the number is behind */
export function advance(session: ServerSession, txnNumber: bigint): void {
  if (txnNumber < session.txnNumber) {
    throw new CommandError(
      225,
      `Cannot start transaction with ${txnNumber} on session because a newer transaction with txnNumber ${session.txnNumber} has already started on this session.`,
    );
  }
  if (txnNumber === session.txnNumber) return;
  session.transaction?.abort();
  session.transaction = null;
  session.statements.clear();
  session.txnNumber = txnNumber;
}

/** @throws CommandError the session is at another transaction, or this one is decided */
export function startTransaction(session: ServerSession, txnNumber: bigint, snapshot: bigint): Transaction {
  if (txnNumber === session.txnNumber && session.transaction !== null) {
    throw new CommandError(117, `Cannot start transaction ${txnNumber}: it was started before`);
  }
  advance(session, txnNumber);
  session.transaction = new Transaction(txnNumber, snapshot);
  return session.transaction;
}

/** @throws CommandError there is no such transaction (any more) */
export function continueTransaction(session: ServerSession, txnNumber: bigint): Transaction {
  if (txnNumber < session.txnNumber) advance(session, txnNumber);
  const { transaction } = session;
  if (transaction === null || transaction.number !== txnNumber) {
    throw new CommandError(
      251,
      `Given transaction number ${txnNumber} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
    );
  }
  if (transaction.state === 'aborted') {
    throw new CommandError(251, `Transaction with { txnNumber: ${txnNumber} } has been aborted.`);
  }
  return transaction;
}
