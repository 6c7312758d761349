import { MongoKeyVault } from '../adapters/mongodb/mongo-key-vault.js';
import { SqliteKeyVault } from '../adapters/sqlite/sqlite-key-vault.js';
import type { KeyVault } from '../port.js';

/** Where a vault is, so that a process can be told. */
export type Place = { readonly path: string } | { readonly url: string; readonly database: string };

export function openPlace(place: Place): Promise<KeyVault> {
  return 'path' in place
    ? SqliteKeyVault.open(place.path)
    : MongoKeyVault.open(place.url, { database: place.database });
}
