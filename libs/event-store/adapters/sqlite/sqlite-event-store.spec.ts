import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract } from '../../contract/event-store.contract.js';
import type { EventStore } from '../../port.js';
import { SqliteEventStore } from './sqlite-event-store.js';

eventStoreContract('SqliteEventStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  const path = join(folder, 'events.db');
  const opened: EventStore[] = [];
  const open = async () => {
    // Batches smaller than the histories of the tests: the seam between catching up and live is what may break.
    const store = await SqliteEventStore.open(path, { batchSize: 7 });
    opened.push(store);
    return store;
  };
  const store = await open();
  return {
    store,
    another: open,
    reopen: async () => {
      await store.close();
      return open();
    },
    dispose: async () => {
      await Promise.all(opened.map((each) => each.close()));
      await rm(folder, { recursive: true });
    },
  };
});
