import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoFolder } from './data-folder.js';

describe('the data folder of the demo', () => {
  const own = mkdtempSync(join(tmpdir(), 'pipeledger-'));
  afterAll(() => rmSync(own, { recursive: true, force: true }));

  it('is a new one that goes with the demo', () => {
    const folder = demoFolder(undefined);
    expect(readdirSync(folder.path)).toEqual([]);
    expect(folder.temporary).toBe(true);
    writeFileSync(join(folder.path, 'events.db'), 'x');
    folder.release();
    expect(existsSync(folder.path)).toBe(false);
  });

  it('is the one that is given, and then stays', () => {
    const given = join(own, 'given');
    const folder = demoFolder(given);
    expect([folder.path, folder.temporary]).toEqual([given, false]);
    writeFileSync(join(own, 'kept'), 'x');
    demoFolder(given).release();
    expect(readdirSync(own)).toEqual(['kept']);
  });

  it('is never one with something in it, and never a file', () => {
    const file = join(own, 'something');
    writeFileSync(file, 'precious');
    expect(() => demoFolder(own)).toThrow(`DATA_DIR: ${own} is not empty`);
    expect(() => demoFolder(file)).toThrow(`DATA_DIR: ${file} is not a folder`);
  });
});
