import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { EXAMPLE, cards, step } from '../../contract/examples.js';
import { type ViewSchema, ViewSchemaConflict, ViewStoreUnusable } from '../../port.js';
import { SqliteDatabase } from './database.js';
import { ThreadedViewReads } from './threaded-view-reads.js';
import { SqliteViewStore } from './view-store.js';

let folder = '';
let views = '';
/** Of the view EXAMPLE. */
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-file-'));
  views = join(folder, 'views');
  path = join(views, `${EXAMPLE.view}.db`);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function withStore(test: (store: SqliteViewStore) => Promise<void>): Promise<void> {
  const store = SqliteViewStore.open(views);
  try {
    await test(store);
  } finally {
    await store.close();
  }
}

describe('the file of a view', () => {
  const advice = /Views hold no truth: stop .* delete .*contract-example\.db/;

  it('that is no database is refused with a sentence that says what to do, and left alone', async () => {
    const content = 'a letter to a friend, and by no means a database. '.repeat(200);
    await mkdir(views);
    await writeFile(path, content);
    expect(() => SqliteViewStore.open(views)).toThrow(ViewStoreUnusable);
    expect(() => SqliteViewStore.open(views)).toThrow(advice);
    await expect(ThreadedViewReads.open(views)).rejects.toThrow(ViewStoreUnusable);
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  it('that is the database of something else is refused, and left alone', async () => {
    await mkdir(views);
    const foreign = new Libsql(path);
    foreign.exec('CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1)');
    foreign.close();
    const before = await readFile(path);
    expect(() => SqliteViewStore.open(views)).toThrow(advice);
    expect(Buffer.compare(await readFile(path), before)).toBe(0);
  });

  it('of another release is refused', async () => {
    await withStore(async (store) => store.prepare(EXAMPLE));
    const later = new Libsql(path);
    later.exec('PRAGMA user_version = 999');
    later.close();
    expect(() => SqliteViewStore.open(views)).toThrow(advice);
  });

  it('with personal data holds nothing any more of a version that was dropped', async () => {
    const personal: ViewSchema = { ...EXAMPLE, personal: true };
    const held = async (): Promise<boolean> => {
      const files = (await readdir(views)).map((name) => readFile(join(views, name), 'latin1'));
      return (await Promise.all(files)).some((content) => content.includes('Ada Lovelace'));
    };
    // Looked at while the store is open: once it is closed, its files come and go.
    await withStore(async (store) => {
      await store.prepare(personal);
      const epoch = (await store.acquireLease(personal, 'host:1:a', 60_000))?.epoch ?? 0;
      const rows = Array.from({ length: 500 }, (_, index) => ({ id: `${index}`, name: `Ada Lovelace ${index}` }));
      await store.commit(personal, step(null, 1n, epoch, { upserts: cards(...rows) }));
      await store.createIndexes(personal);
      expect(await held()).toBe(true);
      const next = { ...personal, version: 2 };
      await store.prepare(next);
      await store.drop({ ...next, version: 1 });
      expect(await store.purge(next)).toBe(true);
      expect(await held()).toBe(false);
    });
  });

  it('that was torn in the middle never answers wrongly', async () => {
    await withStore(async (store) => {
      await store.prepare(EXAMPLE);
      const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
      const rows = Array.from({ length: 3_000 }, (_, index) => ({ id: `${index}`, name: 'x'.repeat(100) }));
      await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards(...rows) }));
    });
    for (const suffix of ['-wal', '-shm']) await rm(path + suffix, { force: true });
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const read = async (): Promise<unknown> => {
      const store = SqliteViewStore.open(views);
      try {
        return await store.read(EXAMPLE, [{ kind: 'find', table: 'card', limit: 10_000 }]);
      } finally {
        await store.close();
      }
    };
    await expect(read()).rejects.toThrow(/damaged|malformed/);
  });

  it('is made anew when it was deleted', async () => {
    await withStore(async (store) => store.prepare(EXAMPLE));
    for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true });
    await withStore(async (store) => {
      expect(await store.checkpoint(EXAMPLE)).toBeNull();
      await store.prepare(EXAMPLE);
    });
  });

  it('is its own: damage to it leaves the other views readable', async () => {
    const other: ViewSchema = { ...EXAMPLE, view: 'other' };
    const reads = await ThreadedViewReads.open(views, 1);
    try {
      await withStore(async (store) => {
        await store.prepare(EXAMPLE);
        await store.prepare(other);
      });
      expect((await readdir(views)).filter((name) => name.endsWith('.db')).sort()).toEqual([
        'contract-example.db',
        'other.db',
      ]);
      for (const suffix of ['-wal', '-shm']) await rm(path + suffix, { force: true });
      await writeFile(path, 'x'.repeat(20_000));
      await expect(reads.read(EXAMPLE, [])).rejects.toThrow(advice);
      expect((await reads.read(other, [])).checkpoint).toBeNull();
    } finally {
      await reads.close();
    }
  });

  it('is made once by all that open it at the same moment', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => ThreadedViewReads.open(views, 2)));
    try {
      await Promise.all(stores.map((store) => store.read(EXAMPLE, [])));
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  });
});

