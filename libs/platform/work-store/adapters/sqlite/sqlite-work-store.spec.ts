import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteWorkStore } from './sqlite-work-store.js';

describe('the work store on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'work-store-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps checkpoints over a restart, beyond 53 bits, and never moves them back', async () => {
    const path = join(folder, 'work.db');
    const first = new SqliteWorkStore(path);
    expect(await first.checkpoint('a')).toBeNull();
    await first.saveCheckpoint('a', 9_007_199_254_740_993n);
    await first.saveCheckpoint('a', 12n);
    await first.close();
    const second = new SqliteWorkStore(path);
    expect(await second.checkpoint('a')).toBe(9_007_199_254_740_993n);
    expect(await second.checkpoint('b')).toBeNull();
    await second.close();
  });
});
