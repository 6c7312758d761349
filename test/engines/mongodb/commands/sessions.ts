import { type Binary, UUID } from 'bson';
import type { Document } from '../documents.js';
import { CommandError } from '../errors.js';
import type { Execution, Handler } from '../execution.js';

/** https://github.com/mongodb/specifications/blob/master/source/sessions/driver-sessions.md */
function startSession({ server }: Execution): Document {
  const id = new UUID().toBinary();
  server.sessions.use(id);
  return { id: { id }, timeoutMinutes: 30 };
}

function endSessions({ server, body, name }: Execution): Document {
  for (const { id } of body[name] as { id: Binary }[]) server.sessions.end(id);
  return {};
}

function killAllSessions({ server }: Execution): Document {
  server.sessions.abortTransactions();
  return {};
}

/** A transaction that is committed already is committed. */
function commitTransaction({ server, transaction }: Execution): Document {
  if (transaction === null) throw notInTransaction('commitTransaction');
  if (transaction.state === 'committed') return {};
  server.catalog.adopt(transaction);
  transaction.commit(() => {
    if (!transaction.unit.isEmpty) transaction.unit.store(server.clock.tick());
  });
  return {};
}

function abortTransaction({ transaction }: Execution): Document {
  if (transaction === null) throw notInTransaction('abortTransaction');
  if (transaction.state === 'committed') {
    throw new CommandError(256, `Transaction with { txnNumber: ${transaction.number} } has been committed.`);
  }
  transaction.abort();
  return {};
}

function notInTransaction(name: string): CommandError {
  return new CommandError(125, `${name} must be run within a transaction`);
}

export const SESSION_COMMANDS: Readonly<Record<string, Handler>> = {
  startSession,
  refreshSessions: () => ({}),
  endSessions,
  killSessions: endSessions,
  killAllSessions,
  commitTransaction,
  abortTransaction,
};
