import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, NO_STREAM as NOTHING, START, streamNameFilter } from '@eventstore/db-client';
import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { EventData } from '#event-store/event.js';
import { CATEGORIES } from '#event-store/streams.js';
import { startStandInProcess } from '../engines/eventstoredb/child.js';
import { say } from './print.js';

const ROUNDS = 7;
const ONE_BY_ONE = 1_000;
const AT_ONCE = 50;
const EACH = 60;
const LONG = 20_000;
const BATCH = 500;

/** Events a second of the fastest round of each. */
interface Rates {
  readonly what: string;
  readonly ours: number;
  readonly bare: number;
}

interface Chain {
  readonly stream: string;
  readonly events: readonly EventData[];
}

type Work = () => Promise<void>;

/**
 * The adapter beside the bare official client doing the same calls, in turns, on the stand-in in a process of its own or
 * on the server that `TEST_EVENT_STORE_URL` names.
 */
export async function benchEventStoreDb(): Promise<void> {
  const named = process.env['TEST_EVENT_STORE_URL'] ?? '';
  const standIn = named === '' ? await startStandInProcess() : null;
  const target = standIn?.url ?? named;
  const store = await EventStoreDbEventStore.open(target);
  const client = EventStoreDBClient.connectionString(target);
  try {
    const rates = await measure(store, client);
    const where = standIn === null ? 'the server of TEST_EVENT_STORE_URL' : 'the stand-in';
    say(`Events a second to and from EventStoreDB (${where}), the fastest of ${ROUNDS} rounds in turns`);
    say(`  ${''.padEnd(24)}    adapter  bare client    ratio   asked: at least 0.85`);
    for (const { what, ours, bare } of rates) {
      const columns = [Math.round(ours).toString().padStart(10), Math.round(bare).toString().padStart(12)];
      say(`  ${what.padEnd(24)} ${columns.join(' ')} ${(ours / bare).toFixed(2).padStart(8)}`);
    }
  } finally {
    await store.close();
    await client.dispose();
    await standIn?.stop();
  }
}

async function measure(store: EventStoreDbEventStore, client: EventStoreDBClient): Promise<readonly Rates[]> {
  const before = await store.head();
  const long = chain(LONG);
  for (let first = 0; first < LONG; first += BATCH) {
    await store.append(long.stream, first - 1, long.events.slice(first, first + BATCH));
  }
  const end = await store.head();
  return [
    await paired(
      'reads of a stream',
      LONG,
      async () => expect(LONG, (await store.readStream(long.stream)).length),
      async () => expect(LONG, (await collected(client.readStream(long.stream))).length),
    ),
    await paired(
      'catch-up of the log',
      LONG,
      () => followTo(store, before, end),
      () => followBare(client, before, end),
    ),
    await paired(
      'appends, one by one',
      ONE_BY_ONE,
      () => appendAll([chain(ONE_BY_ONE)], appendOurs(store)),
      () => appendAll([chain(ONE_BY_ONE)], appendBare(client)),
    ),
    await paired(
      `appends, ${AT_ONCE} at once`,
      AT_ONCE * EACH,
      () => appendAll(chains(), appendOurs(store)),
      () => appendAll(chains(), appendBare(client)),
    ),
  ];
}

/** In turns, the first of each pair changing, after one round of each that does not count. */
async function paired(
  what: string,
  events: number,
  ours: () => Work | Promise<void>,
  bare: () => Work | Promise<void>,
): Promise<Rates> {
  await timed(ours);
  await timed(bare);
  let [oursMs, bareMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round % 2 === 0) oursMs = Math.min(oursMs, await timed(ours));
    bareMs = Math.min(bareMs, await timed(bare));
    if (round % 2 === 1) oursMs = Math.min(oursMs, await timed(ours));
  }
  return { what, ours: (events / oursMs) * 1_000, bare: (events / bareMs) * 1_000 };
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
