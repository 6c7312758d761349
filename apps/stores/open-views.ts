import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import { ThreadedViewReads } from '#view-store/adapters/sqlite/threaded-view-reads.js';
import { ViewStoreUnavailable, ViewStoreUnusable, type ViewReads, type ViewStore } from '#view-store/port.js';
import { InvalidConfiguration } from '#platform/configuration.js';
import { SqliteWorkStore } from '#platform/work-store/adapters/sqlite/sqlite-work-store.js';
import type { WorkStore } from '#platform/work-store/port.js';
import { filesOf, type Engines } from './engines.js';

/** What only asks. */
export type OpenViewReads = ViewReads & { close(): Promise<void> };

/** A query that is not answered by then is given up. */
export const READ_WITHIN_MS = 10_000;
/** So long a query looks for a server that can answer it. */
export const SERVER_WITHIN_MS = 3_000;
/** A server that is starting has this long to become ready. */
const READY_WITHIN_MS = 30_000;

/** @throws as `openViewStore` */
export async function openViewReads(engines: Engines): Promise<OpenViewReads> {
  const { viewStore } = engines;
  if (viewStore.kind === 'sqlite') return ThreadedViewReads.open(filesOf(engines).views);
  const { MongoViewStore } = await import('#view-store/adapters/mongodb/view-store.js');
  const options = { operationTimeoutMs: READ_WITHIN_MS, serverSelectionTimeoutMs: SERVER_WITHIN_MS };
  return whenReady(() => MongoViewStore.open(viewStore.url, options));
}

/**
 * Opens the view store, waiting half a minute for a server that is starting.
 * @throws ViewStoreUnusable a file that is damaged or not ours
 * @throws InvalidConfiguration the URL, the credentials or the kind of server cannot be used
 * @throws ViewStoreUnavailable the server is not ready in time
 */
export async function openViewStore(engines: Engines): Promise<ViewStore> {
  const { viewStore } = engines;
  if (viewStore.kind === 'sqlite') return SqliteViewStore.open(filesOf(engines).views);
  const { MongoViewStore } = await import('#view-store/adapters/mongodb/view-store.js');
  return whenReady(() => MongoViewStore.open(viewStore.url));
}

/**
 * Where it is kept how far erasures have got: in the key vault itself, so that keys that come back with a backup bring
 * the place back from which they are destroyed again. The vault is open already.
 */
export async function openErasureCheckpoints(engines: Engines): Promise<WorkStore> {
  const { viewStore } = engines;
  if (viewStore.kind === 'sqlite') return new SqliteWorkStore(filesOf(engines).keys);
  const { MongoWorkStore } = await import('#platform/work-store/adapters/mongodb/mongo-work-store.js');
  const { keysDatabase } = await import('#platform/key-vault/adapters/mongodb/mongo-key-vault.js');
  return whenReady(() => MongoWorkStore.open(viewStore.url, { database: keysDatabase(viewStore.url) }));
}

/** The work store goes with the views: beside their files, or on their server as a database of its own. */
export async function openWorkStore(engines: Engines): Promise<WorkStore> {
  const { viewStore } = engines;
  if (viewStore.kind === 'sqlite') return new SqliteWorkStore(filesOf(engines).work);
  const { MongoWorkStore } = await import('#platform/work-store/adapters/mongodb/mongo-work-store.js');
  return whenReady(() => MongoWorkStore.open(viewStore.url));
}

/** What is opened on the server of the views, when that is ready. */
export async function whenReady<T>(open: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (error instanceof ViewStoreUnusable) throw new InvalidConfiguration(`VIEW_STORE_URL: ${error.message}`);
      if (!(error instanceof ViewStoreUnavailable) || performance.now() > deadline) throw error;
      await sleep(500);
    }
  }
}
