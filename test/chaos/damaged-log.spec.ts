import { appendFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { verifyChain } from '#event-store/envelope.js';
import type { RecordedEvent } from '#event-store/event.js';
import { Client } from '../support/client.js';
import type { DataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { refusedStart, verify } from './cli-process.js';
import { overwrite, settleEvents, tear } from './damage.js';
import { checkConversions, ObservedLog } from './log-checks.js';
import { Random } from './random.js';
import { finishedByReactor, UNLIMITED } from './rounds.js';
import { copyOf, smallStore, type SmallStore } from './small-store.js';
import { checkStoredViews } from './view-checks.js';

let store: SmallStore;
let whole: readonly RecordedEvent[];
let folder: DataFolder;
beforeAll(async () => {
  store = await smallStore(43);
  whole = await readWhole(copyOf(store.folder));
});
afterAll(() => store.folder.remove());
beforeEach(() => {
  folder = copyOf(store.folder);
});
afterEach(() => folder.remove());

const file = (part = ''): string => join(folder.path, `events.db${part}`);

/** All events as this process finds them; the folder is not needed any more. */
async function readWhole(copy: DataFolder): Promise<readonly RecordedEvent[]> {
  const log = await SqliteEventStore.open(join(copy.path, 'events.db'));
  try {
    return await log.readAll(null, 1_000_000);
  } finally {
    await log.close();
    copy.remove();
  }
}

/** How many events are left: a beginning of what was there, every stream of it whole. */
async function leftOf(copy: DataFolder): Promise<number> {
  const left = await readWhole(copy);
  expect(left).toEqual(whole.slice(0, left.length));
  for (const stream of new Set(left.map((event) => event.stream))) {
    expect(verifyChain(left.filter((event) => event.stream === stream))).toBeNull();
  }
  return left.length;
}

describe('a log after a power cut', () => {
  const random = new Random(44);
  const places = Array.from({ length: 15 }, () => random.next());

  it('has a beginning of what it had, wherever its WAL is torn', async () => {
    for (const share of [0.999, ...places]) {
      const copy = copyOf(store.folder);
      tear(join(copy.path, 'events.db-wal'), share);
      expect(await leftOf(copy)).toBeLessThan(whole.length);
    }
  });

  it('has a beginning of what it had, wherever its WAL holds garbage', async () => {
    for (const share of places) {
      const copy = copyOf(store.folder);
      const wal = join(copy.path, 'events.db-wal');
      overwrite(wal, Math.floor(statSync(wal).size * share), 16);
      expect(await leftOf(copy)).toBeLessThan(whole.length);
    }
  });

  it('has lost nothing when there is garbage after its ends', async () => {
    appendFileSync(file(), Buffer.alloc(10_000, 0x5a));
    appendFileSync(file('-wal'), Buffer.alloc(10_000, 0x5a));
    expect(await leftOf(folder)).toBe(whole.length);
  });

  it('goes on from what is left: views and reactor take no new event for one that they knew', async () => {
    await tearConversion();
    const checked = await verify(folder.path);
    expect(checked).toMatchObject({ code: 0, output: expect.stringContaining('all whole') });
    const server = await startServer(folder.path, UNLIMITED);
    const client = new Client(server.url);
    const log = new ObservedLog();
    try {
      for (let index = 0; index < 30; index++) {
        const captured = await client.post('/v1/leads', { title: `After ${index}`, person: { name: 'Ada' } });
        expect(captured.status).toBe(201);
      }
      await finishedByReactor(client, log);
      checkConversions(log);
      const leads = await client.getAfter(log.head, '/v1/leads?limit=1');
      expect(leads.body.items[0]).toMatchObject({ title: 'After 29' });
      for (const path of [
        '/v1/deals?limit=1',
        '/v1/stalled?limit=1',
        '/v1/performance?from=2026-01-01&to=2026-02-01',
        // Folded last.
        '/v1/activities?limit=1',
      ]) {
        expect((await client.getAfter(log.head, path)).status).toBe(200);
      }
    } finally {
      await server.stop();
    }
    await checkStoredViews(folder.path);
  });
});

/** Tears the WAL so that the last event that is left is a LeadConverted: its deal is lost, and yet was seen by all. */
async function tearConversion(): Promise<void> {
  // A frame: 24 bytes and a page of 4 KiB, after 32 bytes of the file's own (https://www.sqlite.org/fileformat.html).
  const frames = Math.floor((statSync(file('-wal')).size - 32) / 4_120);
  for (let frame = frames - 1; frame > 0; frame--) {
    const copy = copyOf(folder);
    truncateSync(join(copy.path, 'events.db-wal'), 32 + frame * 4_120);
    const left = await readWhole(copy);
    const converted = left.at(-1)?.type === 'LeadConverted';
    if (!converted) continue;
    truncateSync(file('-wal'), 32 + frame * 4_120);
    rmSync(file('-shm'), { force: true });
    return;
  }
  throw new Error('no conversion is cut in two by tearing the WAL at the end of a frame');
}

describe('a log that is damaged', () => {
  beforeEach(() => settleEvents(folder.path));

  it('in its first bytes is refused with a sentence, by server and verify', async () => {
    overwrite(file(), 0, 100);
    await expectRefused(/events\.db is no SQLite database/u);
  });

  it('or is another file is refused with a sentence, and left alone', async () => {
    const letter = 'a letter to a friend, and by no means a database. '.repeat(200);
    writeFileSync(file(), letter);
    await expectRefused(/events\.db is no SQLite database/u);
    expect(statSync(file()).size).toBe(letter.length);
  });

  it('by the loss of its second half is found by verify', async () => {
    tear(file(), 0.5);
    await expectFound();
  });

  it('in its midst is found by verify; a server that still starts answers nothing that was not stored', async () => {
    overwrite(file(), Math.floor(statSync(file()).size / 8_192) * 4_096, 4_096);
    await expectFound();
    const server = await startServer(folder.path, UNLIMITED);
    const client = new Client(server.url);
    try {
      for (const stream of new Set(whole.map((event) => event.stream).filter((name) => name.startsWith('deal-')))) {
        const { status, body } = await client.get(`/v1/deals/${stream.slice('deal-'.length)}/events?limit=200`);
        if (status === 503) continue;
        const known = whole.filter((event) => event.stream === stream).map(({ id }) => id);
        expect([status, body.items.map(({ id }: any) => id)]).toEqual([200, known.slice(0, body.items.length)]);
      }
    } finally {
      await server.kill();
    }
  });
});

async function expectRefused(sentence: RegExp): Promise<void> {
  for (const run of [refusedStart({ DATA_DIR: folder.path }), verify(folder.path)]) {
    const { code, output } = await run;
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(output).not.toContain('    at ');
  }
}

async function expectFound(): Promise<void> {
  const { code, output } = await verify(folder.path);
  expect(code).toBe(1);
  expect(output).toMatch(/events\.db|the event log is damaged/u);
  expect(output).not.toContain('    at ');
}
