import { jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { NO_STREAM, StoreUnavailable } from '../../port.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { appendForeign, appendNotes, startServer, type ServerForTest } from './testing/server.js';

let server: ServerForTest;
let store: EventStoreDbEventStore;
let client: EventStoreDBClient;

beforeEach(async () => {
  server = await startServer();
  client = server.client;
  store = await server.open({ timeoutMs: 2_000 });
});
afterEach(async () => {
  await client.dispose();
  await server.stop();
});

describe('reading the whole log', () => {
  it('leaves out what is not ours, however long the stretch', async () => {
    const first = await appendNotes(store, 2);
    await appendForeign(client, 700);
    await appendForeign(client, 30, 'dealer-1');
    const second = await appendNotes(store, 3);
    await appendForeign(client, 5);
    const all = await store.readAll(null, 100);
    expect(all).toHaveLength(5);
    expect(all[1]?.position).toBe(first.position);
    expect(all.at(-1)?.position).toBe(second.position);
    expect(await store.readAll(first.position, 1)).toEqual(all.slice(2, 3));
    expect(await store.readAll(first.position, 100)).toEqual(all.slice(2));
    expect(await store.readAll(second.position, 100)).toEqual([]);
  });

  it('leaves out the metadata and the tombstones of our own streams', async () => {
    const stream = freshStream();
    await appendNotes(store, 1, stream);
    await client.setStreamMetadata(stream, { cacheControl: 10 });
    const gone = freshStream();
    await appendNotes(store, 1, gone);
    await client.tombstoneStream(gone);
    const { position } = await appendNotes(store);
    const all = await store.readAll(null, 10);
    expect(all.map((event) => event.type)).toEqual(['NoteAdded', 'NoteAdded', 'NoteAdded']);
    expect(await store.head()).toBe(position);
  });
});

describe('the head', () => {
  it('is null while there are only events of others, and does not go back to look again', async () => {
    expect(await store.head()).toBeNull();
    await appendForeign(client, 300);
    expect(await store.head()).toBeNull();
    expect(await store.head()).toBeNull();
  });

  it('is the last of ours, behind any number of others', async () => {
    const { position } = await appendNotes(store, 2);
    await appendForeign(client, 200);
    expect(await store.head()).toBe(position);
    await appendForeign(client, 200);
    expect(await store.head()).toBe(position);
    const later = await appendNotes(store);
    await appendForeign(client, 1);
    expect(await store.head()).toBe(later.position);
  });
});

describe('a stream that somebody truncated', () => {
  it('reads from its first event that is left', async () => {
    const stream = freshStream();
    await appendNotes(store, 6, stream);
    await client.setStreamMetadata(stream, { truncateBefore: 4 });
    expect((await store.readStream(stream)).map(({ revision }) => revision)).toEqual([4, 5]);
    expect(await store.readStream(stream, { direction: 'backward', from: 2 })).toEqual([]);
  });
});

describe('an event in a stream of ours that is not one of ours', () => {
  it.each([
    ['without our metadata', { type: 'NoteAdded', data: { text: 'x' } }],
    ['whose payload is no object', { type: 'NoteAdded', data: 'text', metadata: { hash: 'a' } }],
  ])('%s makes a read fail, never lie', async (_, event) => {
    const stream = freshStream();
    await appendNotes(store, 2, stream);
    await client.appendToStream(stream, jsonEvent(event));
    await expect(store.readStream(stream)).rejects.toThrow(StoreUnavailable);
    await expect(store.readAll(null, 10)).rejects.toThrow(`the event at revision 2 of ${stream} is damaged`);
    expect(await store.readStream(stream, { limit: 2 })).toHaveLength(2);
  });
});

describe('a read of a server that', () => {
  const reads = () => [store.readStream(freshStream()), store.readAll(null, 10), store.head()];

  it.each([
    ['hangs', () => Promise.resolve((server.standIn.faults.hang = true))],
    ['is not ready', () => Promise.resolve((server.standIn.faults.notReady = true))],
    ['is not there', () => server.standIn.refuse()],
  ])('%s fails, and says that nothing was written', async (_, fault) => {
    await fault();
    for (const outcome of await Promise.allSettled(reads())) {
      expect(outcome.status).toBe('rejected');
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
      expect(outcome.reason).toMatchObject({ nothingWritten: true });
    }
  });

  it('is slow goes on for as long as events come', async () => {
    const stream = freshStream();
    await store.append(stream, NO_STREAM, sealed(stream, notes(300)));
    // Each answer is in time; all of them together are not.
    const impatient = await server.open({ timeoutMs: 1_000 });
    server.standIn.faults.delayMs = 600;
    expect(await impatient.readStream(stream)).toHaveLength(300);
  });
});
