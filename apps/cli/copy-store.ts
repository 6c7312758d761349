import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyLog, type CopyProgress } from '#event-store/copy/copy-log.js';
import { oneByOne, type OrderedAppends } from '#event-store/copy/ordered-appends.js';
import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import { openBulkAppends } from '#event-store/adapters/sqlite/bulk-appends.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { EventStore } from '#event-store/port.js';
import { dataFiles } from '../api/embedded-stores.js';
import { hostsOf, placeOf } from './places.js';
import { ProgressLine } from './progress-line.js';

/** A store, opened for a copy. */
interface Opened {
  /** For sentences: without credentials. */
  readonly name: string;
  readonly store: EventStore;
  readonly append: OrderedAppends;
  close(): Promise<void>;
}

/**
 * Copies an event store to another: each a data folder or a URL of EventStoreDB.
 * @returns the exit code
 */
export async function copyStore(from: string, to: string): Promise<number> {
  if (placeOf(from) === placeOf(to)) throw new Error('A store is copied to another one, not onto itself.');
  if (!isUrl(from) && !existsSync(join(from, 'events.db'))) throw new Error(`There is no event log in ${from}.`);
  const source = await open(from);
  try {
    const target = await open(to);
    try {
      const started = performance.now();
      const line = new ProgressLine();
      const head = (await source.store.head()) ?? 0n;
      const { events, streams, before } = await copyLog(source.store, target.store, target.append, (progress) =>
        line.show(() => `${progress.phase}: ${progress.events} events, ${shareOf(progress, head)} %`),
      ).finally(() => line.end());
      const seconds = (performance.now() - started) / 1_000;
      process.stdout.write(
        `${source.name} -> ${target.name}: ${events} events of ${streams} streams` +
          `${before > 0 ? `, ${before} of them were there before` : ''}, ${seconds.toFixed(1)} s\n` +
          'Verified: the same events, ids and hashes in the same order; every chain is whole.\n' +
          'Neither the master key nor the keys of personal data are with them: copy the keys (copy-keys), if they are to\n' +
          'be elsewhere too, and start on the copy with the same MASTER_KEY.\n',
      );
      return 0;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function open(place: string): Promise<Opened> {
  if (isUrl(place)) {
    const store = await EventStoreDbEventStore.open(place);
    return { name: `EventStoreDB at ${hostsOf(place)}`, store, append: oneByOne(store), close: () => store.close() };
  }
  const { events, folder } = dataFiles(place);
  const store = await SqliteEventStore.open(events);
  const bulk = openBulkAppends(events);
  return {
    name: folder,
    store,
    append: bulk.append,
    close: async () => {
      bulk.close();
      await store.close();
    },
  };
}

function isUrl(place: string): boolean {
  return /^esdb(?:\+discover)?:\/\//u.test(place);
}

/** Positions are not counts, but near enough to them to tell a share of the source as it was when the copy began. */
function shareOf({ position }: CopyProgress, head: bigint): number {
  return head === 0n ? 100 : Math.min(100, Number((position * 100n) / head));
}
