import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshStream } from '../../contract/sealed-events.js';
import { batchesUntil, eventsOf, holding } from '../../contract/subscription.js';
import { verifyChain } from '../../envelope.js';
import type { RecordedEvent } from '../../event.js';
import { AppendingProcess } from './appending-process.js';
import { SqliteEventStore } from './sqlite-event-store.js';

let folder: string;
let path: string;
const processes: AppendingProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  path = join(folder, 'events.db');
});

afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.kill()));
  await rm(folder, { recursive: true });
});

function start(mode: 'swarm' | 'contend' | 'follow', argument?: string): AppendingProcess {
  const started = new AppendingProcess(path, mode, argument);
  processes.push(started);
  return started;
}

describe('an event log that several processes share', () => {
  it('shows a subscriber what another process appends', async () => {
    const store = await SqliteEventStore.open(path);
    const subscription = batchesUntil(store, null, holding(500));
    const other = start('swarm', '5');
    const seen = eventsOf(await subscription);
    await other.kill();
    const log = await store.readAll(null, 1_000_000);
    expect(seen).toEqual(log.slice(0, seen.length));
    await store.close();
  });

  it('gives each revision of a stream to one process only', async () => {
    const stream = freshStream();
    const contenders = [start('contend', stream), start('contend', stream), start('contend', stream)];
    for (const each of contenders) expect(await each.ended()).toBe('');
    const store = await SqliteEventStore.open(path);
    const stored = await store.readStream(stream);
    const acknowledged = contenders.flatMap((each) => each.acknowledged());
    expect(acknowledged).toHaveLength(120);
    expect(acknowledged.toSorted((a, b) => a.revision - b.revision)).toEqual(
      stored.map(({ revision, id }) => ({ stream, revision, id })),
    );
    expect(verifyChain(stored)).toBeNull();
    await store.close();
  });

  it('orders positions as a reader sees them, whichever process writes', async () => {
    const store = await SqliteEventStore.open(path);
    const writers = [start('swarm', '5'), start('swarm', '5')];
    const seen = eventsOf(await batchesUntil(store, null, holding(2_000)));
    for (const each of writers) await each.kill();
    expect(seen).toEqual((await store.readAll(null, 1_000_000)).slice(0, seen.length));
    await store.close();
  });
});

describe('a process whose store is closed', () => {
  it('ends by itself, even with a subscription that was left open', async () => {
    expect(await start('follow').ended()).toBe('');
  });
});

describe('an event log whose process is killed', () => {
  it('keeps every acknowledged event once, with whole chains, round after round', async () => {
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 5; round += 1) {
      const victim = start('swarm', '50');
      await victim.acknowledging(1);
      await sleep(Math.random() * 250);
      await victim.kill();
      for (const { stream, revision, id } of victim.acknowledged()) acknowledged.set(`${stream} ${revision}`, id);

      const store = await SqliteEventStore.open(path);
      const log = await store.readAll(null, 10_000_000);
      const stored = new Map(log.map((event) => [`${event.stream} ${event.revision}`, event.id]));
      expect(stored.size).toBe(log.length);
      expect([...acknowledged].filter(([place, id]) => stored.get(place) !== id)).toEqual([]);
      for (const chain of byStream(log)) expect(verifyChain(chain)).toBeNull();
      await store.close();
    }
    expect(acknowledged.size).toBeGreaterThan(0);
  });
});

function byStream(log: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of log) {
    const stream = streams.get(event.stream);
    if (stream === undefined) streams.set(event.stream, [event]);
    else stream.push(event);
  }
  return [...streams.values()];
}
