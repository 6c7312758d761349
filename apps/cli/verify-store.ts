import { existsSync } from 'node:fs';
import { verifyEvent } from '#event-store/envelope.js';
import { UnreadableEvent, type EventStore } from '#event-store/port.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { Configuration } from '#platform/configuration.js';
import { enginesOf, filesOf, type Engines } from '../stores/engines.js';
import { openEvents } from '../stores/open-events.js';

const PAGE = 1_000;

/**
 * Reads the whole log and checks that every stream is an unbroken chain of unaltered events. It keeps one hash for
 * each stream in memory.
 * @returns the exit code: 1 when something is wrong
 */
export async function verifyStore(configuration: Configuration): Promise<number> {
  const { store, fileFaults } = await openLog(enginesOf(configuration));
  const report = (fault: string): void => void process.stdout.write(`${fault}\n`);
  try {
    for (const fault of fileFaults) report(fault);
    const { events, streams, faults } = await verifyLog(store, report);
    const found = faults + fileFaults.length;
    report(`${events} events of ${streams} streams checked: ${found === 0 ? 'all whole' : `${found} faults`}`);
    return found === 0 ? 0 : 1;
  } finally {
    await store.close();
  }
}

/** The store, and what is wrong with its file where it has one. */
async function openLog(engines: Engines): Promise<{ store: EventStore; fileFaults: readonly string[] }> {
  if (engines.eventStore.kind !== 'sqlite') return { store: await openEvents(engines), fileFaults: [] };
  const files = filesOf(engines);
  // Opening would make an empty log, and call it whole.
  if (!existsSync(files.events)) throw new Error(`There is no event log in ${files.folder}.`);
  const store = await SqliteEventStore.open(files.events);
  try {
    const faults = await store.fileFaults();
    return { store, fileFaults: faults.map((fault) => `${files.events}: ${fault}`) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function verifyLog(store: EventStore, report: (fault: string) => void) {
  const ends = new Map<string, { readonly revision: number; readonly hash: string }>();
  let events = 0;
  let faults = 0;
  for await (const event of eachEvent(store)) {
    events += 1;
    const { stream, revision } = event;
    const before = ends.get(stream) ?? null;
    // The hash of an unreadable event is what the next one says that it was.
    const prevHash =
      before?.hash === '' && !(event instanceof UnreadableEvent) ? event.metadata.prevHash : before?.hash;
    const end = before === null ? null : { revision: before.revision, hash: prevHash ?? '' };
    const fault = event instanceof UnreadableEvent ? 'unreadable' : (verifyEvent(event, end)?.fault ?? null);
    if (fault !== null) {
      faults += 1;
      report(`${stream} revision ${revision}: ${fault}`);
    }
    ends.set(stream, { revision, hash: event instanceof UnreadableEvent ? '' : event.metadata.hash });
  }
  return { events, streams: ends.size, faults };
}

/** All events in the order of the log; in the place of one that cannot be read, what is known of it. */
async function* eachEvent(store: EventStore) {
  let after: bigint | null = null;
  let limit = PAGE;
  for (;;) {
    try {
      const page = await store.readAll(after, limit);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.position;
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      // Up to the damaged one they are read one by one.
      if (limit > 1) {
        limit = 1;
        continue;
      }
      yield error;
      after = error.position;
      limit = PAGE;
    }
  }
}
