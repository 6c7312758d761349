import { SEALED } from '#domain/personal/sealed-text.js';
import type { EventStore } from '#event-store/port.js';
import { CHECK_ID, KeyRing } from '#platform/key-vault/key-ring.js';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import { KeyVaultUnusable, type KeyVault } from '#platform/key-vault/port.js';
import { filesOf, type Engines } from './engines.js';
import { READ_WITHIN_MS, SERVER_WITHIN_MS, whenReady } from './open-views.js';

/** The keys of personal data, and the vault that they are kept in. */
export interface OpenKeys {
  readonly vault: KeyVault;
  readonly ring: KeyRing;
}

/**
 * Opens the key vault and looks whether it is this master key's, and this log's.
 * @throws KeyVaultUnusable a file that is damaged or not ours, a vault that was made with another master key, or a
 *   new one for a log that holds sealed data
 * @throws InvalidConfiguration the URL, the credentials or the kind of server cannot be used
 * @throws ViewStoreUnavailable, KeyVaultUnavailable the server is not ready in time
 */
export async function openKeys(engines: Engines, master: Buffer, events: LogReads): Promise<OpenKeys> {
  const vault = await openKeyVault(engines);
  try {
    const isNew = engines.lostKeys === 'refuse' && !(await vault.get([CHECK_ID])).has(CHECK_ID);
    if (isNew && (await holdsSealed(events))) throw lost();
    return { vault, ring: await KeyRing.open(vault, master) };
  } catch (error) {
    await vault.close();
    throw error;
  }
}

type LogReads = Pick<EventStore, 'readAll'>;

const PAGE = 1_000;

/** Asked once in the life of a vault: before it is made. */
async function holdsSealed(events: LogReads): Promise<boolean> {
  for (let after: bigint | null = null; ;) {
    const page = await events.readAll(after, PAGE);
    if (page.some(({ data }) => JSON.stringify(data).includes(SEALED))) return true;
    const last = page.at(-1);
    if (last === undefined) return false;
    after = last.position;
  }
}

/** Keys that were made anew under the same names would open nothing, and could not be told from those that are missing. */
function lost(): KeyVaultUnusable {
  return new KeyVaultUnusable(
    'The events hold sealed personal data, but there is no key vault. Put keys.db back, or bring the keys here by ' +
      'copy-keys. Only if they are lost for good, and what they open with them: start once with LOST_KEYS=accept.',
  );
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
