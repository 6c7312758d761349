import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cards, EXAMPLE, step } from '../../contract/examples.js';
import { type FindRequest, InvalidKeyset, type ViewStore } from '../../port.js';
import { ThreadedViewReads } from './threaded-view-reads.js';
import { SqliteViewStore } from './view-store.js';

const ROWS = 20_000;
const ALL: FindRequest = { kind: 'find', table: 'card', limit: 5 };

let folder = '';
let store: ViewStore;
let reads: ThreadedViewReads;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'view-reads-'));
  const path = join(folder, 'views');
  store = SqliteViewStore.open(path);
  await store.prepare(EXAMPLE);
  const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
  const rows = Array.from({ length: ROWS }, (_, index) => ({ id: `${index}`, amount: index }));
  await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards(...rows) }));
  reads = await ThreadedViewReads.open(path, 2);
});
afterAll(async () => {
  await reads.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('reads by threads', () => {
  it('throw the errors that the store throws, with their class and message', async () => {
    await expect(reads.read(EXAMPLE, [{ ...ALL, after: ['too', 'long'] }])).rejects.toThrow(InvalidKeyset);
    await expect(reads.read(EXAMPLE, [{ ...ALL, table: 'nothing' }])).rejects.toThrow(TypeError);
    await expect(reads.read(EXAMPLE, [{ ...ALL, limit: -1 }])).rejects.toThrow(RangeError);
    const scan = reads.scan(EXAMPLE, { table: 'nothing', columns: [] })[Symbol.asyncIterator]();
    await expect(scan.next()).rejects.toThrow(TypeError);
  });

  it('leave the event loop of the caller free', async () => {
    // Long work for the thread: the same sums over and over.
    const sums = Array.from(
      { length: 100 },
      () => ({ kind: 'sum', table: 'card', groupBy: ['kind'], sums: ['amount'] }) as const,
    );
    let turns = 0;
    let answered = false;
    const read = reads.read(EXAMPLE, sums).then(({ results }) => {
      answered = true;
      return results;
    });
    while (!answered) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    expect(await read).toHaveLength(100);
    expect(turns).toBeGreaterThan(20);
  });

  it('stream a scan only as fast as it is consumed', async () => {
    const scan = reads.scan(EXAMPLE, { table: 'card', columns: ['amount'] })[Symbol.asyncIterator]();
    const first = await scan.next();
    expect(first.done).toBe(false);
    // Meanwhile other reads are answered, and commits are stored; the scan keeps its snapshot.
    const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
    await store.commit(EXAMPLE, step(1n, 2n, epoch, { deletes: [{ table: 'card', id: `${ROWS - 1}` }] }));
    expect((await reads.checkpoint(EXAMPLE))?.position).toBe(2n);
    let rows = first.done === true ? 0 : first.value.length;
    for (let chunk = await scan.next(); chunk.done !== true; chunk = await scan.next()) rows += chunk.value.length;
    expect(rows).toBe(ROWS);
  });

  it('are refused after close, and those under way are still answered', async () => {
    const closing = await ThreadedViewReads.open(join(folder, 'views'), 1);
    const last = closing.read(EXAMPLE, [ALL]);
    await new Promise((resolve) => setImmediate(resolve));
    await closing.close();
    expect((await last).results[0].rows).toHaveLength(5);
    await expect(closing.checkpoint(EXAMPLE)).rejects.toThrow(/closed/);
    await closing.close();
  });
});
