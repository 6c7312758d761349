import { ObjectId } from 'bson';
import { checkHint, matching } from '../candidates.js';
import { type Document, isDocument, numeric } from '../documents.js';
import { CommandError, writeError } from '../errors.js';
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
import { checkUpdate, inserted, isUnchanged, updated, type UpdateRequest } from '../update.js';
import type { WriteUnit } from '../write-unit.js';

/** https://www.mongodb.com/docs/manual/reference/command/insert/ */
async function insert(execution: Execution): Promise<Document> {
  refuseUnknown(execution, ['documents', 'ordered', 'bypassDocumentValidation', 'rawData', 'bypassEmptyTsReplacement']);
  return statements(execution, 'documents', async (document) => {
    const row = checkDocument(document);
    const collection = requireCollection(execution);
    await write(execution, (unit) => {
      unit.insert(collection, row);
    });
    return { n: 1 };
  });
}

export function checkDocument(document: Document): Document {
  const id: unknown = document['_id'];
  if (Array.isArray(id)) throw new CommandError(53, `The '_id' value cannot be of type array`);
  if (id instanceof RegExp) throw new CommandError(53, `The '_id' value cannot be of type regex`);
  if (isDocument(id) && Object.keys(id).some((name) => name.startsWith('$'))) {
    throw new CommandError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${Object.keys(id)[0] ?? ''} is not valid for storage.`,
    );
  }
  const rest = document;
  return Object.hasOwn(document, '_id') ? { _id: id, ...rest } : { _id: new ObjectId(), ...rest };
}

interface Done {
  readonly n: number;
  readonly nModified?: number;
  readonly upserted?: unknown;
}

/** Runs the statements of a write command one by one, until the first error when they are ordered. */
async function statements(
  execution: Execution,
  field: string,
  run: (statement: Document) => Promise<Done>,
): Promise<Document> {
  const { body, transaction } = execution;
  const list = body[field] as Document[] | undefined;
  if (!Array.isArray(list) || list.length === 0) {
    throw new CommandError(16, `Write batch sizes must be between 1 and 100000. Got 0 operations.`);
  }
  const writeErrors: Document[] = [];
  const upserted: Document[] = [];
  const retriedStmtIds: number[] = [];
  const numbers = body['stmtIds'] as number[] | undefined;
  const first = numeric(body['stmtId']) ?? 0;
  let n = 0;
  let nModified = 0;
  for (const [index, statement] of list.entries()) {
    try {
      const { done, retried } = await once(execution, numbers?.[index] ?? first + index, async () => run(statement));
      if (retried) retriedStmtIds.push(numbers?.[index] ?? first + index);
      n += done.n;
      nModified += done.nModified ?? 0;
      if (done.upserted !== undefined) upserted.push({ index, _id: done.upserted });
    } catch (error) {
      // A write conflict is the error of the whole command: the transaction is over.
      if (!(error instanceof CommandError) || (transaction !== null && error.code === 112)) throw error;
      transaction?.abort();
      writeErrors.push(writeError(index, error));
      if (body['ordered'] !== false || transaction !== null) break;
    }
  }
  return {
    n,
    ...(field === 'updates' ? { nModified } : {}),
    ...(upserted.length === 0 ? {} : { upserted }),
    ...(writeErrors.length === 0 ? {} : { writeErrors }),
    ...(retriedStmtIds.length === 0 ? {} : { retriedStmtIds }),
  };
}

/** https://www.mongodb.com/docs/manual/reference/command/update/ */
async function update(execution: Execution): Promise<Document> {
  refuseUnknown(execution, [
    'updates',
    'ordered',
    'bypassDocumentValidation',
    'let',
    'rawData',
    'bypassEmptyTsReplacement',
  ]);
  return statements(execution, 'updates', async (statement) => {
    const multi = statement['multi'] === true;
    checkUpdate(statement['u'], multi);
    if (statement['sort'] !== undefined)
      throw new CommandError(40415, `BSON field 'update.updates.sort' is an unknown field.`);
    const request = requestOf(execution, statement['q'] as Document, statement['u'], statement);
    if (statement['upsert'] === true) requireCollection(execution);
    const collection = findCollection(execution);
    checkHint(collection, statement['hint']);
    if (collection === null) return { n: 0, nModified: 0 };
    return write(execution, (unit): Done => {
      const found = matching(unit, collection, request.filter, request);
      if (found.length === 0 && statement['upsert'] === true) {
        const document = checkDocument(inserted(request));
        unit.insert(collection, document);
        return { n: 1, nModified: 0, upserted: document['_id'] as unknown };
      }
      const chosen = multi ? found : found.slice(0, 1);
      const changed = chosen.filter((document) => change(unit, collection, document, request) !== document);
      return { n: chosen.length, nModified: changed.length };
    });
  });
}

export function requestOf(execution: Execution, filter: Document, change: unknown, statement: Document): UpdateRequest {
  const constants: unknown = statement['c'];
  return {
    ...languageOf(execution),
    collation: statement['collation'] as unknown,
    ...(isDocument(constants) ? { variables: constants } : {}),
    filter,
    update: change,
    arrayFilters: statement['arrayFilters'] as Document[] | undefined,
  };
}

/** The document as it is then; the same one when nothing changed, which is no write. */
export function change(
  unit: WriteUnit,
  collection: Parameters<WriteUnit['replace']>[0],
  document: Document,
  request: UpdateRequest,
): Document {
  const after = updated(document, request);
  if (isUnchanged(document, after)) return document;
  unit.replace(collection, after);
  return after;
}

/** https://www.mongodb.com/docs/manual/reference/command/delete/ */
async function remove(execution: Execution): Promise<Document> {
  refuseUnknown(execution, ['deletes', 'ordered', 'let', 'rawData']);
  return statements(execution, 'deletes', async (statement) => {
    const limit = numeric(statement['limit']);
    if (limit !== 0 && limit !== 1) {
      throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${String(statement['limit'])}`);
    }
    const collection = findCollection(execution);
    checkHint(collection, statement['hint']);
    if (collection === null) return { n: 0 };
    return write(execution, (unit) => {
      const found = matching(unit, collection, statement['q'], {
        ...languageOf(execution),
        collation: statement['collation'] as unknown,
      });
      const chosen = limit === 0 ? found : found.slice(0, 1);
      for (const document of chosen) unit.delete(collection, document);
      return { n: chosen.length };
    });
  });
}

export const WRITE_COMMANDS: Readonly<Record<string, Handler>> = { insert, update, delete: remove };
