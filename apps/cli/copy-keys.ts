import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MongoKeyVault } from '#platform/key-vault/adapters/mongodb/mongo-key-vault.js';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import { copyKeys } from '#platform/key-vault/copy-keys.js';
import { CHECK_ID, KeyRing } from '#platform/key-vault/key-ring.js';
import { KeyVaultUnusable, type KeyVault } from '#platform/key-vault/port.js';
import { masterKey } from '#platform/master-key.js';
import { dataFiles } from '../api/embedded-stores.js';
import { hostsOf, placeOf } from './places.js';
import { ProgressLine } from './progress-line.js';

/**
 * Copies the key vault of one place to another: each a data folder or a URL of MongoDB as in VIEW_STORE_URL.
 * @param configured MASTER_KEY; null: `master.key` of the data folder is taken
 * @returns the exit code
 */
export async function copyKeyVault(from: string, to: string, configured: string | null): Promise<number> {
  if (placeOf(from) === placeOf(to)) throw new Error('Keys are copied to another place, not onto themselves.');
  if (!isUrl(from) && !existsSync(join(from, 'keys.db'))) throw new Error(`There is no key vault in ${from}.`);
  const master = masterOf(from, to, configured);
  const source = await openVault(from);
  try {
    // Opening it would make it.
    const made = await source.get([CHECK_ID]);
    if (!made.has(CHECK_ID)) throw new Error(`There is no key vault in ${nameOf(from)}.`);
    await check(from, source, master);
    const target = await openVault(to);
    try {
      await check(to, target, master);
      const line = new ProgressLine();
      const { keys, destroyed, changed } = await copyKeys(source, target, (pass, count) =>
        line.show(() => `${pass === 1 ? 'copying' : 'comparing'}: ${count} keys`),
      ).finally(() => line.end());
      process.stdout.write(
        `${nameOf(from)} -> ${nameOf(to)}: ${keys} keys, ${destroyed} of them destroyed; ${changed} changes\n` +
          'Verified: what lives in both is the same. The master key is not copied: start with the same MASTER_KEY.\n',
      );
      return 0;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** @throws KeyVaultUnusable it was made with another master key */
async function check(place: string, vault: KeyVault, master: Buffer): Promise<void> {
  try {
    await KeyRing.open(vault, master);
  } catch (error) {
    throw error instanceof KeyVaultUnusable ? new KeyVaultUnusable(`${nameOf(place)}: ${error.message}`) : error;
  }
}

/** @throws an error for the operator, when nothing says which key it is */
function masterOf(from: string, to: string, configured: string | null): Buffer {
  const folders = [from, to].filter((place) => !isUrl(place) && existsSync(join(place, 'master.key')));
  if (configured === null && folders.length === 0) {
    throw new Error('MASTER_KEY is needed: neither place has a master.key.');
  }
  const keyOf = (folder: string | undefined): Buffer =>
    masterKey(folder === undefined ? null : resolve(folder), configured, () => undefined);
  const [master, ...others] = folders.length === 0 ? [keyOf(undefined)] : folders.map(keyOf);
  if (master === undefined || others.some((other) => !other.equals(master))) {
    throw new Error(`${folders.join(' and ')} hold different master keys.`);
  }
  return master;
}

function openVault(place: string): Promise<KeyVault> {
  return isUrl(place) ? MongoKeyVault.open(place) : SqliteKeyVault.open(dataFiles(place).keys);
}

function isUrl(place: string): boolean {
  return /^mongodb(?:\+srv)?:\/\//u.test(place);
}

function nameOf(place: string): string {
  return isUrl(place) ? `MongoDB at ${hostsOf(place)}` : resolve(place);
}
