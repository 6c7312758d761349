import type { Binary, Timestamp } from 'bson';
import { fromTimestamp, toTimestamp } from './clock.js';
import { HISTORY_MS } from './collection.js';
import { ADMINISTRATION_COMMANDS } from './commands/administration.js';
import { AGGREGATE_COMMANDS } from './commands/aggregate.js';
import { COLLECTION_COMMANDS } from './commands/collections.js';
import { FIND_AND_MODIFY_COMMANDS } from './commands/find-and-modify.js';
import { HANDSHAKE_COMMANDS } from './commands/handshake.js';
import { INDEX_COMMANDS } from './commands/indexes.js';
import { READ_COMMANDS } from './commands/read.js';
import { SESSION_COMMANDS } from './commands/sessions.js';
import { WRITE_COMMANDS } from './commands/write.js';
import { type Document, isDocument, numeric } from './documents.js';
import { CommandError, labelsOf } from './errors.js';
import type { Execution, Handler, ServerState } from './execution.js';
import { ConnectionLost } from './faults.js';
import { advance, continueTransaction, type ServerSession, startTransaction } from './sessions.js';
import type { Transaction } from './transaction.js';

const COMMANDS: ReadonlyMap<string, Handler> = new Map(
  [
    HANDSHAKE_COMMANDS,
    READ_COMMANDS,
    WRITE_COMMANDS,
    FIND_AND_MODIFY_COMMANDS,
    AGGREGATE_COMMANDS,
    COLLECTION_COMMANDS,
    INDEX_COMMANDS,
    SESSION_COMMANDS,
    ADMINISTRATION_COMMANDS,
  ].flatMap((commands) => Object.entries(commands)),
);

const RETRYABLE_WRITES = new Set(['insert', 'update', 'delete', 'findAndModify', 'findandmodify']);
const IN_TRANSACTIONS = new Set([
  ...RETRYABLE_WRITES,
  'find',
  'getMore',
  'killCursors',
  'aggregate',
  'distinct',
  'create',
  'createIndexes',
  'commitTransaction',
  'abortTransaction',
]);
const SNAPSHOT_READS = new Set(['find', 'aggregate', 'distinct', 'getMore']);
const ANYWHERE = new Set([
  ...Object.keys(HANDSHAKE_COMMANDS),
  ...Object.keys(ADMINISTRATION_COMMANDS),
  'endSessions',
  'killAllSessions',
]);

export interface Command {
  readonly connectionId: number;
  readonly database: string;
  readonly name: string;
  readonly body: Document;
}

/** Runs a command and gives its answer, which is an error's as well. */
export async function dispatch(server: ServerState, command: Command): Promise<Document> {
  const labelled = {
    command: command.name,
    inTransaction: command.body['autocommit'] === false,
    hasTxnNumber: command.body['txnNumber'] !== undefined,
  };
  try {
    const answer = await run(server, command);
    return { ...answer, ok: 1, ...times(server) };
  } catch (error) {
    if (error instanceof ConnectionLost) throw error;
    const known = error instanceof CommandError ? error : new CommandError(1, `the stand-in failed: ${String(error)}`);
    return { ...known.answer(known.labels ?? labelsOf(known.code, labelled)), ...times(server) };
  }
}

function times({ clock, faults }: ServerState): Document {
  if (faults.isStandalone) return {};
  const time = toTimestamp(clock.now);
  return {
    $clusterTime: { clusterTime: time, signature: { hash: Buffer.alloc(20), keyId: 0n } },
    operationTime: time,
  };
}

