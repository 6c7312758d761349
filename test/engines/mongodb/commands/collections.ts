import { type Document, numeric } from '../documents.js';
import { CommandError } from '../errors.js';
import { collectionName, type Execution, findCollection, type Handler, refuseUnknown } from '../execution.js';
import { matcher } from '../language.js';

/** https://www.mongodb.com/docs/manual/reference/command/nav-administration/ */
function create(execution: Execution): Document {
  refuseUnknown(execution, []);
  const { server, database, transaction } = execution;
  server.catalog.create(database, collectionName(execution), {}, transaction);
  return {};
}

function drop(execution: Execution): Document {
  const collection = findCollection(execution);
  if (collection === null) throw new CommandError(26, 'ns not found');
  execution.server.catalog.drop(collection);
  return { nIndexesWas: collection.indexes.length, ns: collection.namespace };
}

function dropDatabase({ server, database }: Execution): Document {
  const collections = server.catalog.of(database);
  for (const collection of collections) server.catalog.drop(collection);
  return collections.length === 0 ? {} : { dropped: database };
}

function listCollections(execution: Execution): Document {
  refuseUnknown(execution, ['filter', 'nameOnly', 'authorizedCollections', 'cursor', 'rawData']);
  const { server, database, body } = execution;
  const matches = matcher(body['filter']);
  const documents = server.catalog
    .of(database)
    .map(({ name, options, uuid }): Document => ({
      name,
      type: 'collection',
      options,
      info: { readOnly: false, uuid },
      idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
    }))
    .filter(matches)
    .map((document) =>
      body['nameOnly'] === true ? { name: document['name'] as string, type: 'collection' } : document,
    );
  const batchSize = numeric((body['cursor'] as Document | undefined)?.['batchSize']);
  return { cursor: server.cursors.start(`${database}.$cmd.listCollections`, documents, batchSize, false) };
}

function listDatabases({ server, body }: Execution): Document {
  const databases = server.catalog
    .databases()
    .map((name): Document => ({ name, sizeOnDisk: 0n, empty: false }))
    .filter(matcher(body['filter']));
  return body['nameOnly'] === true
    ? { databases: databases.map(({ name }) => ({ name: name as string })) }
    : { databases, totalSize: 0n, totalSizeMb: 0n };
}

export const COLLECTION_COMMANDS: Readonly<Record<string, Handler>> = {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
};
