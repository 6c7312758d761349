import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { encodeAppend, type EncodedAppend } from '../../append-encoding.js';
import { end, freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { NO_STREAM } from '../../port.js';
import { openEventsFile, type EventsFile } from './events-file.js';
import { GroupCommit, groupSize } from './group-commit.js';

let folder: string;
let path: string;
let db: EventsFile;
let log: GroupCommit;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  path = join(folder, 'events.db');
  db = openEventsFile(path, 'writer');
  log = new GroupCommit(db);
});
afterEach(async () => {
  db.close();
  await rm(folder, { recursive: true });
});

function append(text = 'x', stream = freshStream()): EncodedAppend {
  return encodeAppend(stream, NO_STREAM, sealed(stream, [{ text }]));
}

function storedEvents(): number {
  return db.prepare('SELECT 1 FROM events').raw().all([]).length;
}

describe('a group commit', () => {
  it('answers each append on its own: stored, refused, resent', () => {
    const stream = freshStream();
    const first = sealed(stream, notes(2));
    const group = [
      encodeAppend(stream, NO_STREAM, first),
      encodeAppend(stream, NO_STREAM, sealed(stream, notes(1))),
      encodeAppend(stream, 1, sealed(stream, notes(1), end(first))),
      encodeAppend(stream, NO_STREAM, first),
      append(),
    ];
    expect(log.commit(group).answers).toEqual([
      { outcome: 'stored', revision: 1, position: 2 },
      { outcome: 'wrong-revision', actual: 1 },
      { outcome: 'stored', revision: 2, position: 3 },
      { outcome: 'stored', revision: 1, position: 2 },
      { outcome: 'stored', revision: 0, position: 4 },
    ]);
    expect(storedEvents()).toBe(4);
  });

  it('knows that nothing was written when the disk is full, and stores again when there is room', () => {
    const [pages] = db.prepare('PRAGMA page_count').raw().all([]) as [[number]];
    db.prepare(`PRAGMA max_page_count = ${pages[0] + 2}`)
      .raw()
      .all([]);
    const group = [append(), append('x'.repeat(100_000)), append()];
    const { answers } = log.commit(group);
    const full = { outcome: 'unavailable', message: 'the disk of the event log is full', nothingWritten: true };
    expect(answers).toEqual([full, full, full]);
    expect(storedEvents()).toBe(0);

    expect(log.commit([append()]).answers).toMatchObject([{ outcome: 'stored' }]);
    db.prepare('PRAGMA max_page_count = 100000').raw().all([]);
    expect(log.commit(group).answers).toMatchObject(group.map(() => ({ outcome: 'stored' })));
    expect(storedEvents()).toBe(4);
  });

  it('knows that nothing was written when another process holds the lock for too long', () => {
    db.prepare('PRAGMA busy_timeout = 20').raw().all([]);
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    expect(log.commit([append()]).answers).toEqual([
      { outcome: 'unavailable', message: 'the event log is locked by another process', nothingWritten: true },
    ]);
    other.exec('COMMIT');
    other.close();
    expect(log.commit([append()]).answers).toMatchObject([{ outcome: 'stored' }]);
  });

  it('leaves the outcome open when the commit itself fails', () => {
    db.exec(`
      PRAGMA foreign_keys = ON;
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER orphan AFTER INSERT ON events BEGIN INSERT INTO child VALUES (1); END;
    `);
    expect(log.commit([append(), append()]).answers).toMatchObject([
      { outcome: 'unavailable', nothingWritten: false },
      { outcome: 'unavailable', nothingWritten: false },
    ]);
    expect(db.inTransaction).toBe(false);
    expect(storedEvents()).toBe(0);
  });

  it('takes what waits up to a number of events and of bytes, and always at least one append', () => {
    const small = append();
    const large = append('x'.repeat(800_000));
    expect(groupSize([small])).toBe(1);
    expect(groupSize(Array.from({ length: 499 }, () => small))).toBe(499);
    expect(groupSize(Array.from({ length: 600 }, () => small))).toBe(500);
    expect(groupSize(Array.from({ length: 10 }, () => large))).toBe(4);
    const stream = freshStream();
    expect(groupSize([encodeAppend(stream, NO_STREAM, sealed(stream, notes(900))), small])).toBe(1);
  });
});
