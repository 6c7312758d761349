import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteWorkStore } from './sqlite-work-store.js';

describe('the work store on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'work-store-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const far = { position: 9_007_199_254_740_993n, hash: 'a'.repeat(64) };
  const near = { position: 12n, hash: 'b'.repeat(64) };

  it('keeps checkpoints over a restart, beyond 53 bits, and never moves them back', async () => {
    const path = join(folder, 'kept.db');
    const first = new SqliteWorkStore(path);
    expect(await first.checkpoint('a')).toBeNull();
    await first.saveCheckpoint('a', far);
    await first.saveCheckpoint('a', near);
    await first.close();
    const second = new SqliteWorkStore(path);
    expect(await second.checkpoint('a')).toEqual(far);
    expect(await second.checkpoint('b')).toBeNull();
    await second.close();
  });

  it('forgets the checkpoint that it is told to, and no other', async () => {
    const work = new SqliteWorkStore(join(folder, 'forgotten.db'));
    await work.saveCheckpoint('a', far);
    await work.saveCheckpoint('b', far);
    await work.forgetCheckpoint('a', near);
    await work.forgetCheckpoint('a', { ...far, hash: near.hash });
    expect(await work.checkpoint('a')).toEqual(far);
    await work.forgetCheckpoint('a', far);
    expect(await work.checkpoint('a')).toBeNull();
    expect(await work.checkpoint('b')).toEqual(far);
    await work.saveCheckpoint('a', near);
    expect(await work.checkpoint('a')).toEqual(near);
    await work.close();
  });
});
