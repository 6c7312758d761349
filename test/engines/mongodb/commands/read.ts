import { toTimestamp } from '../clock.js';
import { collator } from '../collation.js';
import { checkHint, matching } from '../candidates.js';
import { type Document, numeric } from '../documents.js';
import { CommandError } from '../errors.js';
import {
  collectionName,
  type Execution,
  findCollection,
  type Handler,
  languageOf,
  reading,
  refuseUnknown,
} from '../execution.js';
import { type CompareTexts, keyOf, sameValue } from '../order.js';
import { valuesAt } from '../paths.js';
import { projected } from '../projection.js';
import { sorted } from '../sorting.js';

/** https://www.mongodb.com/docs/manual/reference/command/nav-crud/ */
const FIND_FIELDS = [
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'noCursorTimeout',
  'allowDiskUse',
  'allowPartialResults',
  'collation',
  'let',
  'rawData',
];

function find(execution: Execution): Document {
  refuseUnknown(execution, FIND_FIELDS);
  const { body, server, database } = execution;
  const found = select(execution, body['filter'], body);
  const documents = projected(
    window(sorted(found, body['sort'], collator(body['collation'])), body),
    body['projection'] as Document | undefined,
    languageOf(execution),
  );
  const batchSize = numeric(body['batchSize']);
  const namespace = `${database}.${collectionName(execution)}`;
  const cursor = server.cursors.start(namespace, documents, batchSize, body['singleBatch'] === true);
  return { cursor: { ...cursor, ...snapshotTime(execution) } };
}

function select(execution: Execution, filter: unknown, { hint }: Document): Document[] {
  const collection = findCollection(execution);
  checkHint(collection, hint);
  return collection === null ? [] : matching(reading(execution), collection, filter, languageOf(execution));
}

function window(documents: readonly Document[], { skip, limit }: Document): readonly Document[] {
  const first = count('skip', skip);
  const most = count('limit', limit);
  return documents.slice(first, most === 0 ? undefined : first + most);
}

function count(name: string, value: unknown): number {
  const number = numeric(value) ?? 0;
  if (number < 0) throw new CommandError(51024, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
  return number;
}

/** Tells the time of the snapshot, by which the client reads on. */
export function snapshotTime({ readAt }: Execution): Document {
  return readAt === null ? {} : { atClusterTime: toTimestamp(readAt) };
}

function getMore({ server, body, database }: Execution): Document {
  const id = BigInt(body['getMore'] as number | bigint);
  return { cursor: server.cursors.next(id, `${database}.${String(body['collection'])}`, numeric(body['batchSize'])) };
}

function killCursors({ server, body }: Execution): Document {
  const ids = (body['cursors'] as (number | bigint)[]).map(BigInt);
  const cursorsKilled = ids.filter((id) => server.cursors.kill(id));
  return {
    cursorsKilled,
    cursorsNotFound: ids.filter((id) => !cursorsKilled.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  };
}

function countDocuments(execution: Execution): Document {
  refuseUnknown(execution, ['query', 'limit', 'skip', 'hint', 'collation', 'fields', 'rawData']);
  const { body } = execution;
  return {
    n: window(select(execution, body['query'], body), { ...body, limit: Math.abs(numeric(body['limit']) ?? 0) }).length,
  };
}

function distinct(execution: Execution): Document {
  refuseUnknown(execution, ['key', 'query', 'collation', 'hint', 'rawData']);
  const { body } = execution;
  const found = select(execution, body['query'], body).flatMap((document) =>
    valuesAt(document, String(body['key'])).flatMap((value): unknown[] =>
      Array.isArray(value) ? (value as unknown[]) : [value],
    ),
  );
  return { values: unlike(found, collator(body['collation'])), ...snapshotTime(execution) };
}

/** The first of all that are the same. */
function unlike(found: readonly unknown[], texts: CompareTexts | undefined): readonly unknown[] {
  const values = found.filter((value) => value !== undefined);
  if (texts !== undefined) {
    return values.filter((value, index) => values.findIndex((other) => sameValue(value, other, texts)) === index);
  }
  const known = new Map<string, unknown>();
  for (const value of values) if (!known.has(keyOf(value))) known.set(keyOf(value), value);
  return [...known.values()];
}

export const READ_COMMANDS: Readonly<Record<string, Handler>> = {
  find,
  getMore,
  killCursors,
  count: countDocuments,
  distinct,
};
