import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { EventStoreDbStandIn } from '../../../../test/engines/eventstoredb/stand-in.js';
import { StoreUnavailable } from '../../port.js';
import { closeClient } from './append-call.js';
import { clientFor, InvalidConnectionString } from './connection-string.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { appendNotes } from './testing/server.js';

let standIn: EventStoreDbStandIn;
beforeEach(async () => {
  standIn = await EventStoreDbStandIn.start();
});
afterEach(() => standIn.stop());

describe('opening the store', () => {
  it('waits for a server that starts later', async () => {
    await standIn.refuse();
    const opening = EventStoreDbEventStore.open(standIn.url);
    await sleep(100);
    await standIn.accept();
    const store = await opening;
    expect((await appendNotes(store)).revision).toBe(0);
    await store.close();
  });

  it('waits for a server that answers, but does not yet write', async () => {
    standIn.faults.notReady = true;
    const opening = EventStoreDbEventStore.open(standIn.url);
    await sleep(100);
    standIn.faults.notReady = false;
    const store = await opening;
    expect(await store.head()).toBeNull();
    await store.close();
  });

  it('gives up in time', async () => {
    await standIn.refuse();
    const error = await EventStoreDbEventStore.open(standIn.url, { readyMs: 100 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error).toHaveProperty('message', expect.stringContaining('EventStoreDB cannot be read'));
  });

  it('writes nothing', async () => {
    const store = await EventStoreDbEventStore.open(standIn.url);
    expect(await store.readAll(null, 10)).toEqual([]);
    expect(await store.readStream('operations-readiness')).toEqual([]);
    await store.close();
  });

  it('finds the node of a cluster by gossip', async () => {
    const host = `127.0.0.1:${standIn.port}`;
    const store = await EventStoreDbEventStore.open(`esdb://${host},${host}?tls=false`);
    expect((await appendNotes(store)).revision).toBe(0);
    await store.close();
  });

  it('takes credentials from the connection string', async () => {
    const store = await EventStoreDbEventStore.open(standIn.url.replace('//', '//admin:changeit@'));
    expect((await appendNotes(store)).revision).toBe(0);
    await store.close();
  });
});

describe('closing the store', () => {
  it('leaves no connection open', async () => {
    const store = await EventStoreDbEventStore.open(standIn.url);
    await appendNotes(store);
    expect(standIn.connections).toBeGreaterThan(0);
    await store.close();
    for (let wait = 0; wait < 100 && standIn.connections > 0; wait += 1) await sleep(10);
    expect(standIn.connections).toBe(0);
  });

  it('does not wait for a client that does not come to an end', async () => {
    const client = clientFor(standIn.url);
    client.dispose = () => new Promise(() => undefined);
    await closeClient(client, 50);
  });

  it('does not wait for a server that hangs', async () => {
    const store = await EventStoreDbEventStore.open(standIn.url, { timeoutMs: 100 });
    standIn.faults.hang = true;
    const append = appendNotes(store);
    const outcome = Promise.allSettled([append]);
    await store.close();
    expect((await outcome)[0]?.status).toBe('rejected');
  });
});

describe('a connection string that cannot be used', () => {
  it.each([
    'postgres://admin:secret@host',
    'admin:secret@host:2113',
    'esdb://',
    'esdb://admin:secret@host:port',
    'esdb://admin:secret@host:1:2',
    'esdb://admin:secret@host?tls=perhaps',
    'esdb://admin:secret@host?tsl=false',
    'esdb://admin:secret@host?tlsVerifyCert=false',
    'esdb://admin:secret@host?keepAliveInterval=5',
    'esdb://admin:secret@host?tls=true&tlsCAFile=/no/such/file',
    'esdb://admin:secret@host?nodePreference=secret',
    'esdb://admin:secret@host?defaultDeadline=-5',
  ])('%j is refused in a sentence, and its password is shown nowhere', async (url) => {
    const written: string[] = [];
    const write = (...parts: unknown[]) => written.push(parts.map(String).join(' '));
    const spies = (['log', 'warn', 'error', 'info'] as const).map((method) =>
      jest.spyOn(console, method).mockImplementation(write),
    );
    const error = await EventStoreDbEventStore.open(url).catch((reason: unknown) => reason);
    for (const spy of spies) spy.mockRestore();
    expect(error).toBeInstanceOf(InvalidConnectionString);
    const told =
      error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : '';
    expect(told).not.toContain('secret');
    expect(written).toEqual([]);
  });

  it('shows no password when the server cannot be reached either', async () => {
    await standIn.refuse();
    const url = standIn.url.replace('//', '//admin:secret@');
    const error = await EventStoreDbEventStore.open(url, { readyMs: 50 }).catch((reason: unknown) => reason);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
    expect(error).toBeInstanceOf(StoreUnavailable);
    for (const each of [error, cause]) expect(`${String(each)} ${JSON.stringify(each)}`).not.toContain('secret');
  });
});
