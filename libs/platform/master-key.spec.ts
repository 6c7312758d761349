import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { keyFor, masterKey } from './master-key.js';

describe('the master key', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'master-key-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, for its owner only, with a word about it; afterwards it is the same', () => {
    const warnings: string[] = [];
    const first = masterKey(folder, null, (message) => warnings.push(message));
    const second = masterKey(folder, null, (message) => warnings.push(message));
    expect(first).toHaveLength(32);
    expect(second.equals(first)).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toContain(first.toString('base64'));
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['master.key']);
  });

  it('comes from the configuration if it is there, and then no file is made', () => {
    const configured = Buffer.alloc(32, 7);
    expect(masterKey(folder, configured.toString('base64'), () => undefined).equals(configured)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused when the file does not hold one', () => {
    writeFileSync(join(folder, 'master.key'), 'torn');
    expect(() => masterKey(folder, null, () => undefined)).toThrow('does not hold 32 bytes');
  });

  it('is one and the same for processes that start at once', async () => {
    const module = fileURLToPath(new URL('./master-key.js', import.meta.url));
    const script = `import { masterKey } from ${JSON.stringify(module)};
      process.stdout.write(masterKey(${JSON.stringify(folder)}, null, () => undefined).toString('hex'));`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const keys = await Promise.all(Array.from({ length: 6 }, run));
    expect(new Set(keys.map(({ stdout }) => stdout)).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['master.key']);
  });

  it('gives another key for another purpose', () => {
    const master = Buffer.alloc(32, 1);
    expect(keyFor(master, 'a').equals(keyFor(master, 'a'))).toBe(true);
    expect(keyFor(master, 'a').equals(keyFor(master, 'b'))).toBe(false);
  });
});
