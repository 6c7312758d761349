import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { ErasableKeys } from '../personal/erasure.js';
import { SealedTexts, type PersonalTexts } from '../personal/personal-texts.js';

/** A key vault in memory, which can be told to destroy. */
export class MemoryKeys implements ErasableKeys {
  #keys = new Map<string, { readonly owner: string; readonly key: KeyObject | null }>();

  ensure(
    keys: readonly { readonly id: string; readonly owner: string }[],
  ): Promise<ReadonlyMap<string, KeyObject | null>> {
    for (const { id, owner } of keys) {
      if (!this.#keys.has(id)) this.#keys.set(id, { owner, key: createSecretKey(randomBytes(32)) });
    }
    return this.find(keys.map(({ id }) => id));
  }

  find(ids: readonly string[]): Promise<ReadonlyMap<string, KeyObject | null>> {
    return Promise.resolve(new Map(ids.map((id) => [id, this.#keys.get(id)?.key ?? null])));
  }

  destroy(ids: readonly string[], owner: string): Promise<void> {
    for (const id of ids) this.#keys.set(id, { owner, key: null });
    return Promise.resolve();
  }

  destroyOwned(owner: string): Promise<number> {
    const owned = [...this.#keys].filter(([, each]) => each.owner === owner && each.key !== null);
    for (const [id] of owned) this.#keys.set(id, { owner, key: null });
    return Promise.resolve(owned.length);
  }

  /** As a backup would. */
  copy(): MemoryKeys {
    const copy = new MemoryKeys();
    copy.#keys = new Map(this.#keys);
    return copy;
  }

  restore(backup: MemoryKeys): void {
    this.#keys = new Map(backup.#keys);
  }
}

/** For the processes of one test, which share their keys. */
export const TEXTS = new SealedTexts(new MemoryKeys());

/** For tests about other things: personal strings stay as they are. */
export const PLAIN: PersonalTexts = {
  seal: (_, events) => Promise.resolve(events),
  open: (value) => Promise.resolve(value),
  openJson: (json) => Promise.resolve(json),
};
