import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { RecordedEvent } from '#event-store/event.js';
import type { DataFolder } from '../support/data-folder.js';
import { verify } from './cli-process.js';
import { settleEvents, tamper } from './damage.js';
import { copyOf, smallStore, type SmallStore } from './small-store.js';

let store: SmallStore;
let folder: DataFolder;
/** Neither the first nor the last of its stream. */
let victim: RecordedEvent;
let next: RecordedEvent;
beforeAll(async () => {
  store = await smallStore(47, 120);
  settleEvents(store.folder.path);
  const log = await SqliteEventStore.open(join(store.folder.path, 'events.db'));
  const events = await log.readAll(null, 1_000_000);
  await log.close();
  const found = events.find((event) => event.revision === 1 && events.some(isRevision(event.stream, 3)));
  if (found === undefined) throw new Error('no stream is long enough to tamper with');
  victim = found;
  next = events.find(isRevision(victim.stream, 2)) ?? victim;
});
afterAll(() => store.folder.remove());
beforeEach(() => {
  folder = copyOf(store.folder);
});
afterEach(() => folder.remove());

const isRevision = (stream: string, revision: number) => (event: RecordedEvent) =>
  event.stream === stream && event.revision === revision;

async function found(): Promise<readonly string[]> {
  const { code, output } = await verify(folder.path);
  expect(code).toBe(1);
  const lines = output.trimEnd().split('\n');
  expect(lines.pop()).toMatch(/^\d+ events of \d+ streams checked: [1-9]\d* faults$/u);
  return lines;
}

/** A letter that is not the one at this place of the text. */
const otherByte = (column: string, place: string): string =>
  `UPDATE events SET ${column} = substr(${column}, 1, ${place} - 1) ||
     CASE substr(${column}, ${place}, 1) WHEN 'a' THEN 'b' ELSE 'a' END || substr(${column}, ${place} + 1)
   WHERE stream = ? AND revision = ?`;

describe('verify', () => {
  it('finds an untouched log whole', async () => {
    expect(await verify(folder.path)).toMatchObject({ code: 0, output: expect.stringContaining('all whole') });
  });

  it.each([
    ['a byte of the data', otherByte('data', `instr(data, '":') + 3`)],
    ['a byte of who did it', otherByte('metadata', `instr(metadata, '"actor"') + 16`)],
    ['a byte of when it happened', otherByte('metadata', `instr(metadata, '"occurredAt"') + 15`)],
    ['the type', `UPDATE events SET type = 'DealWon' WHERE stream = ? AND revision = ?`],
    ['the id', `UPDATE events SET id = '00000000-0000-8000-8000-000000000000' WHERE stream = ? AND revision = ?`],
  ])('names the event of which %s was changed', async (_, sql) => {
    tamper(folder.path, sql, victim.stream, victim.revision);
    const faults = await found();
    expect(faults[0]).toMatch(new RegExp(`^${victim.stream} revision 1: (?:hash|id|unreadable)$`, 'u'));
  });

  it('names an event whose text is no JSON any more, and goes on behind it', async () => {
    for (const column of ['data', 'metadata']) {
      const where = 'WHERE stream = ? AND revision = ?';
      const revision = column === 'data' ? 1 : 3;
      tamper(folder.path, `UPDATE events SET ${column} = substr(${column}, 2) ${where}`, victim.stream, revision);
    }
    expect(await found()).toEqual([
      `${victim.stream} revision 1: unreadable`,
      `${victim.stream} revision 3: unreadable`,
    ]);
  });

  it('names the place where an event was deleted', async () => {
    tamper(folder.path, 'DELETE FROM events WHERE stream = ? AND revision = ?', victim.stream, victim.revision);
    expect(await found()).toEqual([`${victim.stream} revision 2: revision-gap`]);
  });

  it('names the events that changed places', async () => {
    const swap = `UPDATE events SET revision = ? WHERE stream = ? AND revision = ?`;
    tamper(folder.path, swap, 1_000_000, victim.stream, victim.revision);
    tamper(folder.path, swap, victim.revision, victim.stream, next.revision);
    tamper(folder.path, swap, next.revision, victim.stream, 1_000_000);
    const faults = await found();
    for (const revision of [1, 2]) {
      expect(faults.some((fault) => fault.startsWith(`${victim.stream} revision ${revision}: `))).toBe(true);
    }
  });

  it('names an event that was moved to another stream', async () => {
    tamper(
      folder.path,
      'UPDATE events SET stream = ? WHERE stream = ? AND revision = ?',
      'deal-forged',
      victim.stream,
      1,
    );
    const faults = await found();
    expect(faults).toContain('deal-forged revision 1: revision-gap');
    expect(faults).toContain(`${victim.stream} revision 2: revision-gap`);
  });

  it('names an event that was put in', async () => {
    tamper(
      folder.path,
      `INSERT INTO events SELECT (SELECT max(position) + 1 FROM events), stream,
         (SELECT max(revision) + 1 FROM events AS own WHERE own.stream = events.stream), id, type, data, metadata
       FROM events WHERE stream = ? AND revision = ?`,
      victim.stream,
      victim.revision,
    );
    expect((await found())[0]).toMatch(new RegExp(`^${victim.stream} revision \\d+: prev-hash$`, 'u'));
  });
});
