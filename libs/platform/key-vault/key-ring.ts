import { randomBytes, type KeyObject } from 'node:crypto';
import { HeldKeys, type HeldKeysSettings } from './held-keys.js';
import { KEY_BYTES, KeyWrap } from './key-wrap.js';
import { KeyVaultUnusable, type KeyVault, type NewKey } from './port.js';

/** Opens with the master key that the vault was made with, and with no other. */
export const CHECK_ID = 'check-master-key';
const CHECKED_BYTES = Buffer.from('pipeledger key vault, version 1 ');

const CAPACITY = 50_000;

/**
 * The keys of personal data, ready for use. What was found is held for a minute at most, in memory only: a key that
 * another process destroys is out of use here after that; one destroyed through this ring, at once.
 *
 * All methods throw KeyVaultUnavailable when the vault does not answer, and KeyVaultUnusable when it answers with what
 * does not open.
 */
export class KeyRing {
  readonly #wrap: KeyWrap;
  readonly #held: HeldKeys;

  private constructor(
    private readonly vault: KeyVault,
    master: Buffer,
    settings: Partial<HeldKeysSettings>,
  ) {
    this.#wrap = new KeyWrap(master);
    this.#held = new HeldKeys({ now: () => performance.now(), capacity: CAPACITY, ...settings });
  }

  /**
   * Over a vault that is new, or was made with this master key (32 bytes). The vault stays the caller's to close.
   * @throws KeyVaultUnusable it was made with another master key
   * @throws KeyVaultUnavailable
   */
  static async open(vault: KeyVault, master: Buffer, settings: Partial<HeldKeysSettings> = {}): Promise<KeyRing> {
    const ring = new KeyRing(vault, master, settings);
    const wrapped = (await vault.get([CHECK_ID])).get(CHECK_ID) ?? (await ring.#writeCheck());
    const opened = wrapped === null ? null : ring.#wrap.unwrap(CHECK_ID, wrapped);
    if (opened?.export().equals(CHECKED_BYTES) !== true) {
      throw new KeyVaultUnusable(
        'MASTER_KEY is not the one that this key vault was made with: the personal data in the events cannot be read ' +
          'with it. Give the one that was used before.',
      );
    }
    return ring;
  }

  /** Makes those keys that are not there. Durable when it answers. Null: destroyed. */
  async ensure(
    keys: readonly { readonly id: string; readonly owner: string }[],
  ): Promise<ReadonlyMap<string, KeyObject | null>> {
    const found = await this.#look(keys.map(({ id }) => id));
    const missing = keys.filter(({ id }) => !found.has(id));
    if (missing.length === 0) return found;
    const take = this.#held.asking();
    for (const [id, wrapped] of await this.vault.add(missing.map((key) => this.#make(key)))) {
      found.set(id, this.#open(id, wrapped));
      take(id, found.get(id) ?? null);
    }
    return found;
  }

  /** Answers for each id. Null: destroyed, or never there. */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, KeyObject | null>> {
    const found = await this.#look(ids);
    for (const id of ids) if (!found.has(id)) found.set(id, null);
    return found;
  }

  /** Destroys them for good, present or not. Idempotent: to be repeated when it failed. */
  async destroy(ids: readonly string[], owner: string): Promise<void> {
    this.#held.forget(ids);
    await this.vault.destroy(ids, owner);
    this.#held.forget(ids);
    this.#held.destroyed(ids);
  }

  /** Destroys every key that this owner has now, and answers how many. Idempotent: to be repeated when it failed. */
  async destroyOwned(owner: string): Promise<number> {
    this.#held.forgetAll();
    const count = await this.vault.destroyOwned(owner);
    this.#held.forgetAll();
    return count;
  }

  /** Those that are there; null: destroyed. */
  async #look(ids: readonly string[]): Promise<Map<string, KeyObject | null>> {
    const found = new Map<string, KeyObject | null>();
    const unknown = new Set<string>();
    for (const id of ids) {
      const held = this.#held.get(id);
      if (held === undefined) unknown.add(id);
      else found.set(id, held);
    }
    if (unknown.size === 0) return found;
    const take = this.#held.asking();
    for (const [id, wrapped] of await this.vault.get([...unknown])) {
      const key = this.#open(id, wrapped);
      found.set(id, key);
      take(id, key);
    }
    return found;
  }

  #open(id: string, wrapped: Uint8Array | null): KeyObject | null {
    if (wrapped === null) return null;
    const key = this.#wrap.unwrap(id, wrapped);
    if (key === null) {
      throw new KeyVaultUnusable(`The key ${id} of the key vault is damaged: restore the vault from a backup.`);
    }
    return key;
  }

  #make({ id, owner }: { readonly id: string; readonly owner: string }): NewKey {
    const key = randomBytes(KEY_BYTES);
    const wrapped = this.#wrap.wrap(id, key);
    key.fill(0);
    return { id, owner, wrapped };
  }

  /** Of several that start on a new vault at once, the first one's is in force. */
  async #writeCheck(): Promise<Uint8Array | null> {
    const wrapped = this.#wrap.wrap(CHECK_ID, CHECKED_BYTES);
    return (await this.vault.add([{ id: CHECK_ID, owner: 'key-vault', wrapped }])).get(CHECK_ID) ?? null;
  }
}
