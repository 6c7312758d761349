import type { Catalog } from './catalog.js';
import type { ClusterClock } from './clock.js';
import type { StoredCollection } from './collection.js';
import type { Cursors } from './cursors.js';
import { type Document, isDocument, numeric } from './documents.js';
import { CommandError } from './errors.js';
import type { Faults } from './faults.js';
import type { LanguageOptions } from './language.js';
import type { Logins } from './logins.js';
import type { ReplicaSet } from './replica-set.js';
import type { ServerSession, Sessions } from './sessions.js';
import type { Transaction } from './transaction.js';
import { Locked, WriteUnit } from './write-unit.js';

/** What outlives a command. */
export interface ServerState {
  readonly catalog: Catalog;
  readonly sessions: Sessions;
  readonly clock: ClusterClock;
  readonly cursors: Cursors;
  readonly faults: Faults;
  readonly replicaSet: ReplicaSet;
  readonly logins: Logins;
}

/** One command that is being run. */
export interface Execution {
  readonly server: ServerState;
  readonly connectionId: number;
  readonly database: string;
  readonly name: string;
  readonly body: Document;
  readonly session: ServerSession | null;
  readonly transaction: Transaction | null;
  /** The time of the snapshot that is read; null: the latest. */
  readonly readAt: bigint | null;
}

export type Handler = (execution: Execution) => Document | Promise<Document>;

/** The name of the collection that the command is for. @throws CommandError it is none */
export function collectionName({ name, body }: Execution): string {
  const value: unknown = body[name];
  if (typeof value !== 'string') throw new CommandError(73, `collection name has invalid type`);
  return value;
}

export function findCollection(execution: Execution, name = collectionName(execution)): StoredCollection | null {
  return execution.server.catalog.find(execution.database, name, execution.transaction);
}

/** Makes the collection when there is none, as writes do. */
export function requireCollection(execution: Execution, name = collectionName(execution)): StoredCollection {
  const { server, database, transaction } = execution;
  return findCollection(execution, name) ?? server.catalog.create(database, name, {}, transaction);
}

/** What the command's reads see. */
export function reading({ transaction, readAt }: Execution): WriteUnit {
  return transaction?.unit ?? new WriteUnit(readAt, null);
}

export function documentsOf(execution: Execution, name = collectionName(execution)): readonly Document[] {
  const collection = findCollection(execution, name);
  return collection === null ? [] : [...reading(execution).documents(collection)];
}

/** Runs one statement of a write: in its transaction, or by itself, waiting for transactions that are in its way. */
export async function write<T>(execution: Execution, work: (unit: WriteUnit) => T): Promise<T> {
  const { server, transaction, body } = execution;
  if (transaction !== null) return work(transaction.unit);
  const limit = numeric(body['maxTimeMS']);
  const deadline = limit === null || limit === 0 ? Infinity : Date.now() + limit;
  for (;;) {
    const unit = new WriteUnit(null, null);
    try {
      const result = work(unit);
      if (!unit.isEmpty) unit.store(server.clock.tick());
      return result;
    } catch (error) {
      if (!(error instanceof Locked)) throw error;
      await decided(execution, error.holder);
      if (Date.now() >= deadline) throw new CommandError(50, 'operation exceeded time limit');
    }
  }
}

/** Runs a statement of a retryable write, or tells what it did when it was run before. */
export async function once<T>(
  { server, session, transaction, body }: Execution,
  number: number,
  run: () => Promise<T>,
): Promise<{ readonly done: T; readonly retried: boolean }> {
  if (session === null || transaction !== null || body['txnNumber'] === undefined) {
    return { done: await run(), retried: false };
  }
  if (session.statements.has(number)) return { done: session.statements.get(number) as T, retried: true };
  server.faults.meetStatement('before');
  const done = await run();
  session.statements.set(number, done);
  server.faults.meetStatement('after');
  return { done, retried: false };
}

const LOOK_AGAIN_MS = 50;

async function decided({ server }: Execution, holder: Transaction): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const wait = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LOOK_AGAIN_MS);
  });
  await Promise.race([holder.decided, wait]);
  clearTimeout(timer);
  server.sessions.expireTransactions();
}

export function languageOf(execution: Execution): LanguageOptions {
  const variables: unknown = execution.body['let'];
  return {
    resolve: (name) => documentsOf(execution, name),
    collation: execution.body['collation'] as unknown,
    variables: isDocument(variables) ? variables : undefined,
  };
}

/** @throws CommandError for the first field that is not known: what it would change is not changed in silence */
export function refuseUnknown({ name, body }: Execution, known: readonly string[]): void {
  const field = Object.keys(body).find((one) => one !== name && !known.includes(one) && !GENERIC.has(one));
  if (field !== undefined)
    throw new CommandError(
      40415,
      `BSON field '${name}.${field}' is an unknown field, or not supported by the stand-in.`,
    );
}

const GENERIC = new Set([
  '$db',
  '$clusterTime',
  '$readPreference',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]);
