import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { EventStoreDbStandIn, type StandInOptions } from '../../../../../test/engines/eventstoredb/stand-in.js';
import { freshStream, notes, sealed } from '../../../contract/sealed-events.js';
import { NO_STREAM, type AppendResult, type EventStore } from '../../../port.js';
import { EventStoreDbEventStore, type EventStoreDbOptions } from '../eventstoredb-event-store.js';

/** A server for one test, with whatever was opened on it. */
export interface ServerForTest {
  readonly standIn: EventStoreDbStandIn;
  /** The official client, as another program would use it. */
  readonly client: EventStoreDBClient;
  open(options?: EventStoreDbOptions): Promise<EventStoreDbEventStore>;
  stop(): Promise<void>;
}

export async function startServer(options?: StandInOptions): Promise<ServerForTest> {
  const standIn = await EventStoreDbStandIn.start(options);
  const client = EventStoreDBClient.connectionString(standIn.url);
  const stores: EventStoreDbEventStore[] = [];
  return {
    standIn,
    client,
    open: async (storeOptions) => {
      const store = await EventStoreDbEventStore.open(standIn.url, { backoffMs: [5, 50], ...storeOptions });
      stores.push(store);
      return store;
    },
    stop: async () => {
      standIn.faults.clear();
      await Promise.all(stores.map((store) => store.close()));
      await standIn.stop();
    },
  };
}

/** Appends notes to a stream of their own. */
export async function appendNotes(store: EventStore, count = 1, stream = freshStream()): Promise<AppendResult> {
  return store.append(stream, NO_STREAM, sealed(stream, notes(count)));
}

/** Writes events of another program. */
export async function appendForeign(client: EventStoreDBClient, count: number, stream = 'invoice-1'): Promise<void> {
  await client.appendToStream(
    stream,
    Array.from({ length: count }, (_, index) => jsonEvent({ type: 'InvoiceSent', data: { index } })),
  );
}
