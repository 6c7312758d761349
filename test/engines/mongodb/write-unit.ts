import type { StoredCollection } from './collection.js';
import { type Document, sizeOf } from './documents.js';
import { CommandError } from './errors.js';
import { duplicateKey, type StoredIndex, uniqueKeys } from './indexes.js';
import { keyOf } from './order.js';
import type { Transaction } from './transaction.js';

const LARGEST_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** Thrown by a statement outside of transactions that has to wait for one. */
export class Locked extends Error {
  constructor(readonly holder: Transaction) {
    super('locked by a transaction');
  }
}

/** What a statement, or a transaction, sees and has written; stored all at once or not at all. */
export class WriteUnit {
  private readonly writes = new Map<StoredCollection, Map<string, Document | null>>();

  constructor(
    /** Null: the latest. */
    readonly snapshot: bigint | null,
    /** Null: a statement of its own. */
    readonly transaction: Transaction | null,
  ) {}

  get(collection: StoredCollection, id: unknown): Document | null {
    return this.byKey(collection, keyOf(id));
  }

  private byKey(collection: StoredCollection, key: string): Document | null {
    const written = this.writes.get(collection)?.get(key);
    return written === undefined ? collection.get(key, this.snapshot) : written;
  }

  *documents(collection: StoredCollection): Generator<Document> {
    const written = this.writes.get(collection);
    for (const [key, document] of collection.entries(this.snapshot)) if (written?.has(key) !== true) yield document;
    for (const document of written?.values() ?? []) if (document !== null) yield document;
  }

  /** @throws CommandError a duplicate key, a write conflict, a document that is too large */
  insert(collection: StoredCollection, document: Document): void {
    const [index] = collection.indexes;
    const key = keyOf(document['_id']);
    this.lock(collection, key);
    if (index !== undefined && this.byKey(collection, key) !== null) {
      throw duplicateKey(collection.namespace, index, document);
    }
    this.write(collection, key, document);
  }

  /** Replaces a document, whose `_id` stays. */
  replace(collection: StoredCollection, document: Document): void {
    const key = keyOf(document['_id']);
    this.lock(collection, key);
    this.write(collection, key, document);
  }

  delete(collection: StoredCollection, document: Document): void {
    const key = keyOf(document['_id']);
    this.lock(collection, key);
    this.written(collection).set(key, null);
  }

  private write(collection: StoredCollection, key: string, document: Document): void {
    const size = sizeOf(document);
    if (size > LARGEST_DOCUMENT_BYTES) {
      throw new CommandError(10334, `BSONObj size: ${size} is invalid. Size must be between 0 and 16793600(16MB)`);
    }
    for (const index of collection.indexes) if (index.unique) this.requireUnique(collection, index, key, document);
    this.written(collection).set(key, document);
  }

  private requireUnique(collection: StoredCollection, index: StoredIndex, key: string, document: Document): void {
    const keys = uniqueKeys(index, document);
    for (const unique of keys) this.lock(collection, `${index.name}|${unique}`);
    for (const other of this.documents(collection)) {
      if (keyOf(other['_id']) === key) continue;
      if (uniqueKeys(index, other).some((unique) => keys.includes(unique))) {
        throw duplicateKey(collection.namespace, index, document);
      }
    }
  }

  /** The first writer wins: the second has a conflict in a transaction, and waits outside of one. */
  private lock(collection: StoredCollection, key: string): void {
    const holder = collection.locks.get(key);
    if (holder !== undefined && holder !== this.transaction) {
      if (this.transaction === null) throw new Locked(holder);
      throw writeConflict();
    }
    if (this.transaction === null) return;
    if (this.snapshot !== null && collection.changedAt(key) > this.snapshot) throw writeConflict();
    collection.locks.set(key, this.transaction);
    this.written(collection);
  }

  private written(collection: StoredCollection): Map<string, Document | null> {
    let written = this.writes.get(collection);
    if (written === undefined) {
      written = new Map();
      this.writes.set(collection, written);
    }
    return written;
  }

  get isEmpty(): boolean {
    return [...this.writes.values()].every((written) => written.size === 0);
  }

  store(time: bigint): void {
    for (const [collection, written] of this.writes) {
      for (const [key, document] of written) collection.put(key, document, time);
    }
  }

  unlock(): void {
    for (const collection of this.writes.keys()) {
      for (const [key, holder] of collection.locks) if (holder === this.transaction) collection.locks.delete(key);
    }
  }
}

function writeConflict(): CommandError {
  return new CommandError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
  );
}
