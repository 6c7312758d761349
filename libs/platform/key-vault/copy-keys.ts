import { patiently } from '#event-store/copy/patience.js';
import { CHECK_ID } from './key-ring.js';
import { KeyVaultUnusable, type KeyVault, type NewKey, type StoredKey } from './port.js';

const PAGE = 1_000;
/** A source that has gone on is gone through again, but not for ever. */
const PASSES = 5;

export interface CopiedKeys {
  /** Ids that the source has, tombstones included. */
  readonly keys: number;
  /** Of them, those that are destroyed on the target now. */
  readonly destroyed: number;
  /** Of them, those that the target did not hold, or held without their destruction, before. */
  readonly changed: number;
}

/**
 * Copies all keys of a vault into another one of the same master key, wrapped as they are. A key that either of them has
 * destroyed is destroyed on the target. It may be ended at any moment and run again; it ends when a pass over the
 * source finds all of it on the target.
 * @throws KeyVaultUnusable the target holds another key under the same id, or the source does not come to rest
 * @throws KeyVaultUnavailable one of them is out of reach for a minute
 */
export async function copyKeys(
  source: KeyVault,
  target: KeyVault,
  onProgress: (pass: number, keys: number) => void = () => undefined,
): Promise<CopiedKeys> {
  let changed = 0;
  for (let pass = 1; pass <= PASSES; pass += 1) {
    const counts = await copyOnce(source, target, (keys) => onProgress(pass, keys));
    changed += counts.changed;
    if (counts.changed === 0) return { ...counts, changed };
  }
  throw new KeyVaultUnusable('Keys are being written to the source: stop its servers, and copy the rest.');
}

async function copyOnce(source: KeyVault, target: KeyVault, onProgress: (keys: number) => void): Promise<CopiedKeys> {
  let [keys, destroyed, changed] = [0, 0, 0];
  let after: string | null = null;
  for (;;) {
    const page = await pageOf(source, after);
    const last = page.at(-1);
    if (last === undefined) return { keys, destroyed, changed };
    after = last.id;
    const stored = page.filter(({ id }) => id !== CHECK_ID);
    changed += await patiently(() => take(target, stored));
    const there = await patiently(() => target.get(stored.map(({ id }) => id)));
    keys += stored.length;
    destroyed += stored.filter(({ id }) => there.get(id) === null).length;
    onProgress(keys);
  }
}

function pageOf(vault: KeyVault, after: string | null): Promise<readonly StoredKey[]> {
  return patiently(() => vault.list(after, PAGE));
}

/** @returns how many the target did not hold as they are */
async function take(target: KeyVault, page: readonly StoredKey[]): Promise<number> {
  const there = await target.get(page.map(({ id }) => id));
  const living = page.filter(isLiving);
  checkSame(living, there);
  const missing = living.filter(({ id }) => !there.has(id));
  if (missing.length > 0) checkSame(missing, await target.add(missing));
  const doomed = page.filter(({ id, wrapped }) => wrapped === null && there.get(id) !== null);
  await Promise.all([...byOwner(doomed)].map(([owner, ids]) => target.destroy(ids, owner)));
  return missing.length + doomed.length;
}

/** @throws KeyVaultUnusable one of them is there as another key */
function checkSame(keys: readonly NewKey[], there: ReadonlyMap<string, Uint8Array | null>): void {
  for (const { id, wrapped } of keys) {
    const held = there.get(id);
    if (held === undefined || held === null || Buffer.compare(held, wrapped) === 0) continue;
    throw new KeyVaultUnusable(
      `The target holds another key as ${id}: servers have run on it before the keys of their events were copied. ` +
        'Copy to a vault that no server has used.',
    );
  }
}

function byOwner(keys: readonly StoredKey[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  for (const { id, owner } of keys) {
    const ids = owners.get(owner);
    if (ids === undefined) owners.set(owner, [id]);
    else ids.push(id);
  }
  return owners;
}

function isLiving(key: StoredKey): key is NewKey {
  return key.wrapped !== null;
}
