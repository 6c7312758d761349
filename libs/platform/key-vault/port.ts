import { StoreUnavailable } from '#event-store/port.js';

export interface NewKey {
  /** In ASCII: `person-<uuid>`, `organization-<uuid>`, or for a text `t-<22 characters>`. */
  readonly id: string;
  /** The stream that it belongs to, `deal-<uuid>`. */
  readonly owner: string;
  /** The key, encrypted under the master key. Never empty. */
  readonly wrapped: Uint8Array;
}

export interface StoredKey {
  readonly id: string;
  readonly owner: string;
  /** Null: destroyed. */
  readonly wrapped: Uint8Array | null;
}

/** Where the keys of personal data are kept, each wrapped. Durable: nothing of it can be made again. */
export interface KeyVault {
  /**
   * Adds those whose id was never there; durable when it answers.
   * @returns for each id what is in force: wrapped bytes, or null when destroyed
   * @throws KeyVaultUnavailable
   */
  add(keys: readonly NewKey[]): Promise<ReadonlyMap<string, Uint8Array | null>>;
  /**
   * Ids that were never added are absent from the answer; null: destroyed.
   * @throws KeyVaultUnavailable
   */
  get(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>>;
  /**
   * Destroys for good, present or not: what is left are tombstones that no later or concurrent add undoes. Durable when
   * it answers, and then the bytes are gone from the files. Idempotent: to be repeated when it failed.
   * @param owner of those that were never added
   * @throws KeyVaultUnavailable
   */
  destroy(ids: readonly string[], owner: string): Promise<void>;
  /**
   * Destroys every key that this owner has now, as `destroy` does; keys that are added later live.
   * @returns how many
   * @throws KeyVaultUnavailable
   */
  destroyOwned(owner: string): Promise<number>;
  /**
   * All that is there, tombstones included, in the order of ids: the next after an id, at most `limit`. `null`: from
   * the first.
   * @throws KeyVaultUnavailable
   */
  list(after: string | null, limit: number): Promise<readonly StoredKey[]>;
  close(): Promise<void>;
}

/** The vault could not be asked or did not answer. No event was written, as keys come before what they encrypt. */
export class KeyVaultUnavailable extends StoreUnavailable {
  constructor(message: string, options?: ErrorOptions) {
    super(message, true, options);
  }
}

/** The vault is damaged, not ours, or of another master key. The message is a sentence for the operator. */
export class KeyVaultUnusable extends Error {
  override readonly name = 'KeyVaultUnusable';
}
