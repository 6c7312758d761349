import type { EventStore } from '../port.js';
import { appendContract } from './append.contract.js';
import { concurrencyContract } from './concurrency.contract.js';
import { readContract } from './read.contract.js';
import { subscribeContract } from './subscribe.contract.js';
import { durabilityContract } from './durability.contract.js';

/** An adapter on its data, as a test gets it. */
export interface StoreUnderTest {
  readonly store: EventStore;
  /** Closes the present store and opens one anew on the same data. */
  reopen(): Promise<EventStore>;
  /** A second store on the same data, as another process would have it; `dispose` closes it. */
  another?(): Promise<EventStore>;
  /** Closes whatever is open and removes what was made for the test. */
  dispose(): Promise<void>;
}

export type OpenStore = () => Promise<StoreUnderTest>;

/**
 * Registers with jest what every event store must do. The store may hold streams of others, its positions may be
 * sparse; each test uses streams of its own. Nobody else may append to the store while a test runs.
 */
export function eventStoreContract(name: string, open: OpenStore): void {
  describe(`${name} as an event store`, () => {
    let subject: StoreUnderTest;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.dispose());
    const current = () => subject;

    appendContract(current);
    readContract(current);
    subscribeContract(current);
    concurrencyContract(current);
    durabilityContract(current);
  });
}
