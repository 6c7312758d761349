import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { encodeAppend, type EncodedAppend } from '../../append-encoding.js';
import { freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { NO_STREAM, StoreUnavailable } from '../../port.js';
import { SqliteEventStore } from './sqlite-event-store.js';
import { startWriterThread, Writer } from './writer.js';

let folder: string;
let path: string;
const threads: Worker[] = [];
let writer: Writer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  path = join(folder, 'events.db');
  writer = new Writer(start, () => {});
});
afterEach(async () => {
  await writer.close();
  threads.length = 0;
  await rm(folder, { recursive: true });
});

function start(): Worker {
  const thread = startWriterThread(path);
  threads.push(thread);
  return thread;
}

function append(): EncodedAppend {
  const stream = freshStream();
  return encodeAppend(stream, NO_STREAM, sealed(stream, notes(1)));
}

describe('the writer of the event log', () => {
  it('starts no thread before the first append', async () => {
    expect(threads).toHaveLength(0);
    await writer.append(append());
    await writer.append(append());
    expect(threads).toHaveLength(1);
  });

  it('answers what its thread had with an unknown outcome when the thread dies, and a resend settles it', async () => {
    const sent = Array.from({ length: 30 }, append);
    await writer.append(append());
    const outcomes = Promise.allSettled(sent.map((each) => writer.append(each)));
    await new Promise((resolve) => setImmediate(resolve));
    await threads[0]?.terminate();
    for (const outcome of await outcomes) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
      expect(outcome.reason).toMatchObject({ nothingWritten: false });
    }

    await Promise.all(sent.map((each) => writer.append(each)));
    expect(threads).toHaveLength(2);
    const store = await SqliteEventStore.open(path);
    expect(await store.readAll(null, 100)).toHaveLength(31);
    await store.close();
  });

  it('says why its thread died', async () => {
    writer = new Writer(
      () =>
        new Worker('require("node:worker_threads").parentPort.on("message", () => { throw new Error("no memory") })', {
          eval: true,
        }),
      () => {},
    );
    const error = await writer.append(append()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ nothingWritten: false });
    expect(error).toHaveProperty('message', "the event log's writer died before it answered: no memory");
  });

  it('knows that nothing was written when its thread does not start', async () => {
    writer = new Writer(
      () => {
        throw new Error('too many threads');
      },
      () => {},
    );
    const error = await writer.append(append()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ nothingWritten: true });
  });

  it('knows that nothing was written when the file cannot be opened, and goes on when it can', async () => {
    const good = path;
    path = folder;
    const blocked = new Writer(
      () => startWriterThread(path),
      () => {},
    );
    const error = await blocked.append(append()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ nothingWritten: true });
    await blocked.close();
    path = good;
    expect(await writer.append(append())).toEqual({ revision: 0, position: 1n });
  });
});
