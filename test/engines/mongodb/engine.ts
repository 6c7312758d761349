import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { MongoDbStandIn } from './stand-in.js';

/** A MongoDB for tests: the real one that `TEST_VIEW_STORE_URL` names, or a stand-in of their own. */
export interface MongoEngine {
  readonly url: string;
  /** A name that no other test uses; `drop` removes the database. */
  freshDatabase(): string;
  drop(database: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startMongoEngine(): Promise<MongoEngine> {
  const real = process.env['TEST_VIEW_STORE_URL'];
  const standIn = real === undefined || real === '' ? await MongoDbStandIn.start() : null;
  const url = standIn?.url ?? real ?? '';
  const client = new MongoClient(url);
  return {
    url,
    freshDatabase: () => `pipeledger_test_${randomUUID().replaceAll('-', '')}`,
    drop: async (database) => {
      await client.db(database).dropDatabase();
    },
    stop: async () => {
      await client.close();
      await standIn?.stop();
    },
  };
}
