import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewStoreContract } from '../../contract/view-store.contract.js';
import type { ViewStore } from '../../port.js';
import { ThreadedViewReads } from './threaded-view-reads.js';
import { SqliteViewStore } from './view-store.js';

viewStoreContract('SqliteViewStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'view-store-'));
  const path = join(folder, 'views');
  const stores: ViewStore[] = [];
  const another = async (): Promise<ViewStore> => {
    const store = SqliteViewStore.open(path);
    stores.push(store);
    return store;
  };
  const closeStores = async (): Promise<void> => {
    for (const store of stores.splice(0)) await store.close();
  };
  const store = await another();
  const reads = await ThreadedViewReads.open(path, 1);
  return {
    store,
    reads,
    another,
    reopen: async () => {
      await closeStores();
      return another();
    },
    dispose: async () => {
      await closeStores();
      await reads.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
