import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { PROJECTOR, startServer, type ServerProcess } from '../support/server-process.js';

const LEAD = { title: 'T', person: { name: 'N' } };
/** A line of a sample, as Prometheus reads it. */
const SAMPLE = /^([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*\})? (\S+)$/u;

describe('/metrics', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let client: Client;

  beforeAll(async () => {
    server = await startServer(folder.path);
    client = new Client(server.url);
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  async function scrape(): Promise<Map<string, number>> {
    const answer = await client.get('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const samples = new Map<string, number>();
    for (const line of String(answer.body).trimEnd().split('\n')) {
      if (/^# (?:HELP [a-z_]+ \S.*|TYPE [a-z_]+ (?:counter|gauge|histogram))$/u.test(line)) continue;
      const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? [];
      expect(name).not.toBe('');
      expect(samples.has(name + labels)).toBe(false);
      samples.set(name + labels, Number(value));
    }
    return samples;
  }

  it('is for those who have a key', async () => {
    expect((await client.get('/metrics', { key: null })).status).toBe(401);
    expect((await client.get('/metrics?x=1')).body.code).toBe('unknown-parameter');
  });

  it('counts requests by route and commands by outcome, in a batch and alone', async () => {
    const keyed = { headers: { 'Idempotency-Key': 'k' } };
    await client.post('/v1/leads', LEAD, keyed);
    await client.post('/v1/leads', LEAD, keyed);
    await client.post('/v1/leads', { title: 'T' });
    const { id } = (await client.post('/v1/leads', LEAD)).body;
    await client.get(`/v1/leads/${id}`);
    await client.get('/v1/nothing');
    const commands = [
      { path: '/v1/leads', body: LEAD },
      { path: '/v1/leads', body: { ...LEAD, colour: 'red' } },
      { path: '/v1/nothing', body: {} },
    ];
    await client.post('/v1/batch', { commands });
    const samples = await scrape();
    const outcome = (name: string) => samples.get(`pipeledger_commands_total{route="/v1/leads",outcome="${name}"}`);
    expect(['done', 'replayed', 'no-contact', 'invalid-request'].map(outcome)).toEqual([3, 1, 1, 1]);
    const requests = (method: string, route: string, status: number) =>
      samples.get(`pipeledger_http_requests_total{method="${method}",route="${route}",status="${status}"}`);
    expect(requests('POST', '/v1/leads', 201)).toBe(4);
    expect(requests('GET', '/v1/leads/:id', 200)).toBe(1);
    expect(requests('POST', '/v1/batch', 200)).toBe(1);
    expect(requests('GET', 'none', 404)).toBe(1);
    expect(samples.get('pipeledger_http_request_duration_seconds_count{method="POST",route="/v1/leads"}')).toBe(6);
  });

  it('tells where the log and the views are, and how the process does', async () => {
    const { position } = (await client.post('/v1/leads', LEAD)).body;
    await client.getAfter(position, '/v1/leads');
    const samples = await scrape();
    expect(samples.get('pipeledger_log_position')).toBe(Number(position));
    expect(samples.get('pipeledger_view_position{view="leads"}')).toBe(Number(position));
    expect(samples.get('pipeledger_view_parked_keys{view="leads"}')).toBe(0);
    expect(samples.get('pipeledger_check_ok{check="event-store"}')).toBe(1);
    for (const name of ['nodejs_eventloop_lag_seconds_sum', 'process_cpu_seconds_total']) {
      expect(samples.get(name)).toBeGreaterThanOrEqual(0);
    }
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  });

  it('is told by the projector where the api does not project: what each of them knows', async () => {
    const own = dataFolder();
    const api = await startServer(own.path, { PROJECTIONS: 'external' });
    const projector = await startServer(own.path, {}, PROJECTOR);
    try {
      const { position } = (await new Client(api.url).post('/v1/leads', LEAD)).body;
      await new Client(api.url).getAfter(position, '/v1/leads');
      const text = async (url: string) => String((await new Client(url).get('/metrics')).body);
      expect(await text(api.url)).toContain(`pipeledger_view_position{view="leads"} ${position}\n`);
      expect(await text(api.url)).not.toMatch(/^pipeledger_view_(?:lag|parked)[a-z_]*\{/mu);
      expect(await text(projector.url)).toContain(`pipeledger_view_position{view="leads"} ${position}\n`);
      expect(await text(projector.url)).toContain('pipeledger_view_parked_keys{view="leads"} 0\n');
    } finally {
      await Promise.all([api.stop(), projector.stop()]);
      own.remove();
    }
  });
});
