import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, type Answer } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startStandIns } from '../support/pairs.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const STOPPING = fileURLToPath(new URL('../chaos/stopping-main.js', import.meta.url));
/** A thousand commands one by one, on a slow disk of a busy machine. */
const LONG = 300_000;
const LEAD = { title: 'T', person: { name: 'N' } };

describe('a batch', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let client: Client;
  let pipelineId: string;
  let stages: { id: string }[];

  beforeAll(async () => {
    server = await startServer(folder.path);
    client = new Client(server.url);
    pipelineId = (await client.post('/v1/pipelines', { name: 'P', template: 'traditional' })).body.id;
    stages = (await client.get(`/v1/pipelines/${pipelineId}`)).body.stages;
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const batch = (commands: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    client.post('/v1/batch', { commands }, { headers });
  const openDeal = async (): Promise<string> => (await client.post('/v1/deals', { title: 'D', pipelineId })).body.id;
  const revisionOf = async (deal: string): Promise<number> => (await client.get(`/v1/deals/${deal}`)).body.revision;

  it('does its commands in order; a refused one stops nothing', async () => {
    const id = randomUUID();
    const path = `/v1/deals/${id}`;
    const { status, body } = await batch([
      { path: `${path}/win`, body: {} },
      { path: '/v1/deals', body: { id, title: 'D', pipelineId } },
      { path: `${path}/move-stage`, ifMatch: 0, body: { toStageId: stages[2]?.id } },
      { path: `${path}/move-stage`, ifMatch: 0, body: { toStageId: stages[3]?.id } },
      { path: `${path}/move-stage`, body: { toStageId: stages[2]?.id } },
      { path: `${path}/assign`, body: { ownerId: 'u-2', colour: 'red' } },
      { path: `${path}/win` },
    ]);
    expect(status).toBe(200);
    expect(body.results.map((result: any) => [result.index, result.status, result.body.code ?? null])).toEqual([
      [0, 404, 'not-found'],
      [1, 201, null],
      [2, 200, null],
      [3, 412, 'stale-revision'],
      [4, 409, 'same-stage'],
      [5, 400, 'invalid-request'],
      [6, 200, null],
    ]);
    expect(body.results[2].body).toMatchObject({ id, revision: 1, direction: 'forward' });
    expect(body.results[3].body.data).toMatchObject({ expected: 0, actual: 1 });
    expect(body.results[5].body.errors).toEqual([{ path: '/colour', message: 'is not a known field' }]);
    expect((await client.get(path)).body).toMatchObject({ status: 'won', revision: 2 });
  });

  it('answers each command as it would have been answered alone', async () => {
    const deal = await openDeal();
    const refusals: [string, unknown][] = [
      [`/v1/deals/${deal}/reopen`, {}],
      [`/v1/deals/${deal}/lose`, { reason: 'mood' }],
      [`/v1/deals/${deal}/move-stage?totals=perhaps`, { toStageId: stages[1]?.id }],
      [`/v1/deals/${deal}/move-stage?colour=red`, { toStageId: stages[1]?.id }],
      [`/v1/deals/${deal}/win`, null],
      [`/v1/deals/${deal}/win`, []],
      ['/v1/deals/1/win', {}],
      ['/v1/deals/%E0%A4%A/win', {}],
      ['/v1/deals', { title: '', pipelineId: 7 }],
      ['/v1/leads', { ...LEAD, person: { name: 'a\u0000' } }],
      ['/v1/leads', JSON.parse('{"__proto__":{}}')],
      ['/v1/stalled', {}],
      ['/v1/nothing', {}],
    ];
    const alone = await Promise.all(refusals.map(([path, body]) => client.post(path, body)));
    const { results } = (await batch(refusals.map(([path, body]) => ({ path, body })))).body;
    const told = ({ status, body }: any) => ({ status, ...body, traceId: null });
    expect(results.map(told)).toEqual(alone.map(told));
    expect(results.every((result: any) => result.status >= 400)).toBe(true);

    const totals = [{ path: `/v1/deals/${deal}/move-stage?totals=true`, body: { toStageId: stages[1]?.id } }];
    expect((await batch(totals)).body.results[0]).toMatchObject({ status: 200, body: { direction: 'forward' } });
  });

  it('answers what is no command of a batch in its place', async () => {
    const lead = { path: '/v1/leads', body: LEAD };
    const cases: [unknown, number, string][] = [
      [7, 400, '/commands/0'],
      [[], 400, '/commands/1'],
      [{}, 400, '/commands/2/path'],
      [{ ...lead, path: 'v1/leads' }, 400, '/commands/3/path'],
      [{ ...lead, path: '/v1/leads\n' }, 400, '/commands/4/path'],
      [{ ...lead, method: 'POST' }, 400, '/commands/5/method'],
      [{ ...lead, idempotencyKey: 7 }, 400, '/commands/6/idempotencyKey'],
      [{ ...lead, ifMatch: '"4"' }, 400, '/commands/7/ifMatch'],
      [{ ...lead, ifMatch: -1 }, 400, '/commands/8/ifMatch'],
      [{ ...lead, body: { ...LEAD, title: '\ud800' } }, 400, '/title'],
    ];
    const { results } = (await batch([...cases.map(([command]) => command), lead])).body;
    for (const [index, [, status, place]] of cases.entries()) {
      expect([results[index].status, results[index].body.errors[0].path]).toEqual([status, place]);
    }
    expect(results.at(-1).status).toBe(201);
  });

  it('takes numbers beyond all and nesting without end for what they are', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const text = `{"commands":[{"path":"/v1/leads","body":{"value":1e999}},{"path":"/v1/leads","body":${deep}}]}`;
    const { results } = (await client.send('POST', '/v1/batch', text)).body;
    expect(results.map((result: any) => result.body.errors[0].message)).toEqual([
      'is beyond every number',
      'is nested deeper than 32',
    ]);
  });

  it('holds no batches, and no other spelling of a path', async () => {
    const inner = { commands: [{ path: '/v1/leads', body: LEAD }] };
    const paths = ['/v1/batch', '/v1/b%61tch', '/v1/batch?x=1', '/v1/./batch', '/v1/../v1/batch', '//v1/batch'];
    const others = ['/v1/./leads', '//localhost/v1/leads', '/v1/leads#x', '/v1\\leads'];
    const { results } = (
      await batch([...paths.map((path) => ({ path, body: inner })), ...others.map((path) => ({ path, body: LEAD }))])
    ).body;
    expect(results.slice(0, 3).map((result: any) => [result.status, result.body.detail])).toEqual(
      Array(3).fill([400, 'A batch holds commands, not batches.']),
    );
    expect(results.slice(3).map((result: any) => result.status)).toEqual(Array(7).fill(404));
  });

  it('is refused as a whole when it is no batch', async () => {
    const commands = [{ path: '/v1/leads', body: LEAD }];
    const wrong: [unknown, string][] = [
      [{}, '/commands'],
      [{ commands: [] }, '/commands'],
      [{ commands: {} }, '/commands'],
      [{ commands: Array(1_001).fill(commands[0]) }, '/commands'],
      [{ commands, atomic: true }, '/atomic'],
      [[], ''],
    ];
    for (const [body, path] of wrong) {
      const answer = await client.post('/v1/batch', body);
      expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([400, 'invalid-request', path]);
    }
    expect((await batch(commands, { 'If-Match': '"0"' })).status).toBe(400);
    expect((await batch(commands, { 'Idempotency-Key': 'a b' })).body.code).toBe('invalid-idempotency-key');
    expect((await client.post('/v1/batch?x=1', { commands })).body.code).toBe('unknown-parameter');
    expect((await client.post('/v1/batch', { commands }, { key: 'wrong' })).status).toBe(401);
    const large = { path: '/v1/leads', body: { ...LEAD, title: 'x'.repeat(1_048_576) } };
    expect((await batch([large])).body.code).toBe('body-too-large');
  });

  it('knows a key by actor and path, whether it comes in a batch or alone', async () => {
    const deal = await openDeal();
    const path = `/v1/deals/${deal}/add-note`;
    const [body, idempotencyKey] = [{ text: 'Called' }, 'note'];
    const first = await batch([
      { path, idempotencyKey, body },
      { path, idempotencyKey, body },
      { path, idempotencyKey, body: { text: 'Other' } },
    ]);
    const [done, again, reused] = first.body.results;
    expect(again).toEqual({ ...done, index: 1 });
    expect([reused.status, reused.body.code]).toEqual([422, 'idempotency-key-reused']);
    const alone = await client.post(path, body, { headers: { 'Idempotency-Key': idempotencyKey } });
    expect([alone.headers.get('idempotency-replayed'), alone.body]).toEqual(['true', done.body]);

    const won = await client.post(`/v1/deals/${deal}/win`, {}, { headers: { 'Idempotency-Key': 'win' } });
    const { results } = (await batch([{ path: `/v1/deals/${deal}/win`, idempotencyKey: 'win', ifMatch: 0 }])).body;
    expect(results).toEqual([{ index: 0, status: 200, body: won.body }]);
    expect(await revisionOf(deal)).toBe(2);
    expect((await batch([{ path, idempotencyKey: 'a b', body }])).body.results[0]).toMatchObject({ status: 422 });
  });

  it('under a key of its own gives each command one, by its index', async () => {
    const note = { path: `/v1/deals/${await openDeal()}/add-note`, body: { text: 'Twice meant' } };
    const commands = [note, note, { path: '/v1/leads', body: LEAD }, { path: '/v1/leads/1/reopen', body: {} }];
    const once = await batch(commands, { 'Idempotency-Key': 'bulk' });
    expect(once.body.results.map(({ status }: any) => status)).toEqual([200, 200, 201, 404]);
    expect(once.body.results.map(({ body }: any) => body.revision ?? null)).toEqual([1, 2, 0, null]);
    expect(once.headers.get('idempotency-replayed')).toBeNull();
    const again = await batch(commands, { 'Idempotency-Key': 'bulk' });
    expect(again.body.results.slice(0, 3)).toEqual(once.body.results.slice(0, 3));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await batch(commands.slice(0, 1), { 'Idempotency-Key': 'other' });
    expect(other.body.results[0].body.revision).toBe(3);
  });

  it(
    'takes a thousand, and their replay',
    async () => {
      const deal = await openDeal();
      const note = { path: `/v1/deals/${deal}/add-note`, body: { text: 'n' } };
      const lead = { path: '/v1/leads', body: LEAD };
      const commands = Array.from({ length: 1_000 }, (_, index) => ({
        ...(index % 2 === 0 ? note : lead),
        idempotencyKey: `k-${index}`,
      }));
      const { results } = (await batch(commands)).body;
      expect(results.map(({ index }: any) => index)).toEqual(commands.map((_, index) => index));
      expect(new Set(results.map(({ body }: any) => body.position)).size).toBe(1_000);
      const again = await batch(commands);
      expect([again.body.results, again.headers.get('idempotency-replayed')]).toEqual([results, 'true']);
      expect(await revisionOf(deal)).toBe(500);
    },
    LONG,
  );

  it('counts each command against the rate limit', async () => {
    const own = dataFolder();
    const limited = await startServer(own.path, { RATE_LIMIT: '6' });
    try {
      const commands = Array.from({ length: 20 }, () => ({ path: '/v1/leads', body: LEAD }));
      const { body } = await new Client(limited.url).post('/v1/batch', { commands });
      const statuses: number[] = body.results.map(({ status }: any) => status);
      // A window of ten seconds may have ended meanwhile.
      expect(statuses).toContain(429);
      expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(5);
    } finally {
      await limited.stop();
      own.remove();
    }
  });
});

describe('a batch that is cut off', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = dataFolder();
  });
  afterEach(() => folder.remove());

  const commands = Array.from({ length: 300 }, (_, index) =>
    index === 150
      ? { path: '/v1/pipelines', body: { name: 'The middle', template: 'startup' } }
      : { path: '/v1/leads', body: { ...LEAD, source: `Lead ${index}` } },
  );
  const send = (client: Client): Promise<Answer> =>
    client.post('/v1/batch', { commands }, { headers: { 'Idempotency-Key': 'cut' } });

  const events = async (client: Client): Promise<any[]> =>
    String((await client.get('/v1/events')).body)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  /** Starts a server on what the cut has left, sends the batch again, and looks for each of its commands. */
  async function expectEachOnce(done: number): Promise<void> {
    const server = await startServer(folder.path);
    const client = new Client(server.url);
    expect(await events(client)).toHaveLength(done);
    const { results } = (await send(client)).body;
    expect(results.every(({ status }: any) => status === 201)).toBe(true);
    const log = await events(client);
    expect(chainFaults(log)).toEqual([]);
    expect(log.map(({ data }) => data.source ?? data.name)).toEqual(
      commands.map(({ body }) => ('source' in body ? body.source : body.name)),
    );
    expect(results.map(({ body }: any) => body.id)).toEqual(log.map(({ stream }) => stream.replace(/^[a-z]+-/u, '')));
    await server.stop();
  }

  it.each([
    ['before', 150],
    ['after', 151],
  ])(
    'by a power cut %s an append in its middle, and sent again, has each command done once',
    async (moment, done) => {
      const server = await startServer(folder.path, { STOP_AT: `PipelineCreated:${moment}` }, STOPPING);
      await expect(send(new Client(server.url))).rejects.toThrow();
      await server.kill();
      await expectEachOnce(done);
    },
    LONG,
  );

  it(
    'by a stop, is told which of its commands were not done',
    async () => {
      const server = await startServer(folder.path);
      const client = new Client(server.url);
      const answer = send(client);
      while ((await events(client)).length < 50) continue;
      await server.stop();
      const statuses: number[] = (await answer).body.results.map(({ status }: any) => status);
      const done = statuses.filter((status) => status === 201).length;
      expect(statuses).toEqual([...Array(done).fill(201), ...Array(commands.length - done).fill(503)]);
      await expectEachOnce(done);
    },
    LONG,
  );

  it('by the loss of its store, tries nothing more, and can be sent again', async () => {
    const engines = await startStandIns();
    const server = await startServer(folder.path, { ...engines.environment, PROJECTIONS: 'external' });
    try {
      const client = new Client(server.url);
      await client.post('/v1/leads', LEAD);
      await engines.events({ kind: 'refuse' });
      const few = { commands: commands.slice(0, 3) };
      const key = { headers: { 'Idempotency-Key': 'lost' } };
      const { results } = (await client.post('/v1/batch', few, key)).body;
      expect(results.map(({ status }: any) => status)).toEqual([503, 503, 503]);
      expect(results[2].body).toMatchObject({
        code: 'store-unavailable',
        detail: expect.stringContaining('Not tried'),
      });
      await engines.events({ kind: 'accept' });
      let again: Answer;
      do again = await client.post('/v1/batch', few, key);
      while (again.body.results.some(({ status }: any) => status === 503));
      expect(again.body.results.map(({ status }: any) => status)).toEqual([201, 201, 201]);
      expect(await events(client)).toHaveLength(4);
    } finally {
      await server.kill();
      await engines.stop();
    }
  });
});
