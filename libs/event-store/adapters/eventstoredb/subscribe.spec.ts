import { setTimeout as sleep } from 'node:timers/promises';
import { jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { batchesUntil, eventsOf, holding, live } from '../../contract/subscription.js';
import type { RecordedEvent } from '../../event.js';
import { NO_STREAM, StoreUnavailable, type SubscriptionBatch } from '../../port.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import type { Interruption } from './follow.js';
import { appendForeign, appendNotes, startServer, type ServerForTest } from './testing/server.js';

let server: ServerForTest;
let store: EventStoreDbEventStore;
let client: EventStoreDBClient;
let interruptions: (Interruption | null)[];

beforeEach(async () => {
  server = await startServer();
  client = server.client;
  interruptions = [];
  store = await server.open({ batchSize: 7, onInterruption: (interruption) => interruptions.push(interruption) });
});
afterEach(async () => {
  await client.dispose();
  await server.stop();
});

/** Appends one after another, each resent until it is known to be stored; in between, events of others. */
async function writeAll(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const stream = freshStream();
    const events = sealed(stream, notes(1, index));
    for (;;) {
      const [outcome] = await Promise.allSettled([store.append(stream, NO_STREAM, events)]);
      if (outcome?.status === 'fulfilled') break;
      await sleep(2);
    }
  }
}

describe('a subscription that loses the server', () => {
  it.each([
    ['to a kill', async () => server.standIn.restart()],
    [
      'for a while',
      () =>
        server.standIn
          .refuse()
          .then(() => sleep(120))
          .then(() => server.standIn.accept()),
    ],
    ['to a cut connection', async () => server.standIn.cutConnections()],
  ])('%s goes on by itself: nothing is lost, nothing comes twice', async (_, lose) => {
    const reading = batchesUntil(store, null, holding(120));
    const writing = writeAll(120);
    for (let round = 0; round < 3; round += 1) {
      await sleep(60);
      await lose();
    }
    await writing;
    expect(eventsOf(await reading)).toEqual(await readOnceConnected());
  });

  /** A plain read is not repeated by the store: right after the loss it may still meet the dead connection. */
  async function readOnceConnected(): Promise<readonly RecordedEvent[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await store.readAll(null, 1_000);
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || tries === 50) throw error;
        await sleep(50);
      }
    }
  }

  it('as too slow on its way to live subscribes again', async () => {
    await appendNotes(store, 40);
    server.standIn.faults.abortTransitions = 2;
    const batches = await batchesUntil(store, null, live);
    expect(eventsOf(batches)).toEqual(await store.readAll(null, 100));
    expect(interruptions.at(0)?.reason).toContain('Consumer too slow to handle event while transitioning to live');
    expect(interruptions.at(-1)).toBeNull();
  });

  it('as too slow while live comes back, and catches up', async () => {
    server.standIn.faults.slowConsumerMs = 1;
    const large = { text: 'x'.repeat(40_000) };
    const total = 150;
    let writing: Promise<unknown> | undefined;
    const batches = await batchesUntil(store, null, holding(total), async (batch) => {
      if (batch.live) {
        writing ??= (async () => {
          for (let index = 0; index < total; index += 1) {
            const stream = freshStream();
            await store.append(stream, NO_STREAM, sealed(stream, [large]));
          }
        })();
        await writing;
      }
    });
    expect(interruptions.some((one) => one?.reason.includes('Consumer too slow to handle event while live'))).toBe(
      true,
    );
    expect(eventsOf(batches)).toEqual(await store.readAll(null, 1_000));
  });

  it('says that it is no longer live, then that it is again, and shows the interruption while it lasts', async () => {
    await appendNotes(store);
    const batches = await batchesUntil(
      store,
      null,
      (all) => all.length > 1 && live(all),
      async (batch) => {
        if (batch.live) return interruptions.length === 0 ? server.standIn.refuse() : undefined;
        if (interruptions.length === 0) return;
        expect(store.interruptions).toHaveLength(1);
        expect(store.interruptions[0]?.attempts).toBeGreaterThan(0);
        await server.standIn.accept();
      },
    );
    expect(batches.map((batch) => batch.live).slice(-3)).toEqual([true, false, true]);
    expect(store.interruptions).toEqual([]);
  });

  it('tries again for ever, and ends at once when its signal aborts', async () => {
    await server.standIn.refuse();
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of store.subscribe(null, stop.signal)) expect('a batch').toBe('none');
    })();
    while ((store.interruptions[0]?.attempts ?? 0) < 5) await sleep(5);
    stop.abort();
    await reading;
    expect(store.interruptions).toEqual([]);
  });
});

