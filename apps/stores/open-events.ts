import type { EventStore } from '#event-store/port.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { InvalidConfiguration } from '#platform/configuration.js';
import { filesOf, type Engines } from './engines.js';

/** Told when a subscription has lost its server, at each attempt that fails, and with null when it is back. */
export type OnInterruption = (interruption: { readonly attempts: number; readonly reason: string } | null) => void;

/**
 * Opens the event store, waiting half a minute for a server that is starting.
 * @throws InvalidConfiguration the URL cannot be used
 * @throws StoreUnavailable the server is not ready in time
 */
export async function openEvents(engines: Engines, onInterruption?: OnInterruption): Promise<EventStore> {
  const { eventStore } = engines;
  if (eventStore.kind === 'sqlite') return SqliteEventStore.open(filesOf(engines).events);
  // Only who runs on a server loads its client.
  const [{ EventStoreDbEventStore }, { InvalidConnectionString }] = await Promise.all([
    import('#event-store/adapters/eventstoredb/eventstoredb-event-store.js'),
    import('#event-store/adapters/eventstoredb/connection-string.js'),
  ]);
  try {
    return await EventStoreDbEventStore.open(eventStore.url, onInterruption === undefined ? {} : { onInterruption });
  } catch (error) {
    if (error instanceof InvalidConnectionString) throw new InvalidConfiguration(`EVENT_STORE_URL: ${error.message}`);
    throw error;
  }
}
