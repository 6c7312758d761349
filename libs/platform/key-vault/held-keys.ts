import type { KeyObject } from 'node:crypto';

/** A key is in use elsewhere for so long at most after it was destroyed. */
const HELD_FOR_MS = 60_000;

export interface HeldKeysSettings {
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Of living keys, and of destroyed ones, each. */
  readonly capacity: number;
}

/** What is known of keys without asking: those found within the last minute, and those destroyed, which is for ever. */
export class HeldKeys {
  readonly #living = new Map<string, { readonly key: KeyObject; readonly until: number }>();
  readonly #destroyed = new Set<string>();
  #age = 0;

  constructor(private readonly settings: HeldKeysSettings) {}

  /** Null: destroyed; undefined: the vault has to be asked. */
  get(id: string): KeyObject | null | undefined {
    if (this.#destroyed.has(id)) return null;
    const held = this.#living.get(id);
    return held !== undefined && this.settings.now() < held.until ? held.key : undefined;
  }

  /** To be called before the vault is asked: takes in the answer, unless a key was destroyed here in between. */
  asking(): (id: string, key: KeyObject | null) => void {
    const age = this.#age;
    const until = this.settings.now() + HELD_FOR_MS;
    return (id, key) => {
      if (key === null) this.destroyed([id]);
      else if (age === this.#age) hold(this.#living, this.settings.capacity, id, { key, until });
    };
  }

  /** Keys that are being destroyed are asked for anew. */
  forget(ids: readonly string[]): void {
    this.#age += 1;
    for (const id of ids) this.#living.delete(id);
  }

  /** Whose owner is being erased is not known here. */
  forgetAll(): void {
    this.#age += 1;
    this.#living.clear();
  }

  destroyed(ids: readonly string[]): void {
    for (const id of ids) {
      this.#living.delete(id);
      if (this.#destroyed.size >= this.settings.capacity) dropOldest(this.#destroyed);
      this.#destroyed.add(id);
    }
  }
}

function hold<V>(map: Map<string, V>, capacity: number, id: string, value: V): void {
  map.delete(id);
  if (map.size >= capacity) dropOldest(map);
  map.set(id, value);
}

function dropOldest(held: { keys(): Iterator<string>; delete(id: string): boolean }): void {
  const oldest = held.keys().next();
  if (oldest.done !== true) held.delete(oldest.value);
}
