import type { ClientSession, Db, Document } from 'mongodb';
import type { FindRequest, FindResult, Keyset, Row, TableDefinition, ViewSchema } from '../../port.js';
import { checkFind } from '../../request.js';
import { columnType, tableOf } from '../../schema.js';
import { type CollectionNames, fieldOf } from './names.js';
import { inSnapshot } from './read-concern.js';
import { rowReader, toOperand } from './values.js';
import { allOf, compileWhere } from './where.js';

interface Ordering {
  readonly column: string;
  readonly descending: boolean;
  /** Its place in a keyset. */
  readonly index: number;
}
/** A part of the rows after a cursor that an index can give in order. */
interface Segment {
  readonly where: readonly Document[];
  readonly order: readonly Ordering[];
}

/** Answers a page request in the session's snapshot. */
export async function find(
  database: Db,
  session: ClientSession,
  schema: ViewSchema,
  names: CollectionNames,
  request: FindRequest,
): Promise<FindResult> {
  checkFind(schema, request);
  const table = tableOf(schema, request.table);
  const read = rowReader(table, ['id', ...Object.keys(table.columns)]);
  const collection = database.collection(names.table(request.table));
  const where = compileWhere(request.where);
  const rows: Row[] = [];
  for (const segment of segments(table, orderOf(request), request.after ?? null)) {
    const wanted = request.limit + 1 - rows.length;
    const documents = await collection
      .find(allOf([where, ...segment.where]), inSnapshot(session))
      .sort(segment.order.map(({ column, descending }): [string, 1 | -1] => [fieldOf(column), descending ? -1 : 1]))
      .limit(wanted)
      .batchSize(wanted)
      .toArray();
    for (const document of documents) rows.push(read(document));
    if (rows.length > request.limit) break;
  }
  if (rows.length <= request.limit) return { rows, next: null };
  rows.pop();
  return { rows, next: keysetOf(rows.at(-1), request) };
}

/** A column that is sorted by a second time, and what follows the id, changes nothing. */
function orderOf(request: FindRequest): readonly Ordering[] {
  const sort = request.sort ?? [];
  const order: Ordering[] = [];
  for (const [index, { column, descending }] of [
    ...sort,
    { column: 'id', descending: sort.at(-1)?.descending },
  ].entries()) {
    if (order.some((earlier) => earlier.column === column)) continue;
    order.push({ column, descending: descending === true, index });
    if (column === 'id') break;
  }
  return order;
}

function keysetOf(row: Row | undefined, request: FindRequest): Keyset {
  return [...(request.sort ?? []).map(({ column }) => column), 'id'].map((column) => {
    const value = row?.[column];
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  });
}

/**
 * The rows after a cursor as a few ranges, one after the other: equal in all sort columns but the last, then equal in
 * one less, and so on. Each is one range of an index; joined by OR they would have to be sorted.
 */
function segments(table: TableDefinition, order: readonly Ordering[], after: Keyset | null): readonly Segment[] {
  if (after === null) return [{ where: [], order }];
  const result: Segment[] = [];
  for (let last = order.length - 1; last >= 0; last--) {
    const ordering = order[last];
    if (ordering === undefined) continue;
    const equal = order.slice(0, last).map(({ column, index }) => equals(column, after[index] ?? null));
    for (const { where, single } of rangesBeyond(table, ordering, after[ordering.index] ?? null)) {
      result.push({ where: [...equal, where], order: order.slice(single ? last + 1 : last) });
    }
  }
  return result;
}

interface Range {
  readonly where: Document;
  /** True when all rows of the range hold the same value. */
  readonly single: boolean;
}

function rangesBeyond(table: TableDefinition, ordering: Ordering, value: string | number | null): readonly Range[] {
  const { column, descending } = ordering;
  const field = fieldOf(column);
  if (!descending) {
    if (value !== null) return [{ where: { [field]: { $gt: toOperand(value) } }, single: false }];
    // All values of the type, as one range of an index.
    const least = columnType(table, column) === 'integer' ? -Infinity : '';
    return [{ where: { [field]: { $gte: least } }, single: false }];
  }
  if (value === null) return [];
  const below: Range = { where: { [field]: { $lt: toOperand(value) } }, single: false };
  return column === 'id' ? [below] : [below, { where: equals(column, null), single: true }];
}

function equals(column: string, value: string | number | null): Document {
  return { [fieldOf(column)]: { $eq: value === null ? null : toOperand(value) } };
}
