import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';

/** A real event store in a folder of its own. */
export interface EmbeddedLog {
  readonly store: SqliteEventStore;
  /** Closes the store and opens it again, as another process would find it. */
  reopen(): Promise<SqliteEventStore>;
  /** Closes the store and removes the folder. */
  remove(): Promise<void>;
}

export async function embeddedLog(): Promise<EmbeddedLog> {
  const folder = mkdtempSync(join(tmpdir(), 'pipeledger-log-'));
  const path = join(folder, 'events.db');
  let store = await SqliteEventStore.open(path);
  return {
    get store() {
      return store;
    },
    reopen: async () => {
      await store.close();
      store = await SqliteEventStore.open(path);
      return store;
    },
    remove: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
