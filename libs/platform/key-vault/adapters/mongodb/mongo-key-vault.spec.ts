import { afterAll, beforeAll } from '@jest/globals';
import { type MongoEngine, startMongoEngine } from '../../../../../test/engines/mongodb/engine.js';
import { keyVaultContract } from '../../contract/key-vault.contract.js';
import type { KeyVault } from '../../port.js';
import { MongoKeyVault } from './mongo-key-vault.js';

let engine: MongoEngine;
beforeAll(async () => {
  engine = await startMongoEngine();
});
afterAll(async () => {
  await engine.stop();
});

keyVaultContract('MongoKeyVault', async () => {
  const database = engine.freshDatabase();
  const vaults: KeyVault[] = [];
  const another = async (): Promise<KeyVault> => {
    const vault = await MongoKeyVault.open(engine.url, { database });
    vaults.push(vault);
    return vault;
  };
  const closeAll = async (): Promise<void> => {
    for (const vault of vaults.splice(0)) await vault.close();
  };
  return {
    vault: await another(),
    place: { url: engine.url, database },
    another,
    reopen: async () => {
      await closeAll();
      return another();
    },
    dispose: async () => {
      await closeAll();
      await engine.drop(database);
    },
  };
});
