import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openBulkAppends } from '../adapters/sqlite/bulk-appends.js';
import { SqliteEventStore } from '../adapters/sqlite/sqlite-event-store.js';
import { appendForeign, startServer, type ServerForTest } from '../adapters/eventstoredb/testing/server.js';
import { end, freshStream, notes, sealed } from '../contract/sealed-events.js';
import type { RecordedEvent } from '../event.js';
import { NO_STREAM, type EventStore } from '../port.js';
import { BrokenChain } from './chains.js';
import { copyLog } from './copy-log.js';
import { ForeignEvents } from './match.js';
import { appendsOf, oneByOne, type Append, type OrderedAppends } from './ordered-appends.js';

interface Place {
  readonly store: EventStore;
  readonly append: OrderedAppends;
}

let folder: string;
let server: ServerForTest;
const closings: (() => unknown)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copy-'));
  server = await startServer();
});
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

let files = 0;
async function embedded(): Promise<Place> {
  const path = join(folder, `${(files += 1)}.db`);
  const store = await SqliteEventStore.open(path);
  const bulk = openBulkAppends(path);
  closings.push(
    () => bulk.close(),
    () => store.close(),
  );
  return { store, append: bulk.append };
}

async function production(): Promise<Place> {
  const store = await server.open();
  return { store, append: oneByOne(store) };
}

const ENGINES = { embedded, production };
const WAYS = [
  ['embedded', 'production'],
  ['production', 'embedded'],
] as const;

const copy = ({ store: source }: Place, { store, append }: Place, how = append) =>
  copyLog(source, store, how, () => undefined);

/** Writes streams side by side: each number is the stream that the next events go to. */
async function write(store: EventStore, turns: readonly number[]): Promise<void> {
  const streams = new Map<number, { name: string; end: { revision: number; hash: string } | undefined }>();
  for (const [index, turn] of turns.entries()) {
    const stream = streams.get(turn) ?? { name: freshStream(turn % 2 === 0 ? 'deal' : 'lead'), end: undefined };
    const events = sealed(stream.name, notes(1 + (index % 3)), stream.end);
    const expected = stream.end?.revision ?? NO_STREAM;
    await store.append(stream.name, expected, events);
    streams.set(turn, { name: stream.name, end: end(events, expected + 1) });
  }
}

async function eventsOf(store: EventStore): Promise<Omit<RecordedEvent, 'position'>[]> {
  return (await store.readAll(null, 100_000)).map(({ position: _, ...event }) => event);
}

const TURNS = Array.from({ length: 300 }, (_, index) => (index * 7) % 11);

describe.each(WAYS)('a copy from the %s engine to the %s one', (from, to) => {
  it('holds the same events in the same order, and is verified', async () => {
    const [source, target] = [await ENGINES[from](), await ENGINES[to]()];
    await write(source.store, TURNS);
    const result = await copy(source, target);
    const events = await eventsOf(source.store);
    expect(await eventsOf(target.store)).toEqual(events);
    expect(result).toEqual({ events: events.length, streams: 11, before: 0 });
  });

  it('changes nothing when it is run again, and goes on with what is new', async () => {
    const [source, target] = [await ENGINES[from](), await ENGINES[to]()];
    await write(source.store, TURNS);
    const { events } = await copy(source, target);
    const head = await target.store.head();
    expect(await copy(source, target)).toEqual({ events, streams: 11, before: events });
    expect(await target.store.head()).toBe(head);
    await write(source.store, [1, 2, 1]);
    expect(await copy(source, target)).toEqual({ events: events + 6, streams: 13, before: events });
    expect(await eventsOf(target.store)).toEqual(await eventsOf(source.store));
  });

  it('goes on wherever it was cut off, also with an append that is stored after its end', async () => {
    const moments = fc.array(fc.nat(40), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { minLength: 1, maxLength: 60 }), moments, async (turns, cuts) => {
        // What the stand-in holds is one log: each run takes one of its own.
        const own = await startServer();
        try {
          const stores = { embedded, production: async () => placeOn(await own.open()) };
          const [source, target] = [await stores[from](), await stores[to]()];
          await write(source.store, turns);
          for (const appends of cuts) await cutOff(source, target, appends);
          const events = await eventsOf(source.store);
          expect((await copy(source, target)).events).toBe(events.length);
          expect(await eventsOf(target.store)).toEqual(events);
        } finally {
          await own.stop();
        }
      }),
      { numRuns: 25 },
    );
  });

  it('refuses a target that holds other events, and leaves it as it is', async () => {
    const [source, target] = [await ENGINES[from](), await ENGINES[to]()];
    await write(source.store, [1, 2, 1]);
    await write(target.store, [1]);
    const before = await eventsOf(target.store);
    await expect(copy(source, target)).rejects.toThrow(ForeignEvents);
    expect(await eventsOf(target.store)).toEqual(before);
  });

  it('refuses a target that holds more than the source', async () => {
    const [source, target] = [await ENGINES[from](), await ENGINES[to]()];
    await write(source.store, [1, 2, 1]);
    await copy(source, target);
    await write(target.store, [1]);
    await expect(copy(source, target)).rejects.toThrow(ForeignEvents);
  });

  it('takes nothing from a source that is not whole', async () => {
    const [source, target] = [await ENGINES[from](), await ENGINES[to]()];
    const stream = freshStream();
    const [first, , third] = sealed(stream, notes(3));
    if (first === undefined || third === undefined) throw new Error('three notes');
    await source.store.append(stream, NO_STREAM, [first, third]);
    await expect(copy(source, target)).rejects.toThrow(BrokenChain);
    expect(await target.store.head()).toBeNull();
  });

  it('leaves the same when two of them run at once', async () => {
    const [source, target] = [await ENGINES[from](), await ENGINES[to]()];
    await write(source.store, TURNS);
    await Promise.all([copy(source, target), copy(source, target)]);
    expect(await eventsOf(target.store)).toEqual(await eventsOf(source.store));
  });

  it('notices somebody else who writes to the target', async () => {
    const [source, target] = [await ENGINES[from](), await ENGINES[to]()];
    await write(source.store, TURNS);
    const intruding: OrderedAppends = async (appends) => {
      await write(target.store, [1]);
      await target.append(appends);
    };
    await expect(copy(source, target, intruding)).rejects.toThrow(ForeignEvents);
  });
});

