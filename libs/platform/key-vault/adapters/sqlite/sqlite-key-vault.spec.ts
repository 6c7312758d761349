import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyVaultContract } from '../../contract/key-vault.contract.js';
import type { KeyVault } from '../../port.js';
import { SqliteKeyVault } from './sqlite-key-vault.js';

keyVaultContract('SqliteKeyVault', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-'));
  const path = join(folder, 'keys.db');
  const vaults: KeyVault[] = [];
  const another = async (): Promise<KeyVault> => {
    const vault = await SqliteKeyVault.open(path);
    vaults.push(vault);
    return vault;
  };
  const closeAll = async (): Promise<void> => {
    for (const vault of vaults.splice(0)) await vault.close();
  };
  return {
    vault: await another(),
    place: { path },
    another,
    reopen: async () => {
      await closeAll();
      return another();
    },
    bytesOnDisk: async () =>
      Buffer.concat(await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))))),
    dispose: async () => {
      await closeAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
