import { EventStoreDbStandIn } from '../../../../test/engines/eventstoredb/stand-in.js';
import { eventStoreContract } from '../../contract/event-store.contract.js';
import type { EventStore } from '../../port.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';

const real = process.env.TEST_EVENT_STORE_URL;

eventStoreContract(`EventStoreDbEventStore on ${real === undefined ? 'the stand-in' : 'a real server'}`, async () => {
  const standIn = real === undefined ? await EventStoreDbStandIn.start() : null;
  const url = standIn?.url ?? real ?? '';
  const opened: EventStore[] = [];
  const open = async () => {
    // Batches smaller than the histories of the tests: the seam between catching up and live is what may break.
    const store = await EventStoreDbEventStore.open(url, { batchSize: 7 });
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
      await standIn?.stop();
    },
  };
});
