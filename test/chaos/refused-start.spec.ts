import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { PROJECTOR, startServer } from '../support/server-process.js';
import { refusedStart, verify, type Ended } from './cli-process.js';

/** `nobody` on most systems; what matters is that it is not root, which may write everything. */
const OTHER_USER = 65_534;
const isRoot = process.getuid?.() === 0;
/** Root runs these as somebody else, who must be able to read the program. */
const asUser = !isRoot || canRead(fileURLToPath(import.meta.url), OTHER_USER) ? it : it.skip;

function canRead(file: string, user: number): boolean {
  const script = `require('node:fs').accessSync(${JSON.stringify(file)})`;
  return spawnSync(process.execPath, ['--eval', script], { cwd: '/', uid: user, gid: user }).status === 0;
}

let folder: DataFolder;
beforeEach(() => {
  folder = dataFolder();
});
afterEach(() => folder.remove());

function expectSentence({ code, output }: Ended, sentence: RegExp): void {
  expect(output).toMatch(sentence);
  expect(output).not.toContain('    at ');
  expect(code).toBe(1);
}

describe('a start that is refused says why in a sentence', () => {
  it('when the data folder is a file, or lies in one', async () => {
    const file = join(folder.path, 'data');
    writeFileSync(file, 'a file');
    for (const run of [refusedStart, ({ DATA_DIR }: { DATA_DIR: string }) => verify(DATA_DIR)]) {
      expectSentence(await run({ DATA_DIR: file }), /The data folder \/.*data cannot be used: it is a file\.$/mu);
      const inside = join(file, 'deeper');
      expectSentence(await run({ DATA_DIR: inside }), /cannot be used: a part of its path is a file\.$/mu);
    }
  });

  asUser('when this user may not write the data folder', async () => {
    const data = join(folder.path, 'data');
    mkdirSync(data);
    chmodSync(folder.path, 0o755);
    chmodSync(data, 0o555);
    const ended = await refusedStart({ DATA_DIR: data }, isRoot ? OTHER_USER : undefined);
    chmodSync(data, 0o755);
    expectSentence(ended, /The data folder \/.*data cannot be used: this user may not read and write it\.$/mu);
  });

  asUser('when this user may not write the files in it', async () => {
    const data = join(folder.path, 'data');
    const server = await startServer(folder.path, { DATA_DIR: data });
    await server.stop();
    chmodSync(folder.path, 0o755);
    if (isRoot) chownSync(data, OTHER_USER, OTHER_USER);
    chmodSync(join(data, 'master.key'), isRoot ? 0o644 : 0o400);
    chmodSync(join(data, 'events.db'), 0o444);
    const ended = await refusedStart({ DATA_DIR: data }, isRoot ? OTHER_USER : undefined);
    expectSentence(ended, /\/events\.db cannot be used: this user may not read and write it\.$/mu);
  });

  it('when the master key of stored events is missing or broken', async () => {
    const server = await startServer(folder.path);
    const client = new Client(server.url);
    const body = { title: 'Boiler', person: { name: 'Ada' } };
    const headers = { 'Idempotency-Key': 'once' };
    const first = await client.post('/v1/leads', body, { headers });
    await server.stop();
    const path = join(folder.path, 'master.key');
    const key = readFileSync(path, 'utf8');
    rmSync(path);
    expectSentence(await refusedStart({ DATA_DIR: folder.path }), /holds events, but not their master key\. Put back/u);
    writeFileSync(path, 'no key');
    expectSentence(await refusedStart({ DATA_DIR: folder.path }), /master\.key does not hold 32 bytes in base64/u);
    rmSync(path);
    // The key given by the setting is as good as the file: what was sent before is known again.
    const again = await startServer(folder.path, { MASTER_KEY: key.trim() });
    const replayed = await new Client(again.url).post('/v1/leads', body, { headers });
    await again.kill();
    expect([replayed.status, replayed.body]).toEqual([201, first.body]);
  });

  it('when the master key is not the one that the keys of personal data were wrapped with', async () => {
    const server = await startServer(folder.path);
    await server.stop();
    const other = { DATA_DIR: folder.path, MASTER_KEY: Buffer.alloc(32, 9).toString('base64') };
    const sentence = /MASTER_KEY is not the one that this key vault was made with/u;
    expectSentence(await refusedStart(other), sentence);
    expectSentence(await refusedStart(other, undefined, PROJECTOR), sentence);
    await (await startServer(folder.path)).stop();
  });

  it('when the key vault is gone and events hold what it opened', async () => {
    let server = await startServer(folder.path);
    await new Client(server.url).post('/v1/leads', { title: 'T', person: { name: 'N' } });
    await server.stop();
    const files = ['keys.db', 'keys.db-wal', 'keys.db-shm'].map((name) => join(folder.path, name));
    const kept = files.filter((file) => existsSync(file)).map((file) => ({ file, content: readFileSync(file) }));
    for (const { file } of kept) rmSync(file);
    const sentence = /The events hold sealed personal data, but there is no key vault\. Put keys\.db back/u;
    for (let time = 0; time < 2; time++) expectSentence(await refusedStart({ DATA_DIR: folder.path }), sentence);
    // Its operator may say that they are lost for good.
    await (await startServer(folder.path, { LOST_KEYS: 'accept' })).stop();
    for (const file of files) rmSync(file, { force: true });
    for (const { file, content } of kept) writeFileSync(file, content);
    server = await startServer(folder.path);
    await server.stop();
  });

  it('when the key vault is damaged', async () => {
    const server = await startServer(folder.path);
    await server.stop();
    const file = join(folder.path, 'keys.db');
    for (const part of ['-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
    writeFileSync(file, 'torn'.repeat(2_000));
    expectSentence(await refusedStart({ DATA_DIR: folder.path }), /keys\.db is no SQLite database/u);
  });

  it('when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ended = await refusedStart({ DATA_DIR: folder.path, PORT: String(port) });
    taken.close();
    expectSentence(ended, new RegExp(`127\\.0\\.0\\.1:${port} is in use; set PORT to a free one\\.$`, 'mu'));
  });

  it('when there is no log to verify; and makes none', async () => {
    expectSentence(await verify(folder.path), /There is no event log in \//u);
    expectSentence(await verify(folder.path), /There is no event log in \//u);
  });
});
