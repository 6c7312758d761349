import { EventStoreDBClient, jsonEvent, type EventData } from '@eventstore/db-client';
import { EventStoreDbStandIn, type StandInOptions } from './stand-in.js';

/** A stand-in with the official client on it. */
export interface Subject {
  readonly standIn: EventStoreDbStandIn;
  readonly client: EventStoreDBClient;
  stop(): Promise<void>;
}

export async function startSubject(options?: StandInOptions): Promise<Subject> {
  const standIn = await EventStoreDbStandIn.start(options);
  const client = EventStoreDBClient.connectionString(standIn.url);
  return {
    standIn,
    client,
    stop: async () => {
      standIn.faults.clear();
      await client.dispose();
      await standIn.stop();
    },
  };
}

export function events(count: number, type = 'test'): EventData[] {
  return Array.from({ length: count }, (_, index) => jsonEvent({ type, data: { index } }));
}

export async function collect<T>(read: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of read) all.push(each);
  return all;
}

export async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
}
