import { type Collection, type Db, type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import { MongoDbStandIn } from './stand-in.js';

export interface Fixture {
  readonly standIn: MongoDbStandIn;
  readonly client: MongoClient;
  readonly database: Db;
  readonly collection: Collection<Document>;
  readonly connect: (options?: MongoClientOptions) => MongoClient;
}

/** Runs a test on a stand-in of its own, seen through the official driver. */
export async function withStandIn(test: (fixture: Fixture) => Promise<void>): Promise<void> {
  const standIn = await MongoDbStandIn.start();
  const clients: MongoClient[] = [];
  const connect = (options: MongoClientOptions = {}): MongoClient => {
    const client = new MongoClient(standIn.url, { serverSelectionTimeoutMS: 2_000, ...options });
    clients.push(client);
    return client;
  };
  try {
    const client = connect();
    const database = client.db('test');
    await test({ standIn, client, database, collection: database.collection('things'), connect });
  } finally {
    standIn.faults.clear();
    for (const client of clients) await client.close();
    await standIn.stop();
  }
}

/** What a promise is rejected with. */
export async function failureOf(work: Promise<unknown>): Promise<any> {
  return work.then(
    () => {
      throw new Error('it went well');
    },
    (error: unknown) => error,
  );
}
