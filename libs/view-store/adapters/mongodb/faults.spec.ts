import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { CommandFault } from '../../../../test/engines/mongodb/faults.js';
import { MongoDbStandIn } from '../../../../test/engines/mongodb/stand-in.js';
import { at, cards, EXAMPLE, fullCard, step, total } from '../../contract/examples.js';
import { CheckpointConflict, ViewStoreUnusable } from '../../port.js';
import { MongoStoreError } from './errors.js';
import { MongoViewStore, type MongoViewStoreOptions } from './view-store.js';

const HOLDER = 'host:1:a';
const TTL_MS = 60_000;

let standIn: MongoDbStandIn;
let store: MongoViewStore;
let database: string;

async function open(options: MongoViewStoreOptions = {}): Promise<MongoViewStore> {
  return MongoViewStore.open(standIn.url, { database, operationTimeoutMs: 2_000, ...options });
}

async function lead(): Promise<number> {
  await store.prepare(EXAMPLE);
  return (await store.acquireLease(EXAMPLE, HOLDER, TTL_MS))?.epoch ?? 0;
}

const changes = {
  states: [{ key: 'k', state: { n: 1 } }],
  upserts: cards({ id: 'a', kind: 'x' }),
  deletes: [{ table: 'card', id: 'gone' }],
  increments: [total('x', 1, 1, 10), total('x', 2, -1, -10)],
};

/** What one commit of `changes` leaves, done once. */
async function expectDoneOnce(): Promise<void> {
  const { checkpoint, results } = await store.read(EXAMPLE, [
    { kind: 'find', table: 'card', limit: 5 },
    { kind: 'sum', counter: 'total', groupBy: ['level'], sums: ['count', 'amount'] },
  ]);
  expect(checkpoint).toEqual(at(1n));
  expect(results[0].rows).toEqual([fullCard({ id: 'a', kind: 'x' })]);
  expect(new Map(results[1].map(({ key, sums }) => [key.level, sums]))).toEqual(
    new Map([
      [1, { count: 1n, amount: 10n }],
      [2, { count: -1n, amount: -10n }],
    ]),
  );
  expect(await store.load(EXAMPLE, ['k'])).toEqual(new Map([['k', { n: 1 }]]));
}

beforeEach(async () => {
  standIn = await MongoDbStandIn.start();
  database = `faults_${randomUUID().replaceAll('-', '')}`;
  store = await open();
});
afterEach(async () => {
  standIn.faults.clear();
  await store.close();
  await standIn.stop();
});

