import { jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { end, freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { AppendTooLarge, NO_STREAM, StoreUnavailable, WrongExpectedRevision } from '../../port.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { appendNotes, startServer, type ServerForTest } from './testing/server.js';

let server: ServerForTest;
let store: EventStoreDbEventStore;
let client: EventStoreDBClient;

beforeEach(async () => {
  server = await startServer();
  client = server.client;
  store = await server.open({ timeoutMs: 1_000 });
});
afterEach(() => server.stop());

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect('a failure').toBe('what came'),
    (reason: unknown) => reason,
  );
}

describe('an append whose answer does not come', () => {
  it.each([
    ['is lost before the write', 'dropBeforeWrite', 0],
    ['is lost after the write', 'dropAfterWrite', 2],
    ['is dropped by the server', 'swallowAnswers', 2],
    ['is that the server gave it up', 'timeOut', 2],
  ] as const)('because it %s has an unknown outcome, which a resend settles', async (_, fault, stored) => {
    const stream = freshStream();
    const events = sealed(stream, notes(2));
    server.standIn.faults[fault] = 1;
    const error = await failure(store.append(stream, NO_STREAM, events));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ nothingWritten: false });
    expect(await store.readStream(stream)).toHaveLength(stored);

    const answer = await store.append(stream, NO_STREAM, events);
    expect(answer.revision).toBe(1);
    const read = await store.readStream(stream);
    expect(read.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(read.at(-1)?.position).toBe(answer.position);
  });

  it('because the server hangs is given up after its time, and may still be written', async () => {
    const stream = freshStream();
    const events = sealed(stream, notes(1));
    server.standIn.faults.hang = true;
    const error = await failure(store.append(stream, NO_STREAM, events));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ nothingWritten: false });
    server.standIn.faults.hang = false;
    expect((await store.append(stream, NO_STREAM, events)).revision).toBe(0);
    expect(await store.readStream(stream)).toHaveLength(1);
  });

  it('for as long as the first write is not replicated is answered once it is', async () => {
    const stream = freshStream();
    const events = sealed(stream, notes(1));
    server.standIn.faults.swallowAnswers = 3;
    const outcomes = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      outcomes.push((await Promise.allSettled([store.append(stream, NO_STREAM, events)]))[0]?.status);
    }
    expect(outcomes).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(await store.readStream(stream)).toHaveLength(1);
  });

  it('in time does not disturb the next one', async () => {
    server.standIn.faults.delayMs = 1_600;
    const late = freshStream();
    await failure(store.append(late, NO_STREAM, sealed(late, notes(1))));
    server.standIn.faults.delayMs = 0;
    const stream = freshStream();
    const answer = await store.append(stream, NO_STREAM, sealed(stream, notes(3)));
    expect(answer.revision).toBe(2);
    expect(answer.position).toBe((await store.readStream(stream)).at(-1)?.position);
  });
});

describe('an append to a server that', () => {
  it('is not there is known to have written nothing', async () => {
    await server.standIn.refuse();
    await failure(appendNotes(store));
    const error = await failure(appendNotes(store));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ nothingWritten: true });
    await server.standIn.accept();
    await expect(appendWhenBack()).resolves.toMatchObject({ revision: 0 });
  });

  it('restarts goes on with the same store', async () => {
    await appendNotes(store);
    await server.standIn.restart();
    await expect(appendWhenBack()).resolves.toMatchObject({ revision: 0 });
    expect(await store.readAll(null, 10)).toHaveLength(2);
  });

  it('is not ready may be written later', async () => {
    server.standIn.faults.notReady = true;
    const error = await failure(appendNotes(store));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ message: 'EventStoreDB gave an append up: Server Is Not Ready' });
  });

  it('takes less than we would send says how much', async () => {
    const small = await startServer({ maxAppendSize: 10_000 });
    const narrow = await small.open();
    const stream = freshStream();
    const error = await failure(narrow.append(stream, NO_STREAM, sealed(stream, [{ text: 'x'.repeat(20_000) }])));
    expect(error).toBeInstanceOf(AppendTooLarge);
    expect(error).toMatchObject({ limit: 10_000 });
    expect(await narrow.readStream(stream)).toEqual([]);
    await small.stop();
  });

  async function appendWhenBack() {
    const stream = freshStream();
    const events = sealed(stream, notes(1));
    for (;;) {
      const [outcome] = await Promise.allSettled([store.append(stream, NO_STREAM, events)]);
      if (outcome?.status === 'fulfilled') return outcome.value;
    }
  }
});

