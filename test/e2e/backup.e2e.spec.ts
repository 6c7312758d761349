import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import { traces } from '#platform/key-vault/contract/destroy.contract.js';
import { destroyed, idsOf, living, plain, someKeys } from '#platform/key-vault/contract/some-keys.js';
import { Client } from '../support/client.js';
import { CLI, runCli, startProgram } from '../support/cli-process.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

interface Acknowledged {
  readonly key: string;
  readonly title: string;
  readonly body: { readonly id: string; readonly position: string };
}

describe('a backup', () => {
  let home: DataFolder;
  let data: string;
  let server: ServerProcess;
  let client: Client;

  beforeAll(async () => {
    home = dataFolder();
    data = join(home.path, 'data');
    mkdirSync(data);
    server = await startServer(data);
    client = new Client(server.url);
  });
  afterAll(async () => {
    await server.stop();
    home.remove();
  });

  // With the key that the server has made in its folder.
  const backUp = (to: string) => startProgram(CLI, { MASTER_KEY: '' }, data, ['backup', to]);
  const capture = async ({ url }: Client, key: string, title: string) =>
    new Client(url).post(
      '/v1/leads',
      { title: 'T', source: title, person: { name: 'N' } },
      { headers: { 'Idempotency-Key': key } },
    );

  /** Captures leads one after the other, until it is told to stop. */
  function writing(name: string, acknowledged: Acknowledged[]): () => Promise<void> {
    let stopped = false;
    const done = (async () => {
      for (let count = 0; !stopped; count++) {
        const [key, title] = [`${name}-${count}`, `Lead ${count} of ${name}`];
        const { status, body } = await capture(client, key, title);
        expect(status).toBe(201);
        acknowledged.push({ key, title, body });
      }
    })();
    return async () => {
      stopped = true;
      await done;
    };
  }

  it('taken under writers holds all that was acknowledged before it began, and a server runs on it', async () => {
    const acknowledged: Acknowledged[] = [];
    const stops = Array.from({ length: 8 }, (_, index) => writing(`w${index}`, acknowledged));
    while (acknowledged.length < 200) await sleep(5);
    const before = [...acknowledged];
    const folder = join(home.path, 'backups', 'first');
    const { code, output, errors } = await backUp(folder).result;
    await Promise.all(stops.map((stop) => stop()));
    expect([code, errors]).toEqual([0, expect.stringContaining('first/master.key: keep it apart')]);
    expect(output).toMatch(/\d+ events of \d+ streams checked: all whole/);
    expect(acknowledged.length).toBeGreaterThan(before.length);

    const restored = await startServer(folder);
    try {
      const other = new Client(restored.url);
      const log = String((await other.get('/v1/events')).body)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      expect(chainFaults(log)).toEqual([]);
      const positions = new Map(log.map((event) => [event.position, event]));
      for (const { title, body } of before) {
        expect(positions.get(body.position)).toMatchObject({ stream: `lead-${body.id}`, data: { source: title } });
      }
      // It is the log up to a moment, not a choice of it.
      const whole = String((await client.get('/v1/events')).body).split('\n');
      expect(String((await other.get('/v1/events')).body).trimEnd()).toBe(whole.slice(0, log.length).join('\n'));

      const [{ key, title, body }] = before as [Acknowledged];
      const replayed = await capture(other, key, title);
      expect([replayed.headers.get('idempotency-replayed'), replayed.body]).toEqual(['true', body]);
      const { position } = (await capture(other, 'new', 'After the restore')).body;
      const leads = await other.getAfter(position, '/v1/leads?limit=1');
      expect(leads.body.items[0].source).toBe('After the restore');
    } finally {
      await restored.stop();
    }
  });

  it('holds the keys of what was written before it began, and no more of what was destroyed', async () => {
    const vault = await SqliteKeyVault.open(join(data, 'keys.db'));
    const keys = someKeys(50);
    await vault.add(keys);
    await vault.destroy(idsOf(keys).slice(0, 10), 'deal-any');
    await vault.close();
    const folder = join(home.path, 'with-keys');
    expect((await backUp(folder).result).code).toBe(0);
    const copy = await SqliteKeyVault.open(join(folder, 'keys.db'));
    expect(plain(await copy.get(idsOf(keys)))).toEqual({
      ...destroyed(idsOf(keys).slice(0, 10)),
      ...living(keys.slice(10)),
    });
    await copy.close();
    expect(await traces(async () => readFileSync(join(folder, 'keys.db')), keys)).toBe(40);
  });

  it('is there when it is complete, or not at all', async () => {
    for (let round = 0; round < 4; round++) {
      const folder = join(home.path, 'killed', `${round}`);
      const run = backUp(folder);
      const names = (): string[] => {
        try {
          return readdirSync(join(home.path, 'killed'));
        } catch {
          return [];
        }
      };
      const begun = () => names().some((name) => name.startsWith(`${round}`));
      while (run.running() && !begun()) await sleep(1);
      run.kill();
      await run.result;
      if (!names().includes(`${round}`)) continue;
      expect((await runCli(folder, 'verify')).output).toContain('all whole');
    }
  });

  it('does not go over what is there, and needs something to back up', async () => {
    const folder = join(home.path, 'in-use');
    mkdirSync(folder);
    expect((await runCli(folder, 'backup', join(home.path, 'nothing'))).errors).toContain('There is no event log in');
    writeFileSync(join(folder, 'letter.txt'), 'Dear Sir');
    const { code, errors } = await backUp(folder).result;
    expect([code, errors]).toEqual([1, expect.stringContaining('is there already')]);
    expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toBe('Dear Sir');
    expect((await runCli(data, 'backup')).code).toBe(2);
    const server = { EVENT_STORE: 'eventstoredb', EVENT_STORE_URL: 'esdb://127.0.0.1:1?tls=false' };
    const elsewhere = await startProgram(CLI, server, data, ['backup', join(home.path, 'elsewhere')]).result;
    expect([elsewhere.code, elsewhere.errors]).toEqual([1, expect.stringContaining('EVENT_STORE is not sqlite')]);
  });

  it('into an empty folder says that a key from outside is not in it', async () => {
    const folder = join(home.path, 'empty');
    mkdirSync(folder);
    const { code, errors } = await runCli(data, 'backup', folder);
    expect([code, errors]).toEqual([0, expect.stringContaining('MASTER_KEY is not in the backup')]);
  });
});
