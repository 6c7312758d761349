import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { NO_STREAM, StoreUnavailable } from '../../port.js';
import { UnusableEventsFile } from './events-file.js';
import { SqliteEventStore } from './sqlite-event-store.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  path = join(folder, 'events.db');
});
afterEach(() => rm(folder, { recursive: true }));

function execute(sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

async function refusal(): Promise<string> {
  const error = await SqliteEventStore.open(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UnusableEventsFile);
  return error instanceof Error ? error.message : '';
}

describe('the file of the event log', () => {
  it('is made with its folder when it is missing', async () => {
    path = join(folder, 'data', 'deep', 'events.db');
    const store = await SqliteEventStore.open(path);
    expect(await store.head()).toBeNull();
    expect(await store.readAll(null, 10)).toEqual([]);
    await store.close();
    expect((await stat(path)).isFile()).toBe(true);
  });

  it('may be there already, empty', async () => {
    await writeFile(path, '');
    const store = await SqliteEventStore.open(path);
    const stream = freshStream();
    await store.append(stream, NO_STREAM, sealed(stream, notes(1)));
    expect(await store.readStream(stream)).toHaveLength(1);
    await store.close();
  });

  it('is made once when many open it at the same time', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => SqliteEventStore.open(path)));
    const answers = await Promise.all(
      stores.map((store) => {
        const stream = freshStream();
        return store.append(stream, NO_STREAM, sealed(stream, notes(1)));
      }),
    );
    expect(new Set(answers.map((answer) => answer.position)).size).toBe(8);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('is refused, and left as it was, when it is no database', async () => {
    const text = 'A letter to a customer. '.repeat(300);
    await writeFile(path, text);
    expect(await refusal()).toBe(`The file ${path} is no SQLite database; it cannot be used as the event log.`);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it("is refused, and left as it was, when it is another program's", async () => {
    execute('CREATE TABLE bookmarks (url TEXT)');
    const before = await readFile(path);
    expect(await refusal()).toBe(`The file ${path} belongs to another program; it is no Pipeledger event log.`);
    expect(await readFile(path)).toEqual(before);
  });

  it('is refused when it carries the mark of another program', async () => {
    execute('PRAGMA application_id = 252006674');
    expect(await refusal()).toContain('belongs to another program');
  });

  it('is refused when its schema is of another version', async () => {
    await (await SqliteEventStore.open(path)).close();
    execute('PRAGMA user_version = 2');
    expect(await refusal()).toBe(`The event log ${path} has schema version 2; this release knows version 1.`);
  });

  it('is refused when it is damaged', async () => {
    const store = await SqliteEventStore.open(path);
    const stream = freshStream();
    await store.append(stream, NO_STREAM, sealed(stream, notes(500)));
    await store.close();
    execute('PRAGMA wal_checkpoint(TRUNCATE)');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0xa5, 4_096));
    expect(await refusal()).toBe(`The event log ${path} is damaged; restore it from a backup.`);
  });

  it('is refused when it is a folder', async () => {
    path = folder;
    expect(await refusal()).toContain(`The event log ${folder} cannot be opened`);
  });

  it('that is damaged deeper makes reads fail, never lie', async () => {
    const store = await SqliteEventStore.open(path);
    const stream = freshStream();
    await store.append(stream, NO_STREAM, sealed(stream, notes(500)));
    await store.close();
    execute('PRAGMA wal_checkpoint(TRUNCATE)');
    execute(`UPDATE events SET data = '{"text":' WHERE revision = 400`);
    const again = await SqliteEventStore.open(path);
    await expect(again.readStream(stream)).rejects.toThrow(StoreUnavailable);
    expect(await again.readStream(stream, { limit: 400 })).toHaveLength(400);
    await again.close();
  });
});
