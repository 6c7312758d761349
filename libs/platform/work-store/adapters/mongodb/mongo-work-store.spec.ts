import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MongoEngine, startMongoEngine } from '../../../../../test/engines/mongodb/engine.js';
import { ViewStoreUnusable } from '#view-store/port.js';
import { MongoDbStandIn } from '../../../../../test/engines/mongodb/stand-in.js';
import { MongoWorkStore } from './mongo-work-store.js';

describe('the work store on MongoDB', () => {
  let engine: MongoEngine;
  let database: string;
  beforeAll(async () => {
    engine = await startMongoEngine();
    database = engine.freshDatabase();
  });
  afterAll(async () => {
    await engine.drop(database);
    await engine.stop();
  });

  const far = { position: 9_007_199_254_740_993n, hash: 'a'.repeat(64) };
  const near = { position: 12n, hash: 'b'.repeat(64) };

  it('keeps checkpoints over a restart, beyond 53 bits, and never moves them back', async () => {
    const first = await MongoWorkStore.open(engine.url, { database });
    expect(await first.checkpoint('a')).toBeNull();
    await first.saveCheckpoint('a', far);
    await first.saveCheckpoint('a', near);
    await first.close();
    const second = await MongoWorkStore.open(engine.url, { database });
    expect(await second.checkpoint('a')).toEqual(far);
    expect(await second.checkpoint('b')).toBeNull();
    await second.saveCheckpoint('b', { ...near, position: 0n });
    expect(await second.checkpoint('b')).toEqual({ ...near, position: 0n });
    await second.close();
  });

  it('forgets the checkpoint that it is told to, and no other', async () => {
    const work = await MongoWorkStore.open(engine.url, { database });
    await work.saveCheckpoint('c', far);
    await work.saveCheckpoint('d', far);
    await work.forgetCheckpoint('c', near);
    await work.forgetCheckpoint('c', { ...far, hash: near.hash });
    expect(await work.checkpoint('c')).toEqual(far);
    await work.forgetCheckpoint('c', far);
    expect(await work.checkpoint('c')).toBeNull();
    expect(await work.checkpoint('d')).toEqual(far);
    await work.saveCheckpoint('c', near);
    expect(await work.checkpoint('c')).toEqual(near);
    await work.close();
  });

  it('takes the furthest of many that save at once', async () => {
    const [first, second] = await Promise.all([
      MongoWorkStore.open(engine.url, { database }),
      MongoWorkStore.open(engine.url, { database }),
    ]);
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const position = BigInt((index * 7) % 40);
        return (index % 2 === 0 ? first : second).saveCheckpoint('race', { position, hash: `of ${position}` });
      }),
    );
    expect(await first.checkpoint('race')).toEqual({ position: 39n, hash: 'of 39' });
    await first.close();
    await second.close();
  });

  it.each([
    ['', 'pipeledger_work'],
    ['crm', 'crm_work'],
  ])('is a database of its own: %j in the URL makes it %s', async (named, expected) => {
    const standIn = await MongoDbStandIn.start();
    const databases = new Set<unknown>();
    const store = await MongoWorkStore.open(`${standIn.url}${named}`);
    const stop = standIn.observe((name, body) => {
      if (name === 'update' || name === 'find') databases.add(body['$db']);
    });
    await store.saveCheckpoint('a', near);
    expect(await store.checkpoint('a')).toEqual(near);
    stop();
    expect([...databases]).toEqual([expected]);
    await store.close();
    standIn.faults.standAlone();
    await expect(MongoWorkStore.open(standIn.url)).rejects.toThrow(ViewStoreUnusable);
    await standIn.stop();
  });
});
