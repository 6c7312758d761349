import { describe } from '@jest/globals';
import { commitContract } from './commit.contract.js';
import type { ViewStoreHarness } from './harness.js';
import { leaseContract } from './lease.contract.js';
import { readContract } from './read.contract.js';
import { schemaContract } from './schema.contract.js';

/** Registers the tests that every view store must pass. `open` gives an empty store. */
export function viewStoreContract(name: string, open: () => Promise<ViewStoreHarness>): void {
  describe(`${name} keeps the contract of the view store`, () => {
    schemaContract(open);
    commitContract(open);
    readContract(open);
    leaseContract(open);
  });
}
