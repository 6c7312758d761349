import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import type { DataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { refusedStart } from './cli-process.js';
import { overwrite, settleViews, tear } from './damage.js';
import { UNLIMITED } from './rounds.js';
import { copyOf, smallStore, type SmallStore } from './small-store.js';
import { answersTo, ask, checkSameAnswers, checkStoredViews, removeViews } from './view-checks.js';

let store: SmallStore;
let folder: DataFolder;
beforeAll(async () => {
  store = await smallStore(41);
});
afterAll(() => store.folder.remove());
beforeEach(() => {
  folder = copyOf(store.folder);
});
afterEach(() => folder.remove());

/** Of one view: the others are files of their own. */
const file = (): string => join(folder.path, 'views', 'deal-history.db');

async function expectSameAnswers(): Promise<void> {
  const server = await startServer(folder.path, UNLIMITED);
  try {
    checkSameAnswers(store.answers, await answersTo(new Client(server.url), store.asked, store.head));
  } finally {
    await server.stop();
  }
  await checkStoredViews(folder.path);
}

describe('views that are gone', () => {
  it('are built anew, and answer the same', async () => {
    removeViews(folder.path);
    await expectSameAnswers();
  });

  it('but for the others are built anew', async () => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${file()}${end}`, { force: true });
    await expectSameAnswers();
  });

  it('but for their WAL are built anew', async () => {
    rmSync(file());
    await expectSameAnswers();
  });

  it('as far as the WAL held them are brought up to date', async () => {
    rmSync(`${file()}-wal`, { force: true });
    rmSync(`${file()}-shm`, { force: true });
    await expectSameAnswers();
  });

  it('and left an empty file are built anew', async () => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${file()}${end}`, { force: true });
    writeFileSync(file(), '');
    await expectSameAnswers();
  });
});

describe('views that are damaged', () => {
  beforeEach(() => settleViews(folder.path));

  it('in their first bytes stop the start, with a sentence that says what to do', async () => {
    overwrite(file(), 0, 100);
    const { code, output } = await refusedStart({ DATA_DIR: folder.path, LOG_LEVEL: 'info' });
    expect(code).toBe(1);
    expect(output).toMatch(
      /^Pipeledger does not start: .*deal-history\.db .*delete .*deal-history\.db.*rebuilt from the events\.$/mu,
    );
    expect(output).not.toContain('    at ');
    removeViews(folder.path);
    await expectSameAnswers();
  });

  it('by losing half of the file never answer wrongly', async () => {
    tear(file(), 0.5);
    await expectNoWrongAnswer();
  });

  it('in all pages but the first never answer wrongly', async () => {
    overwrite(file(), 8_192, statSync(file()).size - 8_192);
    await expectNoWrongAnswer();
  });
});

/** The start is refused, or a question is answered rightly or not at all; then health says so, and commands go on. */
async function expectNoWrongAnswer(): Promise<void> {
  const started = await startServer(folder.path, UNLIMITED).catch((error: unknown) => String(error));
  if (typeof started === 'string') {
    expect(started).toMatch(/deal-history\.db .*delete .*deal-history\.db/u);
    expect(started).not.toContain('    at ');
    return;
  }
  const client = new Client(started.url);
  try {
    let refused = 0;
    for (const question of store.asked) {
      const { status, answer } = await ask(client, question, '0');
      if (status === 503) refused += 1;
      else expect([question.path, answer]).toEqual([question.path, store.answers.get(question.path)]);
    }
    expect(refused).toBeGreaterThan(0);
    expect((await client.get('/health/ready')).status).toBe(503);
    const captured = await client.post('/v1/leads', { title: 'Still taken', person: { name: 'Ada' } });
    expect(captured.status).toBe(201);
    expect(started.output()).toMatch(/deal-history\.db .*delete .*deal-history\.db/u);
  } finally {
    await started.kill();
  }
}
