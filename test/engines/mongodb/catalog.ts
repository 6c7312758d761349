import { StoredCollection } from './collection.js';
import type { Document } from './documents.js';
import { CommandError } from './errors.js';
import type { Transaction } from './transaction.js';

/** The collections of all databases. */
export class Catalog {
  private readonly collections = new Map<string, StoredCollection>();

  find(database: string, name: string, transaction: Transaction | null): StoredCollection | null {
    const namespace = `${database}.${name}`;
    return transaction?.created.get(namespace) ?? this.collections.get(namespace) ?? null;
  }

  /** @throws CommandError there is one, or the name is none */
  create(database: string, name: string, options: Document, transaction: Transaction | null): StoredCollection {
    checkName(database, name);
    const collection = new StoredCollection(database, name, options);
    if (this.find(database, name, transaction) !== null) {
      throw new CommandError(48, `Collection ${collection.namespace} already exists.`);
    }
    (transaction?.created ?? this.collections).set(collection.namespace, collection);
    return collection;
  }

  /** Makes the collections of a transaction everybody's. */
  adopt(transaction: Transaction): void {
    for (const namespace of transaction.created.keys()) {
      if (this.collections.has(namespace)) throw new CommandError(112, `Collection ${namespace} was created meanwhile`);
    }
    for (const [namespace, collection] of transaction.created) this.collections.set(namespace, collection);
  }

  replace(collection: StoredCollection): void {
    this.collections.set(collection.namespace, collection);
  }

  drop(collection: StoredCollection): void {
    this.collections.delete(collection.namespace);
  }

  of(database: string): readonly StoredCollection[] {
    return [...this.collections.values()].filter((collection) => collection.database === database);
  }

  databases(): readonly string[] {
    return [...new Set([...this.collections.values()].map(({ database }) => database))].sort();
  }
}

function checkName(database: string, name: string): void {
  if (name === '' || name.includes('$') || name.includes('\0') || name.startsWith('system.') || name.startsWith('.')) {
    throw new CommandError(73, `Invalid collection name: ${name}`);
  }
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(database)) throw new CommandError(73, `Invalid database name: ${database}`);
  if (Buffer.byteLength(`${database}.${name}`) > 255)
    throw new CommandError(73, 'Fully qualified namespace is too long.');
}
