import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLI } from '../support/cli-process.js';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';

const DEMO = fileURLToPath(new URL('../../apps/cli/demo/main.js', import.meta.url));
const WIDTH = 100;
/** Thousands of commands on a busy machine. */
const LONG = 240_000;

describe('npm run demo', () => {
  const folder = dataFolder();
  const running = new Set<ChildProcess>();
  afterEach(() => running.forEach((child) => child.kill('SIGKILL')));
  afterAll(() => folder.remove());
  let folders = 0;

  /** A folder of its own for temporary files, so that what is left behind shows. */
  function start(script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const temporary = join(folder.path, `tmp-${folders++}`);
    mkdirSync(temporary);
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: temporary,
      env: { PATH: process.env['PATH'], PORT: '0', TMPDIR: temporary, TMP: temporary, TEMP: temporary, ...environment },
    });
    running.add(child);
    let [output, errors] = ['', ''];
    const ended = once(child, 'close').then(() => {
      running.delete(child);
      return child.exitCode;
    });
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    const printed = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = () => output.includes(text) && resolve();
        child.stdout.on('data', look);
        void ended.then(() => reject(new Error(`it ended without printing ${text}: ${output}${errors}`)));
        look();
      });
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    return { child, ended, printed, temporary, output: () => output, errors: () => errors };
  }

  /** What is printed without addresses, keys and times. */
  const story = (output: string): string =>
    (output.slice(output.indexOf('What is there')).split('Everything above')[0] ?? '').trimEnd();

  let told = '';

  it(
    'shows what the API answers as long as it is up, and leaves nothing behind',
    async () => {
      const demo = start(DEMO, []);
      await demo.printed('is removed then');
      const output = demo.output();
      told = story(output);
      const url = /export URL=(\S+)/u.exec(output)?.[1] ?? '';
      const key = /export AUTH="Authorization: Bearer (\S+)"/u.exec(output)?.[1] ?? '';
      const client = new Client(url, key);
      expect(output.split('\n').filter((line) => line.length > WIDTH && !line.startsWith('The data folder'))).toEqual(
        [],
      );
      expect(output).toMatch(/[\d,]+ commands accepted, none refused/u);

      const paths = [...output.matchAll(/curl -sH "\$AUTH" (?:\\\n\s+)?"\$URL(\/v1\/[^"]+)"/gu)].map(
        ([, path]) => path,
      );
      const answers = new Map<string, any>();
      for (const path of paths) {
        const answer = await client.get(path ?? '');
        expect([path, answer.status]).toEqual([path, 200]);
        answers.set(path ?? '', answer.body);
      }
      const answerTo = (part: string): any => [...answers].find(([path]) => path.includes(part))?.[1];

      const board = answerTo('/v1/boards/');
      const rows = section(output, 'Board:');
      for (const column of [...board.columns, { ...board.totals, name: 'all open stages' }]) {
        const cells = rows.find((row) => row[0]?.startsWith(column.name));
        expect(Number(cells?.[1])).toBe(column.count);
        expect(Number(cells?.at(-1))).toBe(column.stalled);
        if (column.value.length > 0) expect(plain(cells?.[2])).toBe(amountOf(column.value[0]));
        if (column.weightedValue.length > 0) expect(plain(cells?.[3])).toBe(amountOf(column.weightedValue[0]));
      }
      expect(board.totals.count).toBeGreaterThan(0);

      const stalled = answerTo('/v1/stalled');
      expect(output).toContain(`Stalled: Business equipment, ${stalled.items.length} of ${stalled.n}`);
      expect(stalled.n).toBe(board.columns.reduce((sum: number, column: any) => sum + column.stalled, 0));
      expect(stalled.n).toBeGreaterThan(0);
      expect(stalled.n).toBeLessThan(board.totals.count);
      for (const { title, stall } of stalled.items) {
        expect(output).toContain(title);
        expect(output).toContain(`stalled since ${stall.rotAt.slice(0, 10)}`);
        expect(output).toContain(`Last touched on ${stall.lastTouch.occurredAt.slice(0, 10)}`);
      }

      const funnel = answerTo('/v1/funnel');
      const bars = section(output, 'Funnel:');
      for (const stage of funnel.stages) {
        expect(Number(bars.find((row) => row[0] === stage.name)?.[1])).toBe(stage.reached);
      }
      expect(Number(bars.find((row) => row[0] === 'won')?.[1])).toBe(funnel.won.ever);
      const { closed } = answerTo('/v1/performance').winRate;
      expect(output).toContain(`${(closed.ratio * 100).toFixed(1)} %: ${closed.won} won, ${closed.lost} lost`);

      const replays = [...answers].filter(([path]) => path.includes('?asOf='));
      expect(replays).toHaveLength(3);
      for (const [path, deal] of replays) {
        const day = /asOf=(\d{4}-\d{2}-\d{2})/u.exec(path)?.[1];
        expect(output).toContain(`as of ${day}, revision ${deal.revision}: ${deal.status} in `);
      }
      expect(new Set(replays.map(([, deal]) => deal.revision)).size).toBe(3);

      for (const [name, statuses] of [
        ['leads', ['new', 'nurturing', 'qualified', 'converted', 'disqualified']],
        ['deals', ['open', 'won', 'lost']],
      ] as const) {
        for (const status of statuses) {
          const n = await all(client, `/v1/${name}?status=${status}&limit=200`);
          expect(n).toBeGreaterThan(0);
          expect(output).toMatch(new RegExp(`${name}:.* ${n} ${status}(?:,|$)`, 'mu'));
        }
      }
      expect((await client.get('/v1/pipelines')).body.items).toHaveLength(5);

      expect(readdirSync(demo.temporary)).toHaveLength(1);
      demo.child.kill('SIGTERM');
      expect([await demo.ended, demo.errors()]).toEqual([0, '']);
      expect(readdirSync(demo.temporary)).toEqual([]);
    },
    LONG,
  );

  it(
    'ends by itself with --once, tells the same story, and leaves a whole log in a folder that was given',
    async () => {
      const data = join(folder.path, 'data');
      const demo = start(DEMO, ['--once'], { DATA_DIR: data });
      expect([await demo.ended, demo.errors()]).toEqual([0, '']);
      expect(readdirSync(demo.temporary)).toEqual([]);
      const numbers = (text: string): string => text.replace(/\d{4}-\d{2}-\d{2}(?:T[\d:]+Z)?/gu, 'date');
      expect(numbers(story(demo.output()))).toBe(numbers(told));

      const verify = start(CLI, ['verify'], { DATA_DIR: data });
      expect(await verify.ended).toBe(0);
      expect(verify.output()).toMatch(/^\d+ events of \d+ streams checked: all whole$/mu);
    },
    LONG,
  );

  it(
    'stops in the middle when it is told to, and removes what it has made',
    async () => {
      const demo = start(DEMO, []);
      await demo.printed('command by command');
      demo.child.kill('SIGINT');
      expect([await demo.ended, demo.errors()]).toEqual([130, '']);
      expect(readdirSync(demo.temporary)).toEqual([]);
    },
    LONG,
  );

  it('touches no folder that holds something', async () => {
    const data = join(folder.path, 'in-use');
    mkdirSync(data);
    writeFileSync(join(data, 'events.db'), 'somebody else');
    const demo = start(DEMO, ['--once'], { DATA_DIR: data });
    expect(await demo.ended).toBe(1);
    expect(demo.errors()).toBe(
      `The demo has failed: DATA_DIR: ${data} is not empty, and the demo mixes its data with nobody's.\n`,
    );
    expect(readdirSync(data)).toEqual(['events.db']);
  });

  it('says which setting is wrong: a port that is taken, a word that is no port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address: any = other.address();
    const demo = start(DEMO, ['--once'], { PORT: String(address.port) });
    expect(await demo.ended).toBe(1);
    expect(demo.errors()).toContain(`PORT: ${address.port} is taken on 127.0.0.1`);
    other.close();
    const wordy = start(DEMO, ['--once'], { PORT: 'http' });
    expect(await wordy.ended).toBe(1);
    expect(wordy.errors()).toContain('PORT must be a whole number');
    for (const { temporary } of [demo, wordy]) expect(readdirSync(temporary)).toEqual([]);
  });

  it('knows one option', async () => {
    const demo = start(DEMO, ['--twice']);
    expect(await demo.ended).toBe(2);
    expect(demo.errors()).toContain('Usage: npm run demo');
    expect(existsSync(join(demo.temporary, 'events.db'))).toBe(false);
  });
});

/** Rows of a printed table, cell by cell. */
function section(output: string, title: string): string[][] {
  const lines = output
    .slice(output.indexOf(`\n${title}`))
    .split('\n')
    .slice(2);
  const end = lines.findIndex((line) => line.includes('curl'));
  return lines.slice(0, end).map((line) => line.trim().split(/\s{2,}/u));
}

function plain(money: string | undefined): string {
  return (money ?? '').replaceAll(',', '');
}

function amountOf({ currency, amount }: { currency: string; amount: string }): string {
  return `${currency} ${amount}`;
}

async function all(client: Client, path: string): Promise<number> {
  let n = 0;
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await client.get(cursor === '' ? path : `${path}&cursor=${cursor}`);
    n += body.items.length;
    cursor = body.next;
  }
  return n;
}