describe('a copy to EventStoreDB', () => {
  it('survives lost connections, lost answers and restarts', async () => {
    const [source, target] = [await embedded(), await production()];
    await write(source.store, TURNS);
    const suffering: OrderedAppends = async (appends) => {
      Object.assign(server.standIn.faults, { dropBeforeWrite: 2, dropAfterWrite: 2, swallowAnswers: 1, timeOut: 1 });
      const working = target.append(appends);
      await server.standIn.restart();
      await working;
    };
    await copy(source, target, suffering);
    expect(await eventsOf(target.store)).toEqual(await eventsOf(source.store));
  });

  it('leaves the events of other programs alone', async () => {
    const [source, target] = [await embedded(), await production()];
    await write(source.store, [1, 2, 1]);
    await appendForeign(server.client, 3);
    await copy(source, target);
    expect(await eventsOf(target.store)).toEqual(await eventsOf(source.store));
  });
});

describe('appendsOf', () => {
  it('keeps the order of the log and the limit of an append', async () => {
    const { store } = await embedded();
    await write(store, [1, 1, 2, 1]);
    const events = await store.readAll(null, 100);
    const shapes = ({ stream, expectedRevision, events: some }: Append) => [stream, expectedRevision, some.length];
    const [one, two] = [events[0]?.stream, events[3]?.stream];
    expect(appendsOf(events).map(shapes)).toEqual([
      [one, -1, 3],
      [two, -1, 3],
      [one, 2, 1],
    ]);
    const stream = freshStream();
    const large = sealed(
      stream,
      [1, 2, 3].map((text) => ({ text: `${text}`.repeat(400_000) })),
    );
    const recorded = large.map((event, revision) => ({ ...event, stream, revision, position: BigInt(revision) }));
    expect(appendsOf(recorded).map(shapes)).toEqual([
      [stream, -1, 2],
      [stream, 1, 1],
    ]);
  });
});

function placeOn(store: EventStore): Place {
  return { store, append: oneByOne(store) };
}

/** A run that ends after some appends, the next of which is stored only then. */
async function cutOff(source: Place, target: Place, appendsBefore: number): Promise<void> {
  const ended = new Error('killed');
  let left = appendsBefore;
  let underWay: Append | null = null;
  const dying: OrderedAppends = async (appends) => {
    for (const append of appends) {
      underWay = append;
      if (left === 0) throw ended;
      left -= 1;
      await target.append([append]);
    }
    underWay = null;
  };
  await copy(source, target, dying).catch((error: unknown) => {
    if (error !== ended) throw error;
  });
  if (underWay !== null) await target.append([underWay]);
}
