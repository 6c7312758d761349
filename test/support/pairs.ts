import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { startStandInProcess, type EventStoreOrder } from '../engines/eventstoredb/child.js';
import { startMongoProcess, type MongoOrder } from '../engines/mongodb/child.js';
import { untilCaughtUp } from './readiness.js';

/** The two engines under a server, as its settings name them. */
export interface RunningPair {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A pair of engines that servers may run on. */
export interface Pair {
  readonly name: string;
  /** The servers are stand-ins, at least one of them. */
  readonly onStandIns: boolean;
  start(): Promise<RunningPair>;
  /** Waits until a server on a log that was not empty has caught up with it. */
  caughtUp(url: string): Promise<void>;
}

/** SQLite, in the server's data folder. */
const EMBEDDED: Pair = {
  name: 'SQLite',
  onStandIns: false,
  start: async () => ({ environment: {}, stop: async () => undefined }),
  caughtUp: async () => undefined,
};

/** Real servers where TEST_EVENT_STORE_URL and TEST_VIEW_STORE_URL name them, stand-ins in processes of their own else. */
const SERVERS: Pair = {
  name: 'EventStoreDB and MongoDB',
  onStandIns: !isGiven(process.env['TEST_EVENT_STORE_URL']) || !isGiven(process.env['TEST_VIEW_STORE_URL']),
  start: startServers,
  caughtUp: (url) => (isGiven(process.env['TEST_EVENT_STORE_URL']) ? untilCaughtUp(url) : Promise.resolve()),
};

export const PAIRS: readonly Pair[] = [EMBEDDED, SERVERS];

/** For tests that need engines of their own, with nothing in them. */
export const FRESH_PAIRS: readonly Pair[] = [EMBEDDED, { ...SERVERS, onStandIns: true, start: () => startStandIns() }];

/** Stand-ins for both servers, which can be told to fail. */
export interface StandIns extends RunningPair {
  events(order: EventStoreOrder): Promise<void>;
  views(order: MongoOrder): Promise<void>;
}

export async function startStandIns(): Promise<StandIns> {
  const [events, views] = await Promise.all([startStandInProcess(), startMongoProcess()]);
  return {
    environment: environmentOf(events.url, views.url),
    events: (order) => events.tell(order),
    views: (order) => views.tell(order),
    stop: async () => {
      await Promise.all([events.stop(), views.stop()]);
    },
  };
}

async function startServers(): Promise<RunningPair> {
  const [eventStore, viewStore] = [process.env['TEST_EVENT_STORE_URL'], process.env['TEST_VIEW_STORE_URL']];
  const events = isGiven(eventStore) ? null : await startStandInProcess();
  const views = isGiven(viewStore) ? null : await startMongoProcess();
  const eventsUrl = events?.url ?? eventStore ?? '';
  const database = `pipeledger_test_${randomUUID().replaceAll('-', '')}`;
  return {
    // The log of a server that is given is shared by all tests, each with keys of its own.
    environment: {
      ...environmentOf(eventsUrl, views?.url ?? withDatabase(viewStore ?? '', database)),
      ...(events === null ? { LOST_KEYS: 'accept' } : {}),
    },
    stop: async () => {
      if (views === null) await dropDatabases(viewStore ?? '', [database, `${database}_work`, `${database}_keys`]);
      await Promise.all([events?.stop(), views?.stop()]);
    },
  };
}

function isGiven(url: string | undefined): boolean {
  return url !== undefined && url !== '';
}

/** Other tests may be using the same server. */
function withDatabase(url: string, database: string): string {
  const [, server = '', options = ''] = /^([^/]*\/\/[^/?]*)[^?]*(\?.*)?$/u.exec(url) ?? [];
  return `${server}/${database}${options}`;
}

async function dropDatabases(url: string, databases: readonly string[]): Promise<void> {
  const client = new MongoClient(url);
  for (const database of databases) await client.db(database).dropDatabase();
  await client.close();
}

function environmentOf(eventStore: string, viewStore: string): Record<string, string> {
  return {
    EVENT_STORE: 'eventstoredb',
    EVENT_STORE_URL: eventStore,
    VIEW_STORE: 'mongodb',
    VIEW_STORE_URL: viewStore,
    MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
}
