import { afterAll, beforeAll } from '@jest/globals';
import { type MongoEngine, startMongoEngine } from '../../../../test/engines/mongodb/engine.js';
import { viewStoreContract } from '../../contract/view-store.contract.js';
import type { ViewStore } from '../../port.js';
import { MongoViewStore } from './view-store.js';

let engine: MongoEngine;
beforeAll(async () => {
  engine = await startMongoEngine();
});
afterAll(async () => {
  await engine.stop();
});

viewStoreContract('MongoViewStore', async () => {
  const database = engine.freshDatabase();
  const stores: ViewStore[] = [];
  const another = async (): Promise<ViewStore> => {
    const store = await MongoViewStore.open(engine.url, { database });
    stores.push(store);
    return store;
  };
  const closeStores = async (): Promise<void> => {
    for (const store of stores.splice(0)) await store.close();
  };
  return {
    store: await another(),
    another,
    reopen: async () => {
      await closeStores();
      return another();
    },
    dispose: async () => {
      await closeStores();
      await engine.drop(database);
    },
  };
});