describe('a commit to MongoDB is done once', () => {
  const faults: readonly (readonly [string, readonly CommandFault[]])[] = [
    ['write conflicts', [{ commands: ['findAndModify'], times: 3, error: { code: 112 } }]],
    ['a transaction that the server has ended', [{ commands: ['update'], times: 2, error: { code: 251 } }]],
    ['a primary that steps down before a write', [{ commands: ['update'], error: { code: 189 } }]],
    ['a connection that breaks before a write', [{ commands: ['update'], times: 2, drop: 'before' }]],
    ['a connection that breaks after a write', [{ commands: ['update'], times: 2, drop: 'after' }]],
    ['a connection that breaks before the checkpoint is moved', [{ commands: ['findAndModify'], drop: 'before' }]],
    ['a connection that breaks after the checkpoint is moved', [{ commands: ['findAndModify'], drop: 'after' }]],
    ['a connection that breaks after a deletion', [{ commands: ['delete'], drop: 'after' }]],
    ['a commit that was not done and not answered', [{ commands: ['commitTransaction'], times: 5, drop: 'before' }]],
    ['a commit that was done and not answered', [{ commands: ['commitTransaction'], times: 5, drop: 'after' }]],
    [
      'a commit that was done, not answered and then forgotten',
      [
        { commands: ['commitTransaction'], drop: 'after' },
        { commands: ['commitTransaction'], error: { code: 251 } },
      ],
    ],
    [
      'a commit that was refused, not answered and then forgotten',
      [
        { commands: ['commitTransaction'], drop: 'before' },
        { commands: ['commitTransaction', 'abortTransaction'], times: 2, error: { code: 251 } },
      ],
    ],
    [
      'a commit of which no majority is known yet',
      [
        {
          commands: ['commitTransaction'],
          times: 3,
          writeConcernError: { code: 64, message: 'waiting for replication timed out' },
        },
      ],
    ],
    ['a commit that hangs', [{ commands: ['commitTransaction'], hang: true }]],
    ['a write that hangs', [{ commands: ['update'], hang: true }]],
    ['slow answers', [{ times: 'always', delayMs: 30 }]],
  ];

  it.each(faults)('over %s', async (_, list) => {
    await store.close();
    store = await open({ operationTimeoutMs: 300 });
    const epoch = await lead();
    for (const fault of list) standIn.faults.fail(fault);
    await store.commit(EXAMPLE, step(null, 1n, epoch, changes));
    standIn.faults.clear();
    await expectDoneOnce();
    await store.commit(EXAMPLE, step(1n, 2n, epoch));
  });

  it('also when it stays at its checkpoint', async () => {
    const epoch = await lead();
    await store.commit(EXAMPLE, step(null, 1n, epoch));
    standIn.faults.fail({ commands: ['commitTransaction'], drop: 'after' });
    standIn.faults.fail({ commands: ['commitTransaction'], error: { code: 251 } });
    await store.commit(EXAMPLE, step(1n, 1n, epoch, changes));
    await expectDoneOnce();
  });

  it('or not at all when another leads meanwhile', async () => {
    const epoch = await lead();
    standIn.faults.fail({ commands: ['commitTransaction'], drop: 'before' });
    standIn.faults.fail({ commands: ['commitTransaction'], error: { code: 251 } });
    const stop = standIn.observe((name) => {
      // The server has ended the transaction; before it is tried again, the lease passes on.
      if (name !== 'commitTransaction') return;
      stop();
      takeover = other.releaseLease(EXAMPLE, HOLDER).then(() => other.acquireLease(EXAMPLE, 'host:2:b', TTL_MS));
    });
    const other = await open();
    let takeover: Promise<unknown> = Promise.resolve();
    const outcome = await store.commit(EXAMPLE, step(null, 1n, epoch, changes)).catch((error: unknown) => error);
    await takeover;
    if (outcome === undefined) await expectDoneOnce();
    else {
      expect(outcome).toBeInstanceOf(CheckpointConflict);
      expect(await other.checkpoint(EXAMPLE)).toBeNull();
    }
    await other.close();
  });

  it('through restarts of the server', async () => {
    const epoch = await lead();
    await store.commit(EXAMPLE, step(null, 0n, epoch));
    let restarting = true;
    const restarts = (async () => {
      for (let count = 0; count < 5; count++) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        await standIn.restart();
      }
      restarting = false;
    })();
    let position = 0n;
    while (restarting) {
      await store.commit(EXAMPLE, step(position, position + 1n, epoch, { increments: [total('r', null, 1, 1)] }));
      position += 1n;
    }
    await restarts;
    const { checkpoint, results } = await store.read(EXAMPLE, [
      { kind: 'sum', counter: 'total', groupBy: [], sums: ['count'] },
    ]);
    expect(checkpoint?.position).toBe(position);
    expect(results[0][0]?.sums.count).toBe(position);
  });
});

describe('a MongoDB that does not answer', () => {
  it('ends a commit at its deadline, with nothing stored', async () => {
    await store.close();
    store = await open({ operationTimeoutMs: 150, commitDeadlineMs: 400 });
    const epoch = await lead();
    standIn.faults.fail({ commands: ['update'], times: 'always', hang: true });
    await expect(store.commit(EXAMPLE, step(null, 1n, epoch, changes))).rejects.toThrow(MongoStoreError);
    standIn.faults.clear();
    expect(await store.checkpoint(EXAMPLE)).toBeNull();
    await store.commit(EXAMPLE, step(null, 1n, epoch, changes));
    await expectDoneOnce();
  });

  it('ends reads and leases', async () => {
    await store.close();
    store = await open({ operationTimeoutMs: 150 });
    await lead();
    standIn.faults.fail({ times: 'always', hang: true });
    await expect(store.read(EXAMPLE, [])).rejects.toThrow(MongoStoreError);
    await expect(store.acquireLease(EXAMPLE, HOLDER, TTL_MS)).rejects.toThrow(MongoStoreError);
    await expect(store.scan(EXAMPLE, { table: 'card', columns: [] })[Symbol.asyncIterator]().next()).rejects.toThrow(
      MongoStoreError,
    );
    standIn.faults.clear();
    expect(await store.acquireLease(EXAMPLE, HOLDER, TTL_MS)).not.toBeNull();
  });
});

describe('a failover', () => {
  it('keeps the lease with its holder, and its epoch', async () => {
    const epoch = await lead();
    standIn.stepDown(200);
    expect(await store.acquireLease(EXAMPLE, HOLDER, TTL_MS)).toEqual({ epoch });
    await store.commit(EXAMPLE, step(null, 1n, epoch, changes));
    standIn.stepDown(200);
    await store.commit(EXAMPLE, step(1n, 2n, epoch));
    expect(await store.acquireLease(EXAMPLE, 'host:2:b', TTL_MS)).toBeNull();
  });

  it.each(['before', 'after'] as const)(
    'gives a lease once when the connection breaks %s it is taken',
    async (drop) => {
      await store.prepare(EXAMPLE);
      standIn.faults.fail({ commands: ['findAndModify'], drop });
      const lease = await store.acquireLease(EXAMPLE, HOLDER, TTL_MS);
      expect(lease).toEqual({ epoch: 1 });
      expect(await store.acquireLease(EXAMPLE, HOLDER, TTL_MS)).toEqual(lease);
    },
  );
});

