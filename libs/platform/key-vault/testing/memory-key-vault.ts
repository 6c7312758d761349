import { KeyVaultUnavailable, type KeyVault, type NewKey, type StoredKey } from '../port.js';

interface Entry {
  readonly owner: string;
  /** Null: destroyed. */
  wrapped: Uint8Array | null;
}

/** A key vault in memory, for tests; its handles share the keys. */
export class MemoryKeyVault implements KeyVault {
  /** Refuses everything while it is set. */
  outOfReach = false;
  #closed = false;

  constructor(private readonly entries = new Map<string, Entry>()) {}

  another(): MemoryKeyVault {
    return new MemoryKeyVault(this.entries);
  }

  async add(keys: readonly NewKey[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    this.#assertReachable();
    for (const { id, owner, wrapped } of keys) {
      if (!this.entries.has(id)) this.entries.set(id, { owner, wrapped: Uint8Array.from(wrapped) });
    }
    return this.get(keys.map(({ id }) => id));
  }

  async get(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    this.#assertReachable();
    const found = new Map<string, Uint8Array | null>();
    for (const id of ids) {
      const entry = this.entries.get(id);
      if (entry !== undefined) found.set(id, entry.wrapped);
    }
    return found;
  }

  async destroy(ids: readonly string[], owner: string): Promise<void> {
    this.#assertReachable();
    for (const id of ids) {
      const entry = this.entries.get(id);
      if (entry === undefined) this.entries.set(id, { owner, wrapped: null });
      else entry.wrapped = null;
    }
  }

  async destroyOwned(owner: string): Promise<number> {
    this.#assertReachable();
    const owned = [...this.entries.values()].filter((entry) => entry.owner === owner && entry.wrapped !== null);
    for (const entry of owned) entry.wrapped = null;
    return owned.length;
  }

  async list(after: string | null, limit: number): Promise<readonly StoredKey[]> {
    this.#assertReachable();
    return [...this.entries]
      .map(([id, entry]) => ({ id, ...entry }))
      .filter(({ id }) => after === null || id > after)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #assertReachable(): void {
    if (this.#closed || this.outOfReach) throw new KeyVaultUnavailable('the key vault is out of reach');
  }
}
