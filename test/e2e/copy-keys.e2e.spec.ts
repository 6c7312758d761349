import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import { idsOf, plain, someKeys } from '#platform/key-vault/contract/some-keys.js';
import { KeyRing } from '#platform/key-vault/key-ring.js';
import { startMongoProcess } from '../engines/mongodb/child.js';
import { CLI, MASTER_KEY, runCli, startProgram } from '../support/cli-process.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';

const STOPPING = fileURLToPath(new URL('../chaos/stopping-copy.js', import.meta.url));
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');
/** More than two pages of the copy. */
const KEYS = 2_400;

describe('the keys of personal data, copied to another engine and back', () => {
  let home: DataFolder;
  let original: string;
  let production: Awaited<ReturnType<typeof startMongoProcess>>;
  const keys = someKeys(KEYS);
  const gone = idsOf(keys).filter((_, index) => index % 5 === 0);

  const keysIn = async (folder: string) => {
    const vault = await SqliteKeyVault.open(join(folder, 'keys.db'));
    const found = plain(await vault.get(idsOf(keys)));
    await vault.close();
    return found;
  };
  const makeVault = async (folder: string, master: string): Promise<void> => {
    mkdirSync(folder, { recursive: true });
    const vault = await SqliteKeyVault.open(join(folder, 'keys.db'));
    await KeyRing.open(vault, Buffer.from(master, 'base64'));
    await vault.close();
  };

  beforeAll(async () => {
    home = dataFolder();
    production = await startMongoProcess();
    original = join(home.path, 'original');
    await makeVault(original, MASTER_KEY);
    const vault = await SqliteKeyVault.open(join(original, 'keys.db'));
    await vault.add(keys);
    await vault.destroy(gone, 'deal-any');
    await vault.close();
  });
  afterAll(async () => {
    await production.stop();
    home.remove();
  });

  /** Copies, ended at some moments; then to the end, and once more. */
  async function copy(from: string, to: string, moments: readonly string[]): Promise<void> {
    for (const moment of moments) {
      const { code } = await startProgram(STOPPING, { STOP_AT: moment }, home.path, ['copy-keys', from, to]).result;
      expect(code).toBeNull();
    }
    const last = await runCli(home.path, 'copy-keys', from, to);
    expect([last.code, last.errors]).toEqual([0, '']);
    expect(last.output).toContain(`${KEYS} keys, ${gone.length} of them destroyed`);
    const again = await runCli(home.path, 'copy-keys', from, to);
    expect(again.output).toContain(`${KEYS} keys, ${gone.length} of them destroyed; 0 changes`);
  }

  it('are killed on both ways at several moments, and come back the same', async () => {
    const back = join(home.path, 'back');
    await copy(original, production.url, ['1:before', '1:after', '2:before', '2:after']);
    await copy(production.url, back, ['1:after', '2:before', '3:after']);
    const found = await keysIn(back);
    expect(found).toEqual(await keysIn(original));
    expect(Object.entries(found).filter(([, wrapped]) => wrapped === null)).toHaveLength(gone.length);
  });

  it('are not copied under another master key, onto themselves, or from nowhere', async () => {
    const other = join(home.path, 'other');
    const fresh = join(home.path, 'fresh');
    await makeVault(other, OTHER_KEY);
    const onto = await runCli(home.path, 'copy-keys', original, other);
    expect([onto.code, onto.errors]).toEqual([1, expect.stringMatching(/other: MASTER_KEY is not the one/u)]);
    expect(Object.keys(await keysIn(other))).toEqual([]);
    const from = await runCli(home.path, 'copy-keys', other, fresh);
    expect([from.code, from.errors]).toEqual([1, expect.stringMatching(/other: MASTER_KEY is not the one/u)]);
    expect(readdirSync(home.path)).not.toContain('fresh');

    expect((await runCli(home.path, 'copy-keys', original, original)).errors).toContain('not onto themselves');
    expect((await runCli(home.path, 'copy-keys', fresh, original)).errors).toContain('There is no key vault in');
    const nowhere = production.url.replace(/\/?(\?|$)/u, '/nowhere$1');
    expect((await runCli(home.path, 'copy-keys', nowhere, fresh)).errors).toContain('There is no key vault in MongoDB');
    expect((await runCli(home.path, 'copy-keys', original)).code).toBe(2);
  });

  it('need a master key, which a folder may hold', async () => {
    const run = (...places: readonly string[]) =>
      startProgram(CLI, { MASTER_KEY: '' }, home.path, ['copy-keys', ...places]).result;
    const [kept, target] = [join(home.path, 'kept'), join(home.path, 'target')];
    await makeVault(kept, OTHER_KEY);
    expect((await run(kept, target)).errors).toContain('MASTER_KEY is needed');
    writeFileSync(join(kept, 'master.key'), `${OTHER_KEY}\n`);
    expect(await run(kept, target)).toMatchObject({ code: 0, errors: '' });
    writeFileSync(join(target, 'master.key'), `${MASTER_KEY}\n`);
    expect((await run(kept, target)).errors).toContain('hold different master keys');
  });
});
