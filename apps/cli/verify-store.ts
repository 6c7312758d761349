import { verifyEvent } from '#event-store/envelope.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { Configuration } from '#platform/configuration.js';
import { dataFiles } from '../api/embedded-stores.js';

const PAGE = 1_000;

/**
 * Reads the whole log and checks that every stream is an unbroken chain of unaltered events. It keeps one hash for
 * each stream in memory.
 * @returns the exit code: 1 when something is wrong
 */
export async function verifyStore(configuration: Configuration): Promise<number> {
  const store = await SqliteEventStore.open(dataFiles(configuration.dataDir).events);
  const ends = new Map<string, { revision: number; hash: string }>();
  let checked = 0;
  let faults = 0;
  try {
    for (let after: bigint | null = null; ; ) {
      const page = await store.readAll(after, PAGE);
      for (const event of page) {
        const fault = verifyEvent(event, ends.get(event.stream) ?? null);
        if (fault !== null) {
          faults += 1;
          process.stdout.write(`${fault.stream} revision ${fault.revision}: ${fault.fault}\n`);
        }
        ends.set(event.stream, { revision: event.revision, hash: event.metadata.hash });
      }
      checked += page.length;
      const last = page[page.length - 1];
      if (last === undefined) break;
      after = last.position;
    }
  } finally {
    await store.close();
  }
  process.stdout.write(`${checked} events of ${ends.size} streams checked: ${faults === 0 ? 'all whole' : `${faults} faults`}\n`);
  return faults === 0 ? 0 : 1;
}
