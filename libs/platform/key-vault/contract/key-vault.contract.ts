import { describe } from '@jest/globals';
import { addContract } from './add.contract.js';
import { destroyContract } from './destroy.contract.js';
import type { KeyVaultHarness } from './harness.js';
import { processesContract } from './processes.contract.js';

/** Registers the tests that every key vault must pass. `open` gives an empty vault. */
export function keyVaultContract(name: string, open: () => Promise<KeyVaultHarness>): void {
  describe(`${name} keeps the contract of the key vault`, () => {
    addContract(open);
    destroyContract(open);
    processesContract(open);
  });
}
