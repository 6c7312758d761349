import type { ClientSession, Db, MongoClient } from 'mongodb';
import type { Checkpoint, FindResult, ReadRequest, ReadResult, Row, SumGroup, ViewSchema, Where } from '../../port.js';
import { checkFind, checkScan, checkSum } from '../../request.js';
import { tableOf } from '../../schema.js';
import { hasCode, ServerCode } from './errors.js';
import { find } from './find.js';
import { CollectionNames, fieldOf } from './names.js';
import { inSnapshot } from './read-concern.js';
import { sum } from './sum.js';
import { rowReader } from './values.js';
import { checkpointOf, ifPrepared, readRecord } from './view-record.js';
import { compileWhere } from './where.js';

export interface ScanRequest {
  readonly table: string;
  readonly where?: Where;
  readonly columns: readonly string[];
}

const ROWS_PER_CHUNK = 1_000;
const SNAPSHOTS_TRIED = 5;

/** Answers all requests from one snapshot. A view that the store does not hold (yet) reads as empty. */
export async function read<const R extends readonly ReadRequest[]>(
  client: MongoClient,
  database: Db,
  schema: ViewSchema,
  requests: R,
): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }> {
  for (let attempt = 1; ; attempt++) {
    const session = client.startSession({ snapshot: true });
    try {
      // The first command of the session settles the snapshot for all that follow.
      const record = ifPrepared(database, schema, await readRecord(database, schema, inSnapshot(session)));
      const names = record === null ? null : new CollectionNames(schema, record.generation);
      const results: (FindResult | readonly SumGroup[])[] = [];
      for (const request of requests) {
        results.push(names === null ? empty(schema, request) : await answer(database, session, schema, names, request));
      }
      return {
        checkpoint: record === null ? null : checkpointOf(record),
        // The types of a mapped tuple are lost in the loop; each result is of its request's kind.
        results: results as unknown as { [K in keyof R]: ReadResult<R[K]> },
      };
    } catch (error) {
      if (attempt === SNAPSHOTS_TRIED || !isSnapshotGone(error)) throw error;
    } finally {
      await session.endSession();
    }
  }
}

/** Collections were made or removed since the snapshot, or it is older than the server keeps (five minutes). */
function isSnapshotGone(error: unknown): boolean {
  return hasCode(error, ServerCode.snapshotUnavailable, ServerCode.snapshotTooOld);
}

async function answer(
  database: Db,
  session: ClientSession,
  schema: ViewSchema,
  names: CollectionNames,
  request: ReadRequest,
): Promise<FindResult | readonly SumGroup[]> {
  return request.kind === 'find'
    ? find(database, session, schema, names, request)
    : sum(database, session, schema, names, request);
}

function empty(schema: ViewSchema, request: ReadRequest): FindResult | readonly SumGroup[] {
  if (request.kind === 'find') {
    checkFind(schema, request);
    return { rows: [], next: null };
  }
  checkSum(schema, request);
  return [];
}

/** The matching rows in chunks, all from one snapshot, which the server keeps for five minutes. */
export async function* scan(
  client: MongoClient,
  database: Db,
  schema: ViewSchema,
  request: ScanRequest,
): AsyncGenerator<readonly Row[]> {
  checkScan(schema, request);
  const columns = ['id', ...request.columns.filter((column) => column !== 'id')];
  const toRow = rowReader(tableOf(schema, request.table), columns);
  const session = client.startSession({ snapshot: true });
  try {
    const record = ifPrepared(database, schema, await readRecord(database, schema, inSnapshot(session)));
    if (record === null) return;
    const names = new CollectionNames(schema, record.generation);
    const cursor = database.collection(names.table(request.table)).find(compileWhere(request.where), {
      ...inSnapshot(session),
      projection: Object.fromEntries(columns.map((column) => [fieldOf(column), 1])),
      batchSize: ROWS_PER_CHUNK,
    });
    try {
      while (await cursor.hasNext()) yield cursor.readBufferedDocuments(ROWS_PER_CHUNK).map(toRow);
    } finally {
      await cursor.close();
    }
  } finally {
    await session.endSession();
  }
}
