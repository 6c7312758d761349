import type { StoredCollection } from '../collection.js';
import { type Document, isDocument, numeric } from '../documents.js';
import { CommandError } from '../errors.js';
import {
  collectionName,
  type Execution,
  findCollection,
  type Handler,
  reading,
  refuseUnknown,
  requireCollection,
} from '../execution.js';
import { duplicateKey, type StoredIndex, toIndex, uniqueKeys } from '../indexes.js';
import { sameValue } from '../order.js';

/** https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
function createIndexes(execution: Execution): Document {
  refuseUnknown(execution, ['indexes', 'commitQuorum', 'rawData']);
  const specifications = execution.body['indexes'] as Document[] | undefined;
  if (!Array.isArray(specifications) || specifications.length === 0) {
    throw new CommandError(2, 'Must specify at least one index to create');
  }
  const there = findCollection(execution);
  if (execution.transaction !== null && there !== null && !execution.transaction.created.has(there.namespace)) {
    if (!reading(execution).documents(there).next().done) {
      throw new CommandError(263, 'Cannot create new indexes on existing collection in a multi-document transaction.');
    }
  }
  const collection = requireCollection(execution);
  const before = collection.indexes.length;
  const added: StoredIndex[] = [];
  for (const index of specifications.map(toIndex)) {
    if (!isThere([...collection.indexes, ...added], index)) added.push(index);
  }
  for (const index of added) if (index.unique) requireUnique(execution, collection, index);
  collection.indexes.push(...added);
  return {
    numIndexesBefore: before,
    numIndexesAfter: collection.indexes.length,
    ...(there === null ? { createdCollectionAutomatically: true } : {}),
    ...(added.length === 0 ? { note: 'all indexes already exist' } : {}),
    commitQuorum: 'votingMembers',
  };
}

function isThere(present: readonly StoredIndex[], index: StoredIndex): boolean {
  for (const other of present) {
    const sameKey = sameFields(other.key, index.key);
    if (other.name === index.name) {
      if (!sameKey || other.unique !== index.unique) {
        throw new CommandError(
          86,
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${index.name}`,
        );
      }
      return true;
    }
    if (sameKey && other.unique === index.unique) {
      throw new CommandError(85, `Index already exists with a different name: ${other.name}`);
    }
  }
  return false;
}

function sameFields(a: Document, b: Document): boolean {
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return (
    x.length === y.length &&
    x.every(([field, value], index) => y[index]?.[0] === field && sameValue(value, y[index]?.[1]))
  );
}

function requireUnique(execution: Execution, collection: StoredCollection, index: StoredIndex): void {
  const seen = new Set<string>();
  for (const document of reading(execution).documents(collection)) {
    for (const key of uniqueKeys(index, document)) {
      if (seen.has(key)) throw duplicateKey(collection.namespace, index, document);
      seen.add(key);
    }
  }
}

function listIndexes(execution: Execution): Document {
  const { server, body } = execution;
  const collection = findCollection(execution);
  if (collection === null) {
    throw new CommandError(26, `ns does not exist: ${execution.database}.${collectionName(execution)}`);
  }
  const documents = collection.indexes.map(({ specification }) => specification);
  const batchSize = numeric((body['cursor'] as Document | undefined)?.['batchSize']);
  return { cursor: server.cursors.start(collection.namespace, documents, batchSize, false) };
}

function dropIndexes(execution: Execution): Document {
  const collection = findCollection(execution);
  if (collection === null) throw new CommandError(26, 'ns not found');
  const nIndexesWas = collection.indexes.length;
  const wanted: unknown = execution.body['index'];
  for (const one of Array.isArray(wanted) ? (wanted as unknown[]) : [wanted]) {
    if (one === '*') collection.indexes.splice(1);
    else dropIndex(collection, one);
  }
  return { nIndexesWas };
}

function dropIndex(collection: StoredCollection, wanted: unknown): void {
  const at = collection.indexes.findIndex(({ name, key }) =>
    isDocument(wanted) ? sameFields(key, wanted) : name === wanted,
  );
  if (at < 0) throw new CommandError(27, `index not found with name [${String(wanted)}]`);
  if (at === 0) throw new CommandError(72, 'cannot drop _id index');
  collection.indexes.splice(at, 1);
}

export const INDEX_COMMANDS: Readonly<Record<string, Handler>> = { createIndexes, listIndexes, dropIndexes };
