import type { ClientSession, Db, Document } from 'mongodb';
import type { SumGroup, SumRequest, ViewSchema } from '../../port.js';
import { checkSum, summedTable } from '../../request.js';
import { columnType } from '../../schema.js';
import { type CollectionNames, fieldOf } from './names.js';
import { inSnapshot } from './read-concern.js';
import { compileWhere } from './where.js';

/** Values are summed as billions and the rest: neither sum can leave 64 bits before a table has 9 billion rows. */
export const BILLION = 1_000_000_000;

/** A counter's measures are stored in two fields, billions and the rest. */
export function highField(measure: string): string {
  return `${measure}_high`;
}
export function lowField(measure: string): string {
  return `${measure}_low`;
}

/** Answers a request for sums in the session's snapshot; the server adds up. */
export async function sum(
  database: Db,
  session: ClientSession,
  schema: ViewSchema,
  names: CollectionNames,
  request: SumRequest,
): Promise<readonly SumGroup[]> {
  checkSum(schema, request);
  const table = summedTable(schema, request);
  const name = request.table === undefined ? names.counter(request.counter ?? '') : names.table(request.table);
  // The fields of the answer are numbered: a column may have any name.
  const keys = request.groupBy.map((column, index): [string, string] => [`k${index}`, `$${fieldOf(column)}`]);
  const group: Document = { _id: keys.length === 0 ? null : Object.fromEntries(keys), count: { $sum: 1 } };
  for (const [index, column] of request.sums.entries()) {
    const { high, low } = request.table === undefined ? measureParts(column) : parts(`$${fieldOf(column)}`);
    group[`h${index}`] = { $sum: high };
    group[`l${index}`] = { $sum: low };
  }
  const documents = await database
    .collection(name)
    .aggregate([{ $match: compileWhere(request.where) }, { $group: group }], {
      ...inSnapshot(session),
      allowDiskUse: true,
      useBigInt64: true,
    })
    .toArray();
  const types = request.groupBy.map((column) => columnType(table, column));
  return documents.map((document) => readGroup(request, types, document));
}

interface Parts {
  readonly high: Document;
  readonly low: Document;
}

/** Both parts are whole and keep the sign. The rest is taken off first: a quotient is a double and would be rounded. */
function parts(value: string): Parts {
  const low = { $mod: [value, BILLION] };
  return { high: { $toLong: { $round: { $divide: [{ $subtract: [value, low] }, BILLION] } } }, low };
}

function measureParts(measure: string): Parts {
  const carried = parts(`$${lowField(measure)}`);
  return { high: { $add: [`$${highField(measure)}`, carried.high] }, low: carried.low };
}

function readGroup(request: SumRequest, types: readonly string[], document: Document): SumGroup {
  const group = (document._id ?? {}) as Document;
  const key: Record<string, string | number | null> = {};
  for (const [index, column] of request.groupBy.entries()) {
    const value: unknown = group[`k${index}`];
    if (typeof value === 'string') key[column] = value;
    else key[column] = types[index] === 'integer' && value !== null ? Number(value) : null;
  }
  const sums: Record<string, bigint> = {};
  for (const [index, column] of request.sums.entries()) {
    sums[column] = whole(document[`h${index}`]) * BigInt(BILLION) + whole(document[`l${index}`]);
  }
  return { key, count: Number(document.count), sums };
}

function whole(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new Error('MongoDB answered with a sum that is not a whole number of 64 bits');
}
