import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Client, type Answer } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

describe('bad input', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let client: Client;
  let pipelineId: string;
  let stageId: string;
  let dealId: string;

  beforeAll(async () => {
    server = await startServer(folder.path);
    client = new Client(server.url);
    pipelineId = (await client.post('/v1/pipelines', { name: 'P', template: 'startup' })).body.id;
    stageId = (await client.get(`/v1/pipelines/${pipelineId}`)).body.stages[1].id;
    dealId = (await client.post('/v1/deals', { title: 'D', pipelineId })).body.id;
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const lead = { title: 'T', person: { name: 'N' } };
  const events = async (): Promise<number> =>
    String((await client.get('/v1/events')).body)
      .split('\n')
      .filter(Boolean).length;

  /** A refusal: problem+json with the code, the place, and nothing stored. */
  async function refused(ask: () => Promise<Answer>, status: number, code: string, path?: string): Promise<Answer> {
    const before = await events();
    const answer = await ask();
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toEqual({
      type: `urn:pipeledger:problem:${code}`,
      title: expect.any(String),
      status,
      code,
      detail: expect.any(String),
      errors: expect.any(Array),
      data: answer.body.data ?? null,
      traceId: answer.headers.get('correlation-id'),
    });
    if (path !== undefined) expect(answer.body.errors.map((error: any) => error.path)).toContain(path);
    expect(await events()).toBe(before);
    return answer;
  }

  it.each([
    ['a field that is unknown', { ...lead, colour: 'red' }, '/colour'],
    ['an unknown field inside', { ...lead, person: { name: 'N', age: 7 } }, '/person/age'],
    ['a title that is missing', { person: { name: 'N' } }, '/title'],
    ['a title of the wrong type', { ...lead, title: 7 }, '/title'],
    ['a blank title', { ...lead, title: '  ' }, '/title'],
    ['a title of 256 characters', { ...lead, title: 'x'.repeat(256) }, '/title'],
    ['an amount of 10^30', { ...lead, value: { amount: `1${'0'.repeat(30)}`, currency: 'EUR' } }, '/value/amount'],
    ['an amount with an exponent', { ...lead, value: { amount: '1e3', currency: 'EUR' } }, '/value/amount'],
    ['an amount that is a number', { ...lead, value: { amount: 10, currency: 'EUR' } }, '/value/amount'],
    ['an amount with too many decimals', { ...lead, value: { amount: '1.005', currency: 'EUR' } }, '/value/amount'],
    ['yen with decimals', { ...lead, value: { amount: '1.5', currency: 'JPY' } }, '/value/amount'],
    ['a currency that is none', { ...lead, value: { amount: '1', currency: 'XXZ' } }, '/value/currency'],
    ['money that is a text', { ...lead, value: '10 EUR' }, '/value'],
    ['a NUL in a string', { ...lead, title: 'a\u0000b' }, '/title'],
    ['a lone surrogate', { ...lead, title: 'a\ud800b' }, '/title'],
    ['a lone surrogate deep inside', { ...lead, person: { name: 'N', emails: ['\udfff'] } }, '/person/emails/0'],
    ['year 0', { ...lead, occurredAt: '0000-01-01T00:00:00Z' }, '/occurredAt'],
    ['year 9999', { ...lead, occurredAt: '9999-12-31T23:59:59Z' }, '/occurredAt'],
    ['a time without offset', { ...lead, occurredAt: '2026-01-01T00:00:00' }, '/occurredAt'],
    ['30 February', { ...lead, occurredAt: '2026-02-30T00:00:00Z' }, '/occurredAt'],
    ['an id that is none', { ...lead, id: 'lead-1' }, '/id'],
    ['101 labels', { ...lead, labels: Array.from({ length: 101 }, (_, i) => `l${i}`) }, '/labels'],
    ['a label of 65 characters', { ...lead, labels: ['ok', 'x'.repeat(65)] }, '/labels/1'],
    ['labels that are no list', { ...lead, labels: 'hot' }, '/labels'],
    ['a person that is a list', { ...lead, person: [] }, '/person'],
    ['a person without name or id', { ...lead, person: {} }, '/person/name'],
    ['__proto__', JSON.parse('{"title":"T","__proto__":{"x":1}}'), '/__proto__'],
  ])('refuses %s with its place', async (_, body, path) => {
    await refused(() => client.post('/v1/leads', body), 400, 'invalid-request', path);
  });

  it('names every fault at once', async () => {
    const answer = await client.post('/v1/leads', { title: '', labels: 7, x: 1 });
    expect(answer.body.detail).toBe('3 fields are wrong.');
    expect(answer.body.errors.map((error: any) => error.path).sort()).toEqual(['/labels', '/title', '/x']);
  });

  it.each([
    ['malformed JSON', '{"title":', '{"title":'],
    ['a list', '[]', '[]'],
    ['a bare text', '"x"', '"x"'],
    ['null', 'null', 'null'],
    ['a number beyond all', '{"title":"T","person":{"name":"N"},"value":1e999}', '1e999'],
    ['a body nested a thousand deep', '['.repeat(1_000) + ']'.repeat(1_000), 'deep'],
    ['a body nested half a million deep', '['.repeat(500_000), 'deeper'],
  ])('refuses %s', async (_, text) => {
    await refused(() => client.send('POST', '/v1/leads', text), 400, 'invalid-request');
  });

  it('refuses what is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    await refused(() => client.send('POST', '/v1/leads', new Uint8Array(bytes)), 400, 'invalid-request');
  });

  it('refuses 2 MiB, other media types, and methods that a path does not have', async () => {
    const big = JSON.stringify({ ...lead, title: 'x'.repeat(2 * 1_048_576) });
    await refused(() => client.send('POST', '/v1/leads', big), 413, 'body-too-large');
    const form = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };
    await refused(() => client.send('POST', '/v1/leads', 'title=T', form), 415, 'unsupported-media-type');
    const text = { headers: { 'Content-Type': 'text/plain' } };
    await refused(() => client.send('POST', '/v1/leads', '{}', text), 415, 'unsupported-media-type');
    const deleted = await refused(
      () => client.send('DELETE', `/v1/deals/${dealId}`, undefined),
      405,
      'method-not-allowed',
    );
    expect(deleted.headers.get('allow')).toContain('GET');
    await refused(() => client.get('/v1/nothing'), 404, 'not-found');
  });

  it('refuses ids that name nothing', async () => {
    const none = randomUUID();
    for (const path of [
      `/v1/leads/${none}`,
      `/v1/deals/${none}`,
      '/v1/deals/1',
      '/v1/deals/%00',
      `/v1/pipelines/${none}`,
    ]) {
      await refused(() => client.get(path), 404, 'not-found');
    }
    for (const path of [
      `/v1/boards/${none}`,
      `/v1/deals/${none}/events`,
      `/v1/deals/${none}/timeline`,
      `/v1/funnel?pipeline=${none}&from=2026-01-01&to=2026-02-01`,
    ]) {
      await refused(() => client.get(path), 404, 'not-found');
    }
    await refused(() => client.post(`/v1/leads/${none}/reopen`), 404, 'not-found');
    await refused(() => client.post(`/v1/deals/${none}/win`), 404, 'not-found');
    await refused(() => client.post(`/v1/deals/${none}/move-stage`, { toStageId: stageId }), 404, 'not-found');
    await refused(() => client.post(`/v1/pipelines/${none}/set-stage-policy`, { stageId }), 404, 'not-found');
    await refused(() => client.post('/v1/deals', { title: 'D', pipelineId: none }), 409, 'unknown-pipeline');
    await refused(() => client.post('/v1/deals', { title: 'D', pipelineId, stageId: none }), 409, 'unknown-stage');
    await refused(() => client.post(`/v1/deals/${dealId}/move-stage`, { toStageId: none }), 409, 'unknown-stage');
  });

  it('refuses what a deal does not allow', async () => {
    const { stages } = (await client.get(`/v1/pipelines/${pipelineId}`)).body;
    const move = (toStageId: string) => () => client.post(`/v1/deals/${dealId}/move-stage`, { toStageId });
    await refused(move(stages[0].id), 409, 'same-stage');
    await refused(move(stages.at(-1).id), 409, 'wrong-stage-kind');
    await refused(() => client.post(`/v1/deals/${dealId}/reopen`), 409, 'wrong-status');
    await refused(() => client.post(`/v1/deals/${dealId}/lose`, { reason: 'mood' }), 409, 'unknown-reason');
    const negative = { value: { amount: '-1', currency: 'EUR' } };
    await refused(() => client.post(`/v1/deals/${dealId}/change-value`, negative), 409, 'negative-value');
    await refused(() => client.post('/v1/deals', { title: 'D', pipelineId, ...negative }), 409, 'negative-value');
    await refused(() => client.post('/v1/leads', { ...lead, ...negative }), 409, 'negative-value');
    await refused(() => client.post('/v1/leads', { title: 'T' }), 409, 'no-contact');
    await refused(() => client.post('/v1/deals', { id: dealId, title: 'D', pipelineId }), 409, 'id-already-used');
    const future = { occurredAt: new Date(Date.now() + 120_000).toISOString() };
    await refused(() => client.post(`/v1/deals/${dealId}/win`, future), 400, 'occurred-in-future');
    const answer = await refused(
      () => client.post(`/v1/deals/${dealId}/move-stage`, { toStageId: stageId, occurredAt: '2020-01-01T00:00:00Z' }),
      409,
      'out-of-order',
    );
    expect(answer.body.data).toEqual({ revision: 0, type: 'DealOpened', occurredAt: expect.any(String) });
  });

  it('refuses queries that it does not understand', async () => {
    const wrong: [string, string, string][] = [
      ['/v1/leads?colour=red', 'unknown-parameter', '?colour'],
      ['/v1/leads?limit=0', 'invalid-request', '?limit'],
      ['/v1/leads?limit=201', 'invalid-request', '?limit'],
      ['/v1/leads?limit=1&limit=2', 'invalid-request', '?limit'],
      ['/v1/leads?sort=title', 'invalid-request', '?sort'],
      ['/v1/leads?status=nice', 'invalid-request', '?status'],
      ['/v1/leads?cursor=abc', 'invalid-request', '?cursor'],
      ['/v1/leads?q=%00', 'invalid-request', '?q'],
      [`/v1/boards/${pipelineId}?cards=101`, 'invalid-request', '?cards'],
      [`/v1/boards/${pipelineId}?asOf=yesterday`, 'invalid-request', '?asOf'],
      [`/v1/boards/${pipelineId}?valueMin=5`, 'invalid-request', '?valueMin'],
      [`/v1/boards/${pipelineId}?valueMin=1e9&currency=EUR`, 'invalid-request', '?valueMin'],
      [`/v1/boards/${pipelineId}?tz=Mars/Olympus`, 'invalid-request', '?tz'],
      ['/v1/stalled?kind=lazy', 'invalid-request', '?kind'],
      [`/v1/funnel?pipeline=${pipelineId}`, 'invalid-request', '?from'],
      ['/v1/funnel?from=2026-01-01&to=2026-02-01', 'invalid-request', '?pipeline'],
      [`/v1/funnel?pipeline=${pipelineId}&from=2026-02-01&to=2026-02-01`, 'invalid-request', '?to'],
      [`/v1/funnel?pipeline=${pipelineId}&from=1899-12-31&to=2026-02-01`, 'invalid-request', '?from'],
      [`/v1/funnel?pipeline=${pipelineId}&from=2026-01-01&to=2026-02-30`, 'invalid-request', '?to'],
      ['/v1/events?after=-1', 'invalid-request', '?after'],
      [`/v1/deals/${dealId}?atRevision=x`, 'invalid-request', '?atRevision'],
    ];
    for (const [path, code, place] of wrong) await refused(() => client.get(path), 400, code, place);
    const strict = `/v1/funnel?pipeline=${pipelineId}&from=2026-01-01&to=2026-02-01&basis=period&mode=strict`;
    await refused(() => client.get(strict), 400, 'unsupported-combination');
  });

  it('refuses headers that it does not understand', async () => {
    const command = (headers: Record<string, string>) => () => client.post('/v1/leads', lead, { headers });
    await refused(command({ 'Idempotency-Key': 'a b' }), 422, 'invalid-idempotency-key');
    await refused(command({ 'Idempotency-Key': 'x'.repeat(256) }), 422, 'invalid-idempotency-key');
    await refused(command({ 'If-Match': '4' }), 400, 'invalid-request');
    await refused(() => client.get('/v1/leads', { headers: { 'After-Position': 'soon' } }), 400, 'invalid-request');
  });

  it('asks everybody for a key, but for its health', async () => {
    for (const key of [null, 'wrong', '']) {
      const answer = await refused(() => client.get('/v1/leads', { key }), 401, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      await refused(() => client.post('/v1/leads', lead, { key }), 401, 'unauthenticated');
      await refused(() => client.get('/v1/nothing', { key }), 401, 'unauthenticated');
    }
    expect((await client.get('/health/live', { key: null })).status).toBe(200);
    expect((await client.get('/health/ready', { key: null })).status).toBe(200);
  });

  it('survives bytes that are no HTTP', async () => {
    const { port, hostname } = new URL(server.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end('GET / HTTP/9.9\r\n\u0000\u0001\r\n\r\n'));
      socket.on('data', () => undefined);
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
    });
    expect((await client.get('/v1/%E0%A4%A')).status).toBe(400);
    expect((await client.get('/health/live')).status).toBe(200);
    expect(server.output()).not.toContain('unexpected error');
  });
});
