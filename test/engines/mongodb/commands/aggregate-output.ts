import { ObjectId } from 'bson';
import { StoredCollection } from '../collection.js';
import { type Document, isDocument } from '../documents.js';
import { CommandError } from '../errors.js';
import { type Execution, write } from '../execution.js';
import { sameValue } from '../order.js';
import { valueAt } from '../paths.js';
import { WriteUnit } from '../write-unit.js';

interface Target {
  readonly database: string;
  readonly name: string;
}

function targetOf({ database }: Execution, target: unknown): Target {
  if (typeof target === 'string') return { database, name: target };
  if (isDocument(target) && typeof target['coll'] === 'string') {
    return { database: typeof target['db'] === 'string' ? target['db'] : database, name: target['coll'] };
  }
  throw new CommandError(16990, 'the target of $out or $merge must be a collection');
}

function withId(document: Document): Document {
  return Object.hasOwn(document, '_id') ? document : { _id: new ObjectId(), ...document };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/out/ */
export async function replaceCollection(
  execution: Execution,
  out: unknown,
  documents: readonly Document[],
): Promise<void> {
  const { catalog, clock } = execution.server;
  const { database, name } = targetOf(execution, out);
  const old = catalog.find(database, name, null);
  const made = new StoredCollection(database, name, old?.options ?? {});
  made.indexes.push(...(old?.indexes.slice(1) ?? []));
  const unit = new WriteUnit(null, null);
  for (const document of documents) unit.insert(made, withId(document));
  unit.store(clock.tick());
  catalog.replace(made);
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/merge/ */
export async function mergeInto(execution: Execution, merge: unknown, documents: readonly Document[]): Promise<void> {
  const {
    into,
    on,
    whenMatched = 'merge',
    whenNotMatched = 'insert',
  }: Document = isDocument(merge) ? merge : { into: merge };
  if (typeof whenMatched !== 'string' || !['replace', 'keepExisting', 'merge', 'fail'].includes(whenMatched)) {
    throw new CommandError(2, '$merge with this whenMatched is not supported by the stand-in');
  }
  const { catalog } = execution.server;
  const { database, name } = targetOf(execution, into);
  const collection = catalog.find(database, name, null) ?? catalog.create(database, name, {}, null);
  const fields = on === undefined ? ['_id'] : Array.isArray(on) ? on.map(String) : [String(on)];
  for (const result of documents) {
    const document = withId(result);
    await write(execution, (unit) => {
      const existing = [...unit.documents(collection)].find((candidate) =>
        fields.every((field) => sameValue(valueAt(candidate, field), valueAt(document, field))),
      );
      if (existing === undefined) {
        if (whenNotMatched === 'fail')
          throw new CommandError(13113, '$merge could not find a matching document in the target collection');
        if (whenNotMatched === 'insert') unit.insert(collection, document);
      } else if (whenMatched === 'fail') unit.insert(collection, document);
      else if (whenMatched === 'replace') unit.replace(collection, { ...document, _id: existing['_id'] as unknown });
      else if (whenMatched === 'merge')
        unit.replace(collection, { ...existing, ...document, _id: existing['_id'] as unknown });
    });
  }
}
