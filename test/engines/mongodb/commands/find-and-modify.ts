import { collator } from '../collation.js';
import { checkHint, matching } from '../candidates.js';
import type { Document } from '../documents.js';
import { CommandError } from '../errors.js';
import {
  type Execution,
  findCollection,
  type Handler,
  languageOf,
  once,
  refuseUnknown,
  requireCollection,
  write,
} from '../execution.js';
import { projected } from '../projection.js';
import { sorted } from '../sorting.js';
import { checkUpdate, inserted } from '../update.js';
import { change as changed, checkDocument, requestOf } from './write.js';

const FIELDS = [
  'query',
  'sort',
  'remove',
  'update',
  'new',
  'fields',
  'upsert',
  'bypassDocumentValidation',
  'collation',
  'arrayFilters',
  'hint',
  'let',
  'rawData',
];

/** https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
async function findAndModify(execution: Execution): Promise<Document> {
  refuseUnknown(execution, FIELDS);
  const { body } = execution;
  const { query, sort, remove, update, upsert }: Document = body;
  if ((remove === true) === (update !== undefined)) {
    throw new CommandError(9, 'Either an update or remove=true must be specified');
  }
  if (remove === true && (upsert === true || body['new'] === true)) {
    throw new CommandError(
      9,
      "Cannot specify both new=true or upsert=true and remove=true; 'remove' always returns the deleted document",
    );
  }
  if (update !== undefined) checkUpdate(update, false);
  if (upsert === true) requireCollection(execution);
  const collection = findCollection(execution);
  checkHint(collection, body['hint']);
  if (collection === null) return nothing(remove === true);
  const request = requestOf(execution, (query ?? {}) as Document, update, body);
  const change = async (): Promise<Document> =>
    write(execution, (unit) => {
      const [found] = sorted(matching(unit, collection, request.filter, request), sort, collator(body['collation']));
      if (found === undefined && upsert === true) {
        const document = checkDocument(inserted(request));
        unit.insert(collection, document);
        const lastErrorObject = { n: 1, updatedExisting: false, upserted: document['_id'] as unknown };
        return { lastErrorObject, value: body['new'] === true ? shown(execution, document) : null };
      }
      if (found === undefined) return nothing(remove === true);
      if (remove === true) {
        unit.delete(collection, found);
        return { lastErrorObject: { n: 1 }, value: shown(execution, found) };
      }
      const after = changed(unit, collection, found, request);
      return {
        lastErrorObject: { n: 1, updatedExisting: true },
        value: shown(execution, body['new'] === true ? after : found),
      };
    });
  return (await once(execution, 0, change)).done;
}

function nothing(removing: boolean): Document {
  return { lastErrorObject: removing ? { n: 0 } : { n: 0, updatedExisting: false }, value: null };
}

function shown(execution: Execution, document: Document): Document {
  const fields = execution.body['fields'] as Document | undefined;
  return projected([document], fields, languageOf(execution))[0] ?? {};
}

export const FIND_AND_MODIFY_COMMANDS: Readonly<Record<string, Handler>> = {
  findAndModify,
  findandmodify: findAndModify,
};