async function run(server: ServerState, command: Command): Promise<Document> {
  const { body, name } = command;
  const handler = COMMANDS.get(name);
  if (handler === undefined) throw new CommandError(59, `no such command: '${name}'`);
  if (HANDSHAKE_COMMANDS[name] === undefined) server.logins.check(command.connectionId, name);
  if (!server.replicaSet.isPrimary && !ANYWHERE.has(name)) throw new CommandError(10_107, 'not primary');
  if (server.faults.isStandalone && body['txnNumber'] !== undefined) {
    throw new CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  server.sessions.expireTransactions();
  const session = sessionOf(server, command);
  const transaction = session === null ? null : transactionOf(server, command, session);
  const readAt = snapshotOf(server, command, transaction);
  const execution: Execution = { ...command, server, session, transaction, readAt };
  if (transaction !== null) return inTransaction(execution, transaction, handler);
  if (session !== null && body['txnNumber'] !== undefined) return onlyOnce(execution, session, handler);
  return withConcern(execution, await handler(execution));
}

function sessionOf({ sessions, faults }: ServerState, { body }: Command): ServerSession | null {
  const lsid: unknown = body['lsid'];
  if (!isDocument(lsid)) {
    if (body['txnNumber'] !== undefined)
      throw new CommandError(72, 'Transaction number requires a session ID to also be specified');
    return null;
  }
  return faults.isStandalone && body['txnNumber'] === undefined ? null : sessions.use(lsid['id'] as Binary);
}

function transactionOf({ clock }: ServerState, { body, name }: Command, session: ServerSession): Transaction | null {
  const { autocommit, startTransaction: starts, txnNumber, readConcern, writeConcern }: Document = body;
  if (autocommit === undefined) return null;
  if (autocommit !== false || txnNumber === undefined) {
    throw new CommandError(72, 'autocommit must be false, with a txnNumber, if it is given');
  }
  const number = BigInt(txnNumber as number | bigint);
  const ends = name === 'commitTransaction' || name === 'abortTransaction';
  if (!IN_TRANSACTIONS.has(name)) {
    throw new CommandError(263, `Cannot run '${name}' in a multi-document transaction.`);
  }
  if (writeConcern !== undefined && !ends) {
    throw new CommandError(72, 'writeConcern is not allowed within a multi-statement transaction');
  }
  if (starts === true) return startTransaction(session, number, clock.now);
  const transaction = continueTransaction(session, number);
  if (readConcern !== undefined && !ends) {
    transaction.abort();
    throw new CommandError(72, 'Only the first command in a transaction may specify a readConcern');
  }
  if (transaction.state === 'committed' && !ends) {
    throw new CommandError(256, `Transaction with { txnNumber: ${number} } has been committed.`);
  }
  return transaction;
}

/** https://github.com/mongodb/specifications/blob/master/source/sessions/snapshot-sessions.md */
function snapshotOf(
  { clock, faults }: ServerState,
  { body, name }: Command,
  transaction: Transaction | null,
): bigint | null {
  const concern = body['readConcern'] as Document | undefined;
  if (concern === undefined || transaction !== null) return null;
  const { level, atClusterTime }: Document = concern;
  if (level !== 'snapshot') {
    if (atClusterTime !== undefined)
      throw new CommandError(72, 'atClusterTime is only allowed with read concern snapshot');
    return null;
  }
  if (faults.isStandalone || !SNAPSHOT_READS.has(name)) {
    throw new CommandError(72, `read concern snapshot is not supported for ${name}`);
  }
  const time = atClusterTime === undefined ? clock.now : fromTimestamp(atClusterTime as Timestamp);
  if (Number(time >> 32n) * 1_000 < Date.now() - HISTORY_MS) {
    throw new CommandError(239, `Read timestamp ${time} is older than the oldest available timestamp`);
  }
  return time;
}

/** Any error ends a transaction, but for those of its own end. */
async function inTransaction(execution: Execution, transaction: Transaction, handler: Handler): Promise<Document> {
  try {
    const answer = await handler(execution);
    return execution.name === 'commitTransaction' ? withConcern(execution, answer) : answer;
  } catch (error) {
    if (execution.name !== 'commitTransaction' && execution.name !== 'abortTransaction') transaction.abort();
    throw error;
  }
}

/** What a retryable write has done is not done again: its statements look for that. */
async function onlyOnce(execution: Execution, session: ServerSession, handler: Handler): Promise<Document> {
  if (!RETRYABLE_WRITES.has(execution.name)) {
    throw new CommandError(
      50_768,
      `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${execution.name} is not a retryable write command.`,
    );
  }
  advance(session, BigInt(execution.body['txnNumber'] as number | bigint));
  if (session.transaction !== null) {
    throw new CommandError(72, 'the transaction number was used for a transaction');
  }
  return withConcern(execution, await handler(execution));
}

/** A set of one node cannot give what more would have to. */
function withConcern({ body }: Execution, answer: Document): Document {
  const w: unknown = (body['writeConcern'] as Document | undefined)?.['w'];
  if (w === undefined || w === 'majority' || (numeric(w) ?? 2) <= 1) return answer;
  const [code, codeName, errmsg] =
    typeof w === 'string'
      ? [79, 'UnknownReplWriteConcern', `No write concern mode named '${w}' found in replica set configuration`]
      : [100, 'UnsatisfiableWriteConcern', 'Not enough data-bearing nodes'];
  return { ...answer, writeConcernError: { code, codeName, errmsg } };
}