describe('the folder of the views', () => {
  it('in a folder that is not there is an error that names it', () => {
    expect(() => SqliteViewStore.open(join(folder, 'nowhere', 'views'))).toThrow(/nowhere/);
  });

  it('that is a file is refused, and left alone', async () => {
    await writeFile(views, 'a letter');
    expect(() => SqliteViewStore.open(views)).toThrow(ViewStoreUnusable);
    expect(await readFile(views, 'utf8')).toBe('a letter');
  });

  it('with another definition of the same version says what to do', async () => {
    const changed: ViewSchema = { ...EXAMPLE, counters: {} };
    await withStore(async (store) => {
      await store.prepare(EXAMPLE);
      const failure = await store.prepare(changed).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ViewSchemaConflict);
      expect(String(failure)).toMatch(/Raise the view's version, or stop and delete/);
      const reads = await ThreadedViewReads.open(views, 1);
      try {
        await expect(reads.read(changed, [])).rejects.toThrow(ViewSchemaConflict);
      } finally {
        await reads.close();
      }
    });
  });
});

describe('a scan that is left in the middle', () => {
  it('does not hold the WAL', async () => {
    await withStore(async (store) => {
      await store.prepare(EXAMPLE);
      const epoch = (await store.acquireLease(EXAMPLE, 'host:1:a', 60_000))?.epoch ?? 0;
      const rows = Array.from({ length: 3_000 }, (_, index) => ({ id: `${index}` }));
      await store.commit(EXAMPLE, step(null, 1n, epoch, { upserts: cards(...rows) }));
      const log = SqliteDatabase.open(path, { cacheMiB: 1 });
      const busy = (): unknown => log.rows('PRAGMA wal_checkpoint(FULL)', [])[0]?.[0];
      log.rows('PRAGMA busy_timeout = 1', []);
      const scan = store.scan(EXAMPLE, { table: 'card', columns: [] })[Symbol.asyncIterator]();
      await scan.next();
      await store.commit(EXAMPLE, step(1n, 2n, epoch, { upserts: cards({ id: 'late' }) }));
      expect(busy()).toBe(1);
      await scan.return?.(undefined);
      expect(busy()).toBe(0);
      log.close();
    });
  });
});

describe('the lease of a process of this host', () => {
  it('is free as soon as the process has ended', async () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    await withStore(async (store) => {
      await store.prepare(EXAMPLE);
      const before = await store.acquireLease(EXAMPLE, `${hostname()}:${ended}:dead`, 60_000);
      const after = await store.acquireLease(EXAMPLE, `${hostname()}:${process.pid}:alive`, 60_000);
      expect(after?.epoch).toBeGreaterThan(before?.epoch ?? 0);
      expect(await store.acquireLease(EXAMPLE, `${hostname()}:${process.pid}:other`, 60_000)).toBeNull();
    });
  });

  it('of another host, or of an unknown form, is never taken for dead', async () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    for (const holder of [`not-${hostname()}:${ended}:x`, 'anything', `${hostname()}:${ended}`]) {
      await withStore(async (store) => {
        await store.prepare(EXAMPLE);
        await store.acquireLease(EXAMPLE, holder, 60_000);
        expect(await store.acquireLease(EXAMPLE, 'host:1:b', 60_000)).toBeNull();
        await store.releaseLease(EXAMPLE, holder);
      });
    }
  });
});
