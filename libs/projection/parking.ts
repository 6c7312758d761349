import { createHash } from 'node:crypto';
import type { ViewSchema, ViewStore } from '#view-store/port.js';
import { messageOf } from './log.js';

/** A key whose fold failed: what was stored of it stays as it was before the failing event. */
export interface ParkedKey {
  readonly key: string;
  readonly error: string;
  /** Position of the event that failed. */
  readonly position: bigint;
  /** Positions of the later events of the key, in order. */
  readonly waiting: readonly bigint[];
}

interface StoredParkedKey {
  readonly error: string;
  readonly position: string;
  readonly waiting: readonly string[];
}

/** Parked keys are kept among the view's states, under keys of their own, so that they are committed with the batch. */
const RECORD_PREFIX = '$parked/';
/** A record holds the parked keys of one part, so that many of them do not make one record grow without end. */
const RECORDS = 64;

function recordOf(key: string): string {
  const [first = 0] = createHash('sha1').update(key).digest();
  return `${RECORD_PREFIX}${first % RECORDS}`;
}

/** The keys of a view that are parked, as the store has them. */
export async function loadParkedKeys(
  store: Pick<ViewStore, 'load'>,
  schema: ViewSchema,
): Promise<readonly ParkedKey[]> {
  const names = Array.from({ length: RECORDS }, (_, index) => `${RECORD_PREFIX}${index}`);
  const records = await store.load(schema, names);
  return [...records.values()].flatMap((record) =>
    Object.entries(record as Record<string, StoredParkedKey>).map(([key, { error, position, waiting }]) => ({
      key,
      error,
      position: BigInt(position),
      waiting: waiting.map(BigInt),
    })),
  );
}

/** The parked keys of a view in memory; changes are made on a copy that replaces it once they are committed. */
export class Parking {
  private constructor(
    private readonly keys: Map<string, ParkedKey>,
    private readonly changed: Set<string>,
  ) {}

  static of(keys: readonly ParkedKey[]): Parking {
    return new Parking(new Map(keys.map((parked) => [parked.key, parked])), new Set());
  }

  get size(): number {
    return this.keys.size;
  }

  has(key: string): boolean {
    return this.keys.size > 0 && this.keys.has(key);
  }

  get(key: string): ParkedKey | undefined {
    return this.keys.get(key);
  }

  list(): readonly ParkedKey[] {
    return [...this.keys.values()];
  }

  /** A copy without changes. */
  copy(): Parking {
    return new Parking(new Map(this.keys), new Set());
  }

  /** A copy with the changes that are not stored yet. */
  copyWithChanges(): Parking {
    return new Parking(new Map(this.keys), new Set(this.changed));
  }

  park(parked: ParkedKey): void {
    this.keys.set(parked.key, parked);
    this.changed.add(recordOf(parked.key));
  }

  /**
   * Parks a key that none of these events was stored of, in front of those that wait for it already.
   * @param positions in order; at least one
   */
  parkAhead(key: string, error: unknown, positions: readonly bigint[]): void {
    const [position, ...later] = positions;
    if (position === undefined) return;
    const parked = this.keys.get(key);
    const behind = parked === undefined ? [] : [parked.position, ...parked.waiting];
    this.park({ key, error: messageOf(error), position, waiting: [...later, ...behind] });
  }

  wait(key: string, positions: readonly bigint[]): void {
    const parked = this.keys.get(key);
    if (parked !== undefined) this.park({ ...parked, waiting: [...parked.waiting, ...positions] });
  }

  release(key: string): void {
    if (this.keys.delete(key)) this.changed.add(recordOf(key));
  }

  /** The records that changed, as states to be committed; null for those that have become empty. */
  states(): readonly { readonly key: string; readonly state: object | null }[] {
    if (this.changed.size === 0) return [];
    const records = new Map<string, Record<string, StoredParkedKey>>();
    for (const name of this.changed) records.set(name, {});
    for (const { key, error, position, waiting } of this.keys.values()) {
      const record = records.get(recordOf(key));
      if (record === undefined) continue;
      const stored = { error, position: position.toString(), waiting: waiting.map(String) };
      // A key such as "__proto__" must be a key like any other.
      Object.defineProperty(record, key, { value: stored, enumerable: true, configurable: true, writable: true });
    }
    return [...records].map(([key, record]) => ({ key, state: Object.keys(record).length === 0 ? null : record }));
  }
}
