import { UUID } from 'bson';
import type { Document } from './documents.js';
import { primaryIndex, type StoredIndex } from './indexes.js';
import type { Transaction } from './transaction.js';

/** How long the versions of a document can be read by a snapshot: as the server's `minSnapshotHistoryWindowInSeconds`. */
export const HISTORY_MS = 300_000;

interface Version {
  readonly time: bigint;
  readonly storedAt: number;
  /** Null: deleted. */
  readonly document: Document | null;
}

/** A collection with the versions of its documents, by the key of their `_id`, in the order of their first insertion. */
export class StoredCollection {
  readonly uuid = new UUID();
  readonly indexes: StoredIndex[] = [primaryIndex()];
  /** Which transaction has written a document, or taken a unique key, and is not decided yet. */
  readonly locks = new Map<string, Transaction>();
  private readonly versions = new Map<string, Version[]>();

  constructor(
    readonly database: string,
    readonly name: string,
    readonly options: Document,
  ) {}

  get namespace(): string {
    return `${this.database}.${this.name}`;
  }

  /** @param time null: the latest */
  get(key: string, time: bigint | null): Document | null {
    const versions = this.versions.get(key);
    if (versions === undefined) return null;
    for (let index = versions.length - 1; index >= 0; index--) {
      const version = versions[index];
      if (version !== undefined && (time === null || version.time <= time)) return version.document;
    }
    return null;
  }

  *entries(time: bigint | null): Generator<readonly [string, Document]> {
    for (const key of this.versions.keys()) {
      const document = this.get(key, time);
      if (document !== null) yield [key, document];
    }
  }

  /** When the document was last written; 0: never. */
  changedAt(key: string): bigint {
    return this.versions.get(key)?.at(-1)?.time ?? 0n;
  }

  put(key: string, document: Document | null, time: bigint): void {
    const now = Date.now();
    const versions = this.versions.get(key) ?? [];
    this.versions.set(key, versions);
    versions.push({ time, storedAt: now, document });
    while ((versions[1]?.storedAt ?? now) < now - HISTORY_MS) versions.shift();
  }
}
