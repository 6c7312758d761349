import { setTimeout as sleep } from 'node:timers/promises';
import { NO_STREAM, type EventStore } from '../port.js';
import type { StoreUnderTest } from './event-store.contract.js';
import { end, freshStream, notes, sealed } from './sealed-events.js';
import { batchesUntil, eventsOf, holding, live } from './subscription.js';

export function subscribeContract(current: () => StoreUnderTest): void {
  describe('subscribe', () => {
    it('hands over the history, then says that it is live', async () => {
      const { store } = current();
      const before = await store.head();
      const stream = freshStream();
      await appendSingly(store, stream, 25);
      const batches = await batchesUntil(store, before, live);
      expect(eventsOf(batches)).toEqual(await store.readStream(stream));
      expect(batches.slice(0, -1).every((batch) => !batch.live)).toBe(true);
      expect(batches.at(-1)?.position).toBe(await store.head());
    });

    it('begins after any number, also one that no event has', async () => {
      const { store } = current();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(3)));
      const [first] = await store.readStream(stream);
      const batches = await batchesUntil(store, (first?.position ?? 1n) - 1n, live);
      expect(eventsOf(batches)).toEqual(await store.readStream(stream));
    });

    it('says that it is live when there is no history', async () => {
      const { store } = current();
      const stream = freshStream();
      const { position } = await store.append(stream, NO_STREAM, sealed(stream, notes(1)));
      const batches = await batchesUntil(store, position, live);
      expect(eventsOf(batches)).toEqual([]);
      const last = batches.at(-1)?.position;
      expect(last !== undefined && last !== null && last >= position).toBe(true);
    });

    it('goes on with what is appended later', async () => {
      const { store } = current();
      const before = await store.head();
      const stream = freshStream();
      let appended = 0;
      const batches = await batchesUntil(store, before, holding(5), async (batch) => {
        if (batch.live && appended < 5) await store.append(stream, appended - 1, oneNote(stream, appended++));
      });
      expect(eventsOf(batches)).toEqual(await store.readStream(stream));
    });

    it('sees what another store on the same data appends', async () => {
      const { store, another } = current();
      const writer = (await another?.()) ?? store;
      const before = await store.head();
      const stream = freshStream();
      let appended = 0;
      const batches = await batchesUntil(store, before, holding(5), async (batch) => {
        if (batch.live && appended < 5) await writer.append(stream, appended - 1, oneNote(stream, appended++));
      });
      expect(eventsOf(batches)).toEqual(await store.readStream(stream));
    });

    it('loses nothing and repeats nothing while many append, in the order of positions', async () => {
      const { store, another } = current();
      const before = await store.head();
      const other = (await another?.()) ?? store;
      const streams = Array.from({ length: 10 }, () => freshStream());
      const early = batchesUntil(store, before, holding(300));
      const slow = batchesUntil(other, before, holding(300), () => sleep(5));
      const writers = Promise.all(
        streams.map((stream, index) => appendSingly(index % 2 === 0 ? store : other, stream, 30)),
      );
      await sleep(20);
      const late = batchesUntil(store, before, holding(300));
      await writers;
      const log = await store.readAll(before, 1_000);
      expect(log).toHaveLength(300);
      for (const subscription of [early, slow, late]) expect(eventsOf(await subscription)).toEqual(log);
    });

    it('resumes after the position of any batch without a gap and without a repetition', async () => {
      const { store } = current();
      const before = await store.head();
      const stream = freshStream();
      const seen = [];
      let resume = before;
      const writing = appendSingly(store, stream, 60);
      for (let round = 1; seen.length < 60; round += 1) {
        const batches = await batchesUntil(store, resume, (all) => all.length >= 1 + (round % 3) || live(all));
        seen.push(...eventsOf(batches));
        resume = batches.at(-1)?.position ?? resume;
      }
      await writing;
      expect(seen).toEqual(await store.readStream(stream));
    });

    it('never goes back: the position of a batch is at or after its events and all before', async () => {
      const { store } = current();
      const before = await store.head();
      const writing = appendSingly(store, freshStream(), 40);
      let reached = before ?? -1n;
      for (const { events, position } of await batchesUntil(store, before, holding(40))) {
        for (const event of events) {
          expect(event.position > reached).toBe(true);
          reached = event.position;
        }
        if (position === null) expect(events).toEqual([]);
        else {
          expect(position >= reached).toBe(true);
          reached = position;
        }
      }
      await writing;
    });

    it('gives nothing to a reader whose signal has aborted before', async () => {
      const { store } = current();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(3)));
      const batches = [];
      for await (const batch of store.subscribe(null, AbortSignal.abort())) batches.push(batch);
      expect(batches).toEqual([]);
    });

    it('ends when its signal aborts while it waits for more', async () => {
      const { store } = current();
      const stop = new AbortController();
      let lives = 0;
      for await (const batch of store.subscribe(await store.head(), stop.signal)) {
        if (batch.live) {
          lives += 1;
          setTimeout(() => stop.abort(), 30);
        }
      }
      expect(lives).toBeGreaterThan(0);
    });

    it('gives no more after an abort in the midst of the history', async () => {
      const { store } = current();
      const before = await store.head();
      const stream = freshStream();
      await appendSingly(store, stream, 10);
      const batches = await batchesUntil(store, before, (all) => all.length === 1);
      expect(batches).toHaveLength(1);
    });

    it('can be left by breaking out of the loop, and the store goes on', async () => {
      const { store } = current();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(1)));
      for await (const batch of store.subscribe(null, new AbortController().signal)) {
        expect(batch.position).not.toBeUndefined();
        break;
      }
      expect(await store.readStream(stream)).toHaveLength(1);
    });
  });
}

function oneNote(stream: string, revision: number) {
  return sealed(
    stream,
    notes(1, revision),
    revision === 0 ? undefined : { revision: revision - 1, hash: 'e'.repeat(64) },
  );
}

async function appendSingly(store: EventStore, stream: string, count: number): Promise<void> {
  let chain = sealed(stream, notes(1));
  for (let revision = 0; revision < count; revision += 1) {
    await store.append(stream, revision - 1, chain);
    chain = sealed(stream, notes(1, revision + 1), end(chain, revision));
  }
}
