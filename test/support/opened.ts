import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SealedTexts } from '#application/personal/personal-texts.js';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import { KeyRing } from '#platform/key-vault/key-ring.js';
import { MASTER_KEY } from './cli-process.js';

/** A value with its sealed strings opened, by the keys and the master key of a data folder, or that of `cli-process`. */
export async function openedBy<T>(folder: string, value: T): Promise<T> {
  const file = join(folder, 'master.key');
  const master = Buffer.from(existsSync(file) ? readFileSync(file, 'utf8').trim() : MASTER_KEY, 'base64');
  const vault = await SqliteKeyVault.open(join(folder, 'keys.db'));
  try {
    return await new SealedTexts(await KeyRing.open(vault, master)).open(value);
  } finally {
    await vault.close();
  }
}