describe('a view that was half made or half dropped', () => {
  it('is made whole by the next that prepares it', async () => {
    standIn.faults.fail({ commands: ['create'], skip: 2, error: { code: 8000 } });
    await expect(store.prepare(EXAMPLE)).rejects.toThrow(MongoStoreError);
    const epoch = await lead();
    await store.commit(EXAMPLE, step(null, 1n, epoch, changes));
    await expectDoneOnce();
  });

  it('is gone at once, and what is left of it is removed later', async () => {
    const epoch = await lead();
    await store.commit(EXAMPLE, step(null, 1n, epoch, changes));
    standIn.faults.fail({ commands: ['drop'], skip: 1, error: { code: 8000 } });
    await expect(store.drop(EXAMPLE)).rejects.toThrow(MongoStoreError);
    const { checkpoint, results } = await store.read(EXAMPLE, [{ kind: 'find', table: 'card', limit: 5 }]);
    expect({ checkpoint, rows: results[0].rows }).toEqual({ checkpoint: null, rows: [] });
    await store.prepare(EXAMPLE);
    const dropped: unknown[] = [];
    const stop = standIn.observe((name, body) => {
      if (name === 'drop') dropped.push(body['drop']);
    });
    await store.commit(EXAMPLE, step(null, 1n, epoch, changes));
    await store.prepare(EXAMPLE);
    await expectDoneOnce();
    stop();
    expect(dropped).toEqual([]);
  });
});

describe('opening', () => {
  const SECRET = 's3cr3t/w@rd';
  const withPassword = (url: string): string => url.replace('//', `//someone:${encodeURIComponent(SECRET)}@`);

  /** The error, after a look at all that it holds. */
  async function refusal(url: string, options: MongoViewStoreOptions = {}): Promise<Error> {
    const error: unknown = await MongoViewStore.open(url, options).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error)) throw new Error('it was opened');
    const shown = inspect(error, { depth: 20, showHidden: true });
    for (const secret of [SECRET, encodeURIComponent(SECRET)]) expect(shown).not.toContain(secret);
    return error;
  }

  it('refuses a server that stands alone, and says what to do', async () => {
    standIn.faults.standAlone();
    const error = await refusal(standIn.url);
    expect(error).toBeInstanceOf(ViewStoreUnusable);
    expect(error.message).toContain('--replSet');
  });

  it('tells that nothing answers, without the password', async () => {
    standIn.faults.refuse();
    const error = await refusal(withPassword(standIn.url), { serverSelectionTimeoutMs: 200 });
    expect(error).toBeInstanceOf(MongoStoreError);
    expect(error.message).toContain('127.0.0.1');
  });

  it('tells that the login is wrong, without the password', async () => {
    const error = await refusal(withPassword(standIn.url));
    expect(error).toBeInstanceOf(ViewStoreUnusable);
    expect(error.message).toContain('password');
  });

  it.each([
    'localhost:27017',
    'mongodb://',
    `mongodb://someone:${SECRET}@localhost/`,
    `mongodb://some/one:${encodeURIComponent(SECRET)}@localhost/`,
    `mongodb://someone:${encodeURIComponent(SECRET)}@localhost/?notAnOption=1`,
    `mongodb://someone:${encodeURIComponent(SECRET)}@localhost/?tls=perhaps`,
  ])('refuses a URL that is wrong: %#', async (url) => {
    const error = await refusal(url);
    expect(error).toBeInstanceOf(ViewStoreUnusable);
    expect(error.message).toContain('mongodb://[user:password@]host');
  });

  it('takes majority writes whatever the URL says', async () => {
    const concerns: unknown[] = [];
    const careless = await MongoViewStore.open(`${standIn.url}?w=0&retryWrites=false&readConcernLevel=local`, {
      database,
    });
    const stop = standIn.observe((name, body) => {
      if (name === 'commitTransaction') concerns.push(body['writeConcern']);
    });
    await careless.prepare(EXAMPLE);
    const epoch = (await careless.acquireLease(EXAMPLE, HOLDER, TTL_MS))?.epoch ?? 0;
    await careless.commit(EXAMPLE, step(null, 1n, epoch, changes));
    await expectDoneOnce();
    stop();
    expect(concerns).toEqual([expect.objectContaining({ w: 'majority' })]);
    await careless.close();
  });
});
