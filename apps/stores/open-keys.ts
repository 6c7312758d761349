import { KeyRing } from '#platform/key-vault/key-ring.js';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import type { KeyVault } from '#platform/key-vault/port.js';
import { filesOf, type Engines } from './engines.js';
import { READ_WITHIN_MS, SERVER_WITHIN_MS, whenReady } from './open-views.js';

/** The keys of personal data, and the vault that they are kept in. */
export interface OpenKeys {
  readonly vault: KeyVault;
  readonly ring: KeyRing;
}

/**
 * Opens the key vault and looks whether it is this master key's.
 * @throws KeyVaultUnusable a file that is damaged or not ours, or a vault that was made with another master key
 * @throws InvalidConfiguration the URL, the credentials or the kind of server cannot be used
 * @throws ViewStoreUnavailable, KeyVaultUnavailable the server is not ready in time
 */
export async function openKeys(engines: Engines, master: Buffer): Promise<OpenKeys> {
  const vault = await openKeyVault(engines);
  try {
    return { vault, ring: await KeyRing.open(vault, master) };
  } catch (error) {
    await vault.close();
    throw error;
  }
}

/** The key vault goes with the views: beside their files, or on their server as a database of its own. */
async function openKeyVault(engines: Engines): Promise<KeyVault> {
  const { viewStore } = engines;
  if (viewStore.kind === 'sqlite') return SqliteKeyVault.open(filesOf(engines).keys);
  const { MongoKeyVault } = await import('#platform/key-vault/adapters/mongodb/mongo-key-vault.js');
  // A command waits for its keys, and a query for those of what it shows.
  const options = { operationTimeoutMs: READ_WITHIN_MS, serverSelectionTimeoutMs: SERVER_WITHIN_MS };
  return whenReady(() => MongoKeyVault.open(viewStore.url, options));
}
