import type { Checkpoint, FindResult, ReadRequest, ReadResult, Row, SumGroup, ViewSchema, Where } from '../../port.js';
import { checkFind, checkScan, checkSum } from '../../request.js';
import { tableOf } from '../../schema.js';
import { readView } from './checkpoint.js';
import { orUnusable, type SqliteDatabase, type SqlRow } from './database.js';
import { find } from './find.js';
import { sum } from './sum.js';
import { quote, tableName } from './tables.js';
import { rowReader } from './values.js';
import { compileWhere } from './where.js';

export interface ScanRequest {
  readonly table: string;
  readonly where?: Where;
  readonly columns: readonly string[];
}

const ROWS_PER_CHUNK = 1_000;

/** Answers all requests from one snapshot. A view that the store does not hold (yet) reads as empty. */
export function read<const R extends readonly ReadRequest[]>(
  database: SqliteDatabase,
  schema: ViewSchema,
  requests: R,
): { checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } } {
  return database.transaction(() => {
    const view = readView(database, schema);
    const results = requests.map((request) =>
      view === null ? empty(schema, request) : answer(database, schema, request),
    );
    return {
      checkpoint: view?.checkpoint ?? null,
      // The types of a mapped tuple are lost in `map`; each result is of its request's kind.
      results: results as unknown as { [K in keyof R]: ReadResult<R[K]> },
    };
  }, 'read');
}

function answer(database: SqliteDatabase, schema: ViewSchema, request: ReadRequest): FindResult | readonly SumGroup[] {
  return request.kind === 'find' ? find(database, schema, request) : sum(database, schema, request);
}

function empty(schema: ViewSchema, request: ReadRequest): FindResult | readonly SumGroup[] {
  if (request.kind === 'find') {
    checkFind(schema, request);
    return { rows: [], next: null };
  }
  checkSum(schema, request);
  return [];
}

/**
 * The matching rows in chunks, all from one snapshot. Must be exhausted or returned.
 * @param connection must do nothing else meanwhile
 */
export function* scan(
  connection: SqliteDatabase,
  schema: ViewSchema,
  request: ScanRequest,
): Generator<readonly Row[], void, void> {
  checkScan(schema, request);
  if (readView(connection, schema) === null) return;
  const table = tableOf(schema, request.table);
  const columns = ['id', ...request.columns.filter((column) => column !== 'id')];
  const toRow = rowReader(table, columns);
  const where = compileWhere(table, request.where);
  const from = quote(tableName(schema, request.table));
  const cursor = connection.cursor(`SELECT ${columns.map(quote).join(', ')} FROM ${from} WHERE ${where.sql} LIMIT ?`);
  try {
    let chunk: Row[] = [];
    for (const values of cursor.iterate([...where.params, -1])) {
      chunk.push(toRow(values as SqlRow));
      if (chunk.length < ROWS_PER_CHUNK) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } catch (error) {
    throw orUnusable(connection.path, error);
  } finally {
    // An abandoned cursor would hold its snapshot, and with it the WAL, until it is collected: run it to an end.
    cursor.all([...where.params, 0]);
  }
}
