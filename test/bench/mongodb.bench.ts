import { randomUUID } from 'node:crypto';
import { type Document, MongoClient } from 'mongodb';
import type { ViewSchema } from '#view-store/port.js';
import { MongoViewStore } from '#view-store/adapters/mongodb/view-store.js';
import { startMongoProcess } from '../engines/mongodb/child.js';
import { say } from './print.js';

const COMMITS = 60;
const ROWS = 100;
const ROUNDS = 5;

const VIEW: ViewSchema = {
  view: 'bench',
  version: 1,
  tables: { card: { id: 'string', columns: { kind: 'string', amount: 'integer' }, indexes: [['kind', 'amount']] } },
  counters: { total: { dimensions: { kind: 'string' }, measures: ['count'] } },
};

/**
 * Commits of the view store beside the bare driver doing the same bulk writes in the same transactions, in turns, on
 * the stand-in or on the server that `TEST_VIEW_STORE_URL` names.
 */
export async function benchMongoDb(): Promise<void> {
  const named = process.env['TEST_VIEW_STORE_URL'] ?? '';
  const standIn = named === '' ? await startMongoProcess() : null;
  const url = standIn?.url ?? named;
  const fresh = (name: string): string => `pipeledger_bench_${name}_${randomUUID()}`;
  const [database, bareDatabase] = [fresh('ours'), fresh('bare')];
  const store = await MongoViewStore.open(url, { database });
  const client = await new MongoClient(url).connect();
  try {
    await store.prepare(VIEW);
    await store.createIndexes(VIEW);
    const epoch = (await store.acquireLease(VIEW, 'bench:1:a', 600_000))?.epoch ?? 0;
    await prepareBare(client, bareDatabase);
    let [ours, bare] = [Infinity, Infinity];
    for (let round = 0; round < ROUNDS; round++) {
      bare = Math.min(bare, await timed((n) => bareCommit(client, bareDatabase, round * COMMITS + n)));
      ours = Math.min(ours, await timed((n) => storeCommit(store, epoch, round * COMMITS + n)));
    }
    const rate = (ms: number): string => String(Math.round((COMMITS / ms) * 1_000)).padStart(6);
    const where = standIn === null ? 'the server of TEST_VIEW_STORE_URL' : 'the stand-in';
    say(
      `Commits of ${ROWS} rows, states and increments to MongoDB (${where}), the fastest of ${ROUNDS} rounds in turns`,
    );
    say(`  view store   ${rate(ours)} commits/s`);
    say(`  bare driver  ${rate(bare)} commits/s`);
    say(`  ratio        ${(bare / ours).toFixed(2).padStart(6)}`);
  } finally {
    await store.close();
    for (const name of [database, bareDatabase]) await client.db(name).dropDatabase();
    await client.close();
    await standIn?.stop();
  }
}

async function timed(commit: (number: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  for (let number = 0; number < COMMITS; number++) await commit(number);
  return performance.now() - start;
}

const keys = Array.from({ length: ROWS }, (_, index) => `key-${index}`);

async function storeCommit(store: MongoViewStore, epoch: number, number: number): Promise<void> {
  const at = (position: number): { position: bigint; hash: string } => ({
    position: BigInt(position),
    hash: 'f'.repeat(64),
  });
  await store.commit(VIEW, {
    states: keys.map((key) => ({ key, state: { number, text: 'a folded state' } })),
    upserts: keys.map((id) => ({ table: 'card', row: { id, kind: `kind-${number % 7}`, amount: number } })),
    deletes: [],
    increments: keys.map((_, index) => ({
      counter: 'total',
      dimensions: { kind: `kind-${index % 7}` },
      measures: { count: 1 },
    })),
    checkpoint: { from: number === 0 ? null : at(number), to: at(number + 1), epoch },
  });
}

async function prepareBare(client: MongoClient, database: string): Promise<void> {
  const db = client.db(database);
  for (const name of ['states', 'card', 'total', 'views']) await db.createCollection(name);
  await db.collection('card').createIndex({ kind: 1, amount: 1, _id: 1 });
  await db.collection<Document>('views').insertOne({ _id: 'bench' as never, position: '0' });
}

async function bareCommit(client: MongoClient, database: string, number: number): Promise<void> {
  const db = client.db(database);
  await client.withSession(async (session) => {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } });
    await db
      .collection('views')
      .findOneAndUpdate(
        { _id: 'bench' as never, position: String(number) },
        { $set: { position: String(number + 1) } },
        { session },
      );
    await db.collection('states').bulkWrite(
      keys.map((key) => ({
        replaceOne: {
          filter: { _id: key as never },
          replacement: { state: JSON.stringify({ number, text: 'a folded state' }) },
          upsert: true,
        },
      })),
      { session, ordered: false },
    );
    await db.collection('card').bulkWrite(
      keys.map((key) => ({
        replaceOne: {
          filter: { _id: key as never },
          replacement: { kind: `kind-${number % 7}`, amount: BigInt(number) },
          upsert: true,
        },
      })),
      { session, ordered: false },
    );
    await db.collection('total').bulkWrite(
      Array.from({ length: 7 }, (_, kind) => ({
        updateOne: {
          filter: { _id: `kind-${kind}` as never },
          update: { $inc: { count_high: 0n, count_low: BigInt(Math.ceil((ROWS - kind) / 7)) } },
          upsert: true,
        },
      })),
      { session, ordered: false },
    );
    await session.commitTransaction();
  });
}
