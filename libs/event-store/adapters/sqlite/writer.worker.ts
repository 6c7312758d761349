import { parentPort, workerData } from 'node:worker_threads';
import type { EncodedAppend } from '../../append-encoding.js';
import { openEventsFile, type EventsFile } from './events-file.js';
import { GroupCommit, groupSize } from './group-commit.js';
import { describeFailure, isBusy, isFull } from './sqlite-errors.js';
import type { AppendAnswer, FromWriter, ToWriter, WriterData } from './writer-protocol.js';

/** The writer thread: everything that arrives while one group is being synced goes into the next. */
if (parentPort === null) throw new Error('the writer of the event log runs in a worker thread only');
const port = parentPort;
const { path } = workerData as WriterData;

const queue: EncodedAppend[] = [];
let connection: { readonly db: EventsFile; readonly log: GroupCommit } | null = null;
let scheduled = false;
let stopping = false;
/** False when the thread stops because the database failed. */
let asked = false;

port.on('message', (message: ToWriter) => {
  if ('stop' in message) stopping = asked = true;
  else for (const append of message.appends) queue.push(append);
  schedule();
});

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  // After all messages that are already here.
  setImmediate(work);
}

function work(): void {
  scheduled = false;
  if (queue.length > 0) port.postMessage(commit(queue.splice(0, groupSize(queue))) satisfies FromWriter);
  if (queue.length > 0) schedule();
  else if (stopping) {
    if (asked && connection !== null) emptyWal(connection.db);
    connection?.db.close();
    port.close();
  }
}

function commit(group: readonly EncodedAppend[]): FromWriter {
  try {
    connection ??= connect();
  } catch (error) {
    return unavailable(group, error);
  }
  const { answers, failure } = connection.log.commit(group);
  if (failure === undefined || isBusy(failure) || isFull(failure)) return answers;
  // The connection may be in any state, and only the end of the thread surely frees it with its locks.
  stopping = true;
  return [...answers, ...unavailable(queue.splice(0), failure)];
}

function unavailable(appends: readonly EncodedAppend[], error: unknown): AppendAnswer[] {
  const message = describeFailure(error);
  return appends.map(() => ({ outcome: 'unavailable', message, nothingWritten: true }));
}

/**
 * Leaves the whole log in its one file when it can: the binding lets go of a connection only when its statements are
 * collected, so that closing does not. Readers of other processes are waited for only shortly.
 */
function emptyWal(db: EventsFile): void {
  try {
    db.prepare('PRAGMA busy_timeout = 200').raw().all([]);
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').raw().all([]);
  } catch {
    // The WAL stays, and is as durable as the file.
  }
}

function connect(): { readonly db: EventsFile; readonly log: GroupCommit } {
  const db = openEventsFile(path, 'writer');
  return { db, log: new GroupCommit(db) };
}
