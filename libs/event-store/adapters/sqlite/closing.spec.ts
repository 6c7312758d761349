import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { NO_STREAM } from '../../port.js';
import { SqliteEventStore } from './sqlite-event-store.js';

describe('a log that is closed', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'event-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lies in one file, which can be taken alone', async () => {
    const path = join(folder, 'events.db');
    const store = await SqliteEventStore.open(path);
    const stream = freshStream();
    const events = sealed(stream, notes(20));
    await store.append(stream, NO_STREAM, events);
    await store.close();
    const wal = await stat(`${path}-wal`).catch(() => ({ size: 0 }));
    expect(wal.size).toBe(0);
    const alone = join(folder, 'alone.db');
    await copyFile(path, alone);
    const copy = await SqliteEventStore.open(alone);
    expect((await copy.readStream(stream)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    await copy.close();
  });
});
