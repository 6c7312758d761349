/**
 * A map that keeps at least the `capacity` entries used last, and at most twice as many. Entries live in two
 * generations: when the young one is full it becomes the old one, and what is not used until the next turn is forgotten.
 * A use costs one look-up, where a list in exact order would be rewritten each time.
 */
export class Lru<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(private readonly capacity: number) {}

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.capacity && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