describe('the position of a batch', () => {
  it('never says more than was handed over, however far the server is ahead of a slow consumer', async () => {
    const batches: SubscriptionBatch[] = [];
    const reading = batchesUntil(store, null, holding(60), async (batch) => {
      batches.push(batch);
      await sleep(2);
    });
    for (let round = 0; round < 20; round += 1) {
      await appendNotes(store, 2);
      await appendForeign(client, 90);
      await appendForeign(client, 3, 'dealer-1');
      await appendNotes(store);
    }
    await reading;
    const log = await store.readAll(null, 1_000);
    const handed = new Set<string>();
    for (const { events, position } of batches) {
      for (const { id } of events) handed.add(id);
      const passed = log.filter((event) => position !== null && event.position <= position);
      expect(passed.filter(({ id }) => !handed.has(id))).toEqual([]);
    }
  });

  it('moves with events of others once it is live, so that they are not searched again', async () => {
    const { position } = await appendNotes(store);
    let written = false;
    const moved = await batchesUntil(
      store,
      null,
      (batches) => (batches.at(-1)?.position ?? 0n) > position,
      async (batch) => {
        if (!batch.live || written) return;
        written = true;
        await appendForeign(client, 600);
      },
    );
    expect(moved.at(-1)?.events).toEqual([]);
    const resumed = moved.at(-1)?.position ?? null;
    const later = await appendNotes(store, 2);
    const rest = await batchesUntil(store, resumed, holding(2));
    expect(eventsOf(rest).at(-1)?.position).toBe(later.position);
  });

  it('is known on a store so small and idle that the server sends no checkpoint', async () => {
    await appendForeign(client, 3);
    const { position } = await appendNotes(store);
    await appendForeign(client, 3);
    const batches = await batchesUntil(store, null, live);
    expect(batches.at(-1)).toMatchObject({ position, live: true });
    const again = await batchesUntil(store, position, live);
    expect(again).toEqual([{ events: [], position, live: true }]);
  });
});

describe('a history with long stretches of others', () => {
  it('is resumed without a gap from wherever the server is lost', async () => {
    for (let round = 0; round < 6; round += 1) {
      await appendNotes(store, 3);
      await appendForeign(client, 400);
    }
    let cuts = 0;
    const batches = await batchesUntil(store, null, live, async ({ events }) => {
      if (events.length > 0 && cuts < 4) {
        cuts += 1;
        server.standIn.cutConnections();
        await sleep(20);
      }
    });
    expect(eventsOf(batches)).toEqual(await store.readAll(null, 100));
  });
});

describe('a subscription', () => {
  it('stops at an event that it cannot read, rather than try for ever or leave it out', async () => {
    const stream = freshStream();
    await appendNotes(store, 1, stream);
    await client.appendToStream(stream, jsonEvent({ type: 'NoteAdded', data: {} }));
    await expect(batchesUntil(store, null, live)).rejects.toThrow(StoreUnavailable);
    expect(interruptions).toEqual([]);
  });

  it('ends with the store, which says so', async () => {
    const reading = batchesUntil(store, null, () => false);
    await sleep(30);
    await store.close();
    await expect(reading).rejects.toThrow('the event store is closed');
  });

  it('that is left leaves nothing open on the server', async () => {
    await appendNotes(store, 500);
    for (let round = 0; round < 3; round += 1) {
      for await (const _ of store.subscribe(null, new AbortController().signal)) break;
    }
    const started = performance.now();
    await store.close();
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
