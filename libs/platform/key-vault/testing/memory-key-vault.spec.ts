import { keyVaultContract } from '../contract/key-vault.contract.js';
import { MemoryKeyVault } from './memory-key-vault.js';

keyVaultContract('MemoryKeyVault', async () => {
  const vault = new MemoryKeyVault();
  return {
    vault,
    another: async () => vault.another(),
    reopen: async () => vault.another(),
    dispose: () => vault.close(),
  };
});