describe('what other clients of the process do', () => {
  it('does not touch our appends: a failure or the end of one rejects all of the official clients, not ours', async () => {
    const stream = freshStream();
    const events = sealed(stream, notes(1));
    await client.appendToStream('invoice-1', jsonEvent({ type: 'InvoiceSent', data: {} }));
    server.standIn.faults.delayMs = 100;
    const theirs = client.appendToStream('invoice-1', jsonEvent({ type: 'InvoiceSent', data: {} }));
    const ours = store.append(stream, NO_STREAM, events);
    const outcomes = Promise.allSettled([theirs, ours]);
    await client.dispose();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('a connection that is lost under load', () => {
  it('rejects what has no answer, leaves no rejection unhandled, and a resend settles each', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const patient = await server.open({ timeoutMs: 5_000 });
    const appends = Array.from({ length: 150 }, () => {
      const stream = freshStream();
      return { stream, events: sealed(stream, [{ text: 'x'.repeat(50_000) }]) };
    });
    const send = () =>
      Promise.allSettled(appends.map(({ stream, events }) => patient.append(stream, NO_STREAM, events)));
    const first = send();
    setTimeout(() => server.standIn.cutConnections(), 30);
    for (const outcome of await first) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
    }
    let settled = await send();
    while (settled.some(({ status }) => status === 'rejected')) settled = await send();
    expect(await patient.readAll(null, 1_000)).toHaveLength(150);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('an append of events that stand in the stream already', () => {
  it('is refused when it expects the last revision: the server would store them a second time', async () => {
    const stream = freshStream();
    const events = sealed(stream, notes(2));
    await store.append(stream, NO_STREAM, events);
    await expect(store.append(stream, 1, events)).rejects.toThrow(RangeError);
    await expect(store.append(stream, 1, events.slice(1))).rejects.toThrow(RangeError);
    expect(await store.readStream(stream)).toHaveLength(2);
    const more = sealed(stream, notes(1, 2), end(events));
    expect((await store.append(stream, 1, more)).revision).toBe(2);
  });

  it('is a conflict as ever when it expects another revision', async () => {
    const stream = freshStream();
    const events = sealed(stream, notes(3));
    await store.append(stream, NO_STREAM, events);
    await expect(store.append(stream, 0, events.slice(0, 1))).rejects.toThrow(RangeError);
    const [late] = [sealed(stream, notes(1, 9), end(events.slice(0, 1)))];
    await expect(store.append(stream, 0, late)).rejects.toThrow(WrongExpectedRevision);
  });
});

describe('what is stored', () => {
  it('is JSON to every other client', async () => {
    const stream = freshStream();
    const [event] = sealed(stream, [{ text: 'Grüße 👋' }]);
    await store.append(stream, NO_STREAM, event === undefined ? [] : [event]);
    const read = [];
    for await (const { event: found } of client.readStream(stream)) read.push(found);
    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({
      id: event?.id,
      isJson: true,
      type: 'NoteAdded',
      data: { text: 'Grüße 👋' },
      metadata: event?.metadata,
    });
  });

  it('is nothing at all for an append of no events, which the server would take', async () => {
    const before = await client.appendToStream('invoice-1', []);
    const stream = freshStream();
    await expect(store.append(stream, NO_STREAM, [])).rejects.toThrow(RangeError);
    const after = await client.appendToStream('invoice-1', []);
    const next = await client.appendToStream('invoice-1', []);
    const size = (next.position?.commit ?? 0n) - (after.position?.commit ?? 0n);
    expect((after.position?.commit ?? 0n) - (before.position?.commit ?? 0n)).toBe(size);
  });
});

describe('a stream that was deleted outside of this program', () => {
  it('goes on at its old revisions, which an append does not take for success', async () => {
    const stream = freshStream();
    await store.append(stream, NO_STREAM, sealed(stream, notes(2)));
    await client.deleteStream(stream);
    expect(await store.readStream(stream)).toEqual([]);
    const error = await failure(store.append(stream, NO_STREAM, sealed(stream, notes(1, 5))));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({
      nothingWritten: false,
      message: `${stream} was deleted outside of this program and went on at revision 2, not 0`,
    });
  });

  it('for good takes no more', async () => {
    const stream = freshStream();
    const events = sealed(stream, notes(2));
    await store.append(stream, NO_STREAM, events);
    await client.tombstoneStream(stream);
    expect(await store.readStream(stream)).toEqual([]);
    const error = await failure(store.append(stream, 1, sealed(stream, notes(1, 2), end(events))));
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toMatchObject({ nothingWritten: true });
  });
});
