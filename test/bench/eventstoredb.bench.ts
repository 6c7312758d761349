import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, NO_STREAM as NOTHING, START, streamNameFilter } from '@eventstore/db-client';
import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { EventData } from '#event-store/event.js';
import { CATEGORIES } from '#event-store/streams.js';
import { startStandInProcess } from '../engines/eventstoredb/child.js';
import { say } from './print.js';

const ROUNDS = 11;
const ONE_BY_ONE = 1_000;
const AT_ONCE = 50;
const EACH = 60;
const READ_STREAM = 20_000;
const BATCH = 500;

/** The adapter's rate divided by that of the bare official client doing the same calls: of the fastest round of each. */
export interface EventStoreDbRatios {
  readonly appendsOneByOne: number;
  readonly appendsAtOnce: number;
  readonly read: number;
  readonly catchUp: number;
}

interface Chain {
  readonly stream: string;
  readonly events: readonly EventData[];
}

type Work = () => Promise<void>;

/** @param url of a real server; without it the stand-in is measured, in a process of its own */
export async function eventStoreDbRatios(url = process.env.TEST_EVENT_STORE_URL): Promise<EventStoreDbRatios> {
  const standIn = url === undefined ? await startStandInProcess() : null;
  const target = url ?? standIn?.url ?? '';
  const store = await EventStoreDbEventStore.open(target);
  const client = EventStoreDBClient.connectionString(target);
  try {
    const before = await store.head();
    const long = chain(READ_STREAM);
    for (let first = 0; first < READ_STREAM; first += BATCH) {
      await store.append(long.stream, first - 1, long.events.slice(first, first + BATCH));
    }
    const end = await store.head();
    const read = await paired(
      async () => expect(READ_STREAM, (await store.readStream(long.stream)).length),
      async () => expect(READ_STREAM, (await collected(client.readStream(long.stream))).length),
    );
    const catchUp = await paired(
      () => followTo(store, before, end),
      () => followBare(client, before, end),
    );
    return {
      appendsOneByOne: await paired(
        () => appendAll([chain(ONE_BY_ONE)], appendOurs(store)),
        () => appendAll([chain(ONE_BY_ONE)], appendBare(client)),
      ),
      appendsAtOnce: await paired(
        () => appendAll(chains(), appendOurs(store)),
        () => appendAll(chains(), appendBare(client)),
      ),
      read,
      catchUp,
    };
  } finally {
    await store.close();
    await client.dispose();
    await standIn?.stop();
  }
}

export async function benchEventStoreDb(): Promise<void> {
  const ratios = await eventStoreDbRatios();
  say(`The EventStoreDB adapter beside the bare client, ${ROUNDS} rounds in turns; asked: at least 0.85`);
  say(`  appends, one by one      ${ratios.appendsOneByOne.toFixed(2)}`);
  say(`  appends, ${AT_ONCE} at once      ${ratios.appendsAtOnce.toFixed(2)}`);
  say(`  reads of a stream        ${ratios.read.toFixed(2)}`);
  say(`  catch-up of the log      ${ratios.catchUp.toFixed(2)}`);
}

/** In turns, the first of each pair changing, after one round of each that does not count. */
async function paired(ours: () => Work | Promise<void>, bare: () => Work | Promise<void>): Promise<number> {
  await timed(ours);
  await timed(bare);
  let [oursMs, bareMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % 2 === 0) oursMs = Math.min(oursMs, await timed(ours));
    bareMs = Math.min(bareMs, await timed(bare));
    if (round % 2 === 1) oursMs = Math.min(oursMs, await timed(ours));
  }
  return bareMs / oursMs;
}

/** Milliseconds of the work, or of what the work prepared. */
async function timed(prepare: () => Work | Promise<void>): Promise<number> {
  // What the round before has left to the server is none of this one's.
  await sleep(50);
  const started = performance.now();
  const work = prepare();
  if (work instanceof Promise) {
    await work;
    return performance.now() - started;
  }
  const ready = performance.now();
  await work();
  return performance.now() - ready;
}

function chain(length: number): Chain {
  const stream = `deal-${randomUUID()}`;
  let prevHash = GENESIS_HASH;
  const events = Array.from({ length }, (_, revision) => {
    const commandId = randomUUID();
    const event = sealEvent(stream, revision, prevHash, {
      type: 'DealStageMoved',
      data: { from: 'qualified', to: 'proposal', rank: revision, note: 'after the second call' },
      metadata: {
        commandId,
        request: 'a'.repeat(64),
        correlationId: commandId,
        causationId: commandId,
        actor: { id: 'u-1', kind: 'user' },
        occurredAt: '2026-03-01T09:00:00.000Z',
        recordedAt: '2026-03-01T09:00:00.000Z',
        schema: 1,
      },
    });
    prevHash = event.metadata.hash;
    return event;
  });
  return { stream, events };
}

function chains(): readonly Chain[] {
  return Array.from({ length: AT_ONCE }, () => chain(EACH));
}

type Append = (stream: string, expected: number, event: EventData) => Promise<unknown>;

function appendAll(all: readonly Chain[], append: Append): Work {
  return async () => {
    await Promise.all(
      all.map(async ({ stream, events }) => {
        for (const [index, event] of events.entries()) await append(stream, index - 1, event);
      }),
    );
  };
}

function appendOurs(store: EventStoreDbEventStore): Append {
  return (stream, expected, event) => store.append(stream, expected, [event]);
}

function appendBare(client: EventStoreDBClient): Append {
  return (stream, expected, { id, type, data, metadata }) =>
    client.appendToStream(stream, jsonEvent({ id, type, data: { ...data }, metadata: { ...metadata } }), {
      expectedRevision: expected < 0 ? NOTHING : BigInt(expected),
    });
}

async function followTo(store: EventStoreDbEventStore, after: bigint | null, end: bigint | null): Promise<void> {
  const stop = new AbortController();
  for await (const { events } of store.subscribe(after, stop.signal)) {
    if (events.at(-1)?.position === end) stop.abort();
  }
}

async function followBare(client: EventStoreDBClient, after: bigint | null, end: bigint | null): Promise<void> {
  const subscription = client.subscribeToAll({
    fromPosition: after === null ? START : { commit: after, prepare: after },
    filter: streamNameFilter({ prefixes: [...CATEGORIES], checkpointInterval: 8, checkpointReached: () => undefined }),
  });
  for await (const { event } of subscription) if (event?.position?.commit === end) break;
  await subscription.unsubscribe();
}

async function collected<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function expect(wanted: number, found: number): void {
  if (found !== wanted) throw new Error(`${wanted} events were to be read, ${found} were`);
}
