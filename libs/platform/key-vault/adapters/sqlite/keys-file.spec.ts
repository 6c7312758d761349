import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { traces } from '../../contract/destroy.contract.js';
import { destroyed, idsOf, living, plain, someKeys } from '../../contract/some-keys.js';
import { KeyVaultUnusable } from '../../port.js';
import { openKeysFile } from './keys-file.js';
import { SqliteKeyVault } from './sqlite-key-vault.js';
import { vaultGroupSize, VaultWriter, type VaultJob } from './vault-writer.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-vault-'));
  path = join(folder, 'keys.db');
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = async (): Promise<Buffer> =>
  Buffer.concat([await readFile(path), await readFile(`${path}-wal`).catch(() => Buffer.alloc(0))]);

describe('the file of a key vault', () => {
  it('is refused, and left as it is, when it is no vault', async () => {
    await writeFile(path, 'a letter to a friend, long enough to be taken for a page of something'.repeat(20));
    const before = await readFile(path);
    await expect(SqliteKeyVault.open(path)).rejects.toThrow(/no SQLite database/u);
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  it('is refused when it is the database of another program, or of a later release', async () => {
    const other = new Database(path);
    other.exec('CREATE TABLE addresses (name TEXT)');
    other.close();
    await expect(SqliteKeyVault.open(path)).rejects.toThrow(/belongs to another program/u);
    const later = openKeysFile(join(folder, 'later.db'), 'writer');
    later.exec('PRAGMA user_version = 9');
    later.close();
    const error = await SqliteKeyVault.open(join(folder, 'later.db')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KeyVaultUnusable);
    expect(error).toHaveProperty('message', expect.stringContaining('schema version 9'));
  });

  it('is made once by all who open it at once', async () => {
    const vaults = await Promise.all(Array.from({ length: 8 }, () => SqliteKeyVault.open(path)));
    const keys = someKeys(8);
    await Promise.all(vaults.map((vault, index) => vault.add(keys.slice(index, index + 1))));
    expect(plain((await vaults[0]?.get(idsOf(keys))) ?? new Map())).toEqual(living(keys));
    await Promise.all(vaults.map((vault) => vault.close()));
  });

  it('is waited for as long as another reads what was destroyed', async () => {
    const vault = await SqliteKeyVault.open(path);
    const keys = someKeys(20);
    await vault.add(keys);
    const reading = openKeysFile(path, 'reader');
    reading.exec('BEGIN');
    reading.prepare('SELECT count(*) FROM keys').raw().all([]);
    let ended = false;
    const destroying = vault.destroy(idsOf(keys), 'deal-any').finally(() => (ended = true));
    while (plain(await vault.get([keys[0]?.id ?? '']))[keys[0]?.id ?? ''] !== null) await sleep(5);
    const [later] = [someKeys(3)];
    expect(plain(await vault.add(later))).toEqual(living(later));
    expect(ended).toBe(false);
    reading.exec('COMMIT');
    reading.close();
    await destroying;
    expect(await traces(bytes, keys)).toBe(0);
    await vault.close();
  });
});

describe('writes to a key vault in groups', () => {
  it('answers each job on its own, in order', () => {
    const db = openKeysFile(path, 'writer');
    const [first, second] = [someKeys(2, 'deal-a'), someKeys(1, 'deal-b')];
    const jobs: VaultJob[] = [
      { kind: 'add', keys: first },
      { kind: 'destroy', ids: [...idsOf(first).slice(1), ...idsOf(second)], owner: 'deal-b' },
      { kind: 'add', keys: [...first, ...second] },
      { kind: 'destroy-owned', owner: 'deal-a' },
      { kind: 'add', keys: first },
    ];
    expect(vaultGroupSize(jobs)).toBe(5);
    const answers = new VaultWriter(db).commit(jobs).answers.map((answer) => {
      return answer.kind === 'in-force' ? plain(new Map(answer.keys)) : answer;
    });
    expect(answers).toEqual([
      living(first),
      { kind: 'destroyed', count: 2 },
      { ...living(first.slice(0, 1)), ...destroyed(idsOf([...first.slice(1), ...second])) },
      { kind: 'destroyed', count: 1 },
      destroyed(idsOf(first)),
    ]);
    db.close();
  });

  it('writes nothing when the disk is full, and again when there is room', () => {
    const db = openKeysFile(path, 'writer');
    const writer = new VaultWriter(db);
    const pages = Number(db.prepare('PRAGMA page_count').raw().all([]).flat()[0]);
    const limit = (count: number) => void db.prepare(`PRAGMA max_page_count = ${count}`).raw().all([]);
    limit(pages + 2);
    const job: VaultJob = { kind: 'add', keys: someKeys(200) };
    const full = { kind: 'unavailable', message: 'the disk of the key vault is full' };
    expect(writer.commit([job, job]).answers).toEqual([full, full]);
    expect(db.prepare('SELECT 1 FROM keys').raw().all([])).toEqual([]);
    limit(100_000);
    expect(writer.commit([job]).answers).toMatchObject([{ kind: 'in-force' }]);
    db.close();
  });

  it('takes as many as make a short transaction, and empties the WAL in none', () => {
    const add: VaultJob = { kind: 'add', keys: someKeys(900) };
    const empty: VaultJob = { kind: 'empty-wal' };
    expect(vaultGroupSize([add, add, add, add])).toBe(2);
    expect(vaultGroupSize([{ kind: 'add', keys: someKeys(3_000) }, add])).toBe(1);
    expect(vaultGroupSize([empty, add])).toBe(1);
    expect(vaultGroupSize([add, empty])).toBe(1);
  });
});
