import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { done, expectInvalid, expectProblem, INSTANT, ACTOR, POSITION, TEXT, UUID } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, eventsOf, onDeal, openDeal, type Pipeline, qualifiedLead } from './sales-floor.js';

const CORRELATION = 'b2f1c2de-0f6c-4f6e-9a58-3a1f0a1d2c3b';

export function headers(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
  });

  describe('Authorization', () => {
    it('is needed by all but health', async () => {
      const paths = ['/v1/deals', '/v1/leads', '/v1/stalled', '/v1/events', `/v1/boards/${pipeline.id}`];
      for (const path of paths) {
        expectProblem(await subject().get(path, { key: null }), 401, 'unauthenticated');
        expectProblem(await subject().get(path, { key: 'another-administrator-key' }), 401, 'unauthenticated');
      }
      expectProblem(await subject().post('/v1/deals', {}, { key: null }), 401, 'unauthenticated');
      const basic = { key: null, headers: { Authorization: 'Basic dGVzdDp0ZXN0' } };
      expectProblem(await subject().get('/v1/deals', basic), 401, 'unauthenticated');
      for (const path of ['/health/live', '/health/ready']) {
        const { status, body } = await subject().get(path, { key: null });
        expect({ status, body }).toEqual({ status: 200, body: { status: 'ready' } });
      }
    });
  });

  describe('of an answer', () => {
    it('to a creation: Location, ETag and the rate limit', async () => {
      const created = await subject().post('/v1/deals', { title: 'x', pipelineId: pipeline.id });
      expect(created.status).toBe(201);
      expect(created.body).toEqual({ id: UUID, revision: 0, position: POSITION });
      expect(created.headers.get('location')).toBe(`/v1/deals/${created.body.id}`);
      expect(created.headers.get('etag')).toBe('"0"');
      expect(created.headers.get('ratelimit')).toMatch(/^"[a-z]+";r=\d+;t=\d+$/u);
      expect(created.headers.get('ratelimit-policy')).toMatch(/^"[a-z]+";q=\d+;w=\d+$/u);
      expect(created.headers.get('correlation-id')).toEqual(UUID);
      expect(created.headers.get('idempotency-replayed')).toBeNull();
      expect(created.headers.get('content-type')).toMatch(/^application\/json/u);
    });

    it('to a command and to a resource: ETag', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const assigned = await subject().post(`/v1/deals/${id}/assign`, { ownerId: 'u-2' });
      expect(assigned.headers.get('etag')).toBe('"1"');
      expect(assigned.headers.get('location')).toBeNull();
      const read = await subject().get(`/v1/deals/${id}`);
      expect(read.headers.get('etag')).toBe('"1"');
      expect(BigInt(read.headers.get('view-position') ?? -1)).toBeGreaterThanOrEqual(BigInt(assigned.body.position));
      const lead = await qualifiedLead(subject());
      expect((await subject().get(`/v1/leads/${lead}`)).headers.get('etag')).toBe('"1"');
      expect((await subject().get(`/v1/pipelines/${pipeline.id}`)).headers.get('etag')).toBe('"0"');
    });

    it('to every query: View-Position', async () => {
      const { id, position } = await openDeal(subject(), pipeline);
      const window = `pipeline=${pipeline.id}&from=2024-01-01&to=2024-02-01`;
      for (const path of [
        '/v1/leads',
        `/v1/leads/${await qualifiedLead(subject())}`,
        '/v1/deals',
        `/v1/deals/${id}`,
        `/v1/deals/${id}/timeline`,
        `/v1/deals/${id}/events`,
        `/v1/deals/${id}/diff?from=0&to=0`,
        `/v1/boards/${pipeline.id}`,
        `/v1/boards/${pipeline.id}/columns/${pipeline.stages[0]}`,
        '/v1/stalled',
        `/v1/funnel?${window}`,
        `/v1/funnel/drill?${window}&stageId=${pipeline.stages[0]}&cell=reached`,
        `/v1/performance?${window}`,
        `/v1/pipelines/${pipeline.id}`,
        `/v1/events?after=${position}`,
      ]) {
        const answer = await subject().get(path);
        expect({ path, status: answer.status }).toEqual({ path, status: 200 });
        const at = answer.headers.get('view-position');
        expect({ path, at }).toEqual({ path, at: POSITION });
        expect({ path, fresh: BigInt(at ?? -1) >= BigInt(position) }).toEqual({ path, fresh: true });
      }
    });

    it('Correlation-Id is the one that was sent, in errors and in the log too', async () => {
      const sent = { headers: { 'Correlation-Id': CORRELATION } };
      const created = await subject().post('/v1/deals', { title: 'x', pipelineId: pipeline.id }, sent);
      expect(created.headers.get('correlation-id')).toBe(CORRELATION);
      const [event] = await eventsOf(subject(), 'deals', created.body.id);
      expect(event.metadata.correlationId).toBe(CORRELATION);
      const refused = await subject().get('/v1/deals?colour=red', sent);
      expect(refused.headers.get('correlation-id')).toBe(CORRELATION);
      expect((await subject().get('/v1/nothing', sent)).headers.get('correlation-id')).toBe(CORRELATION);
    });
  });

  describe('If-Match', () => {
    it('lets a command through at its revision and names what came between otherwise', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const assign = (ownerId: string, match: string) =>
        subject().post(`/v1/deals/${id}/assign`, { ownerId }, { headers: { 'If-Match': match } });
      expect((await assign('u-1', '"0"')).status).toBe(200);
      await onDeal(subject(), id, 'add-note', { text: 'called' });
      const since = [
        { revision: 1, type: 'DealAssigned', actor: ACTOR, occurredAt: INSTANT },
        { revision: 2, type: 'NoteAdded', actor: ACTOR, occurredAt: INSTANT },
      ];
      expectProblem(await assign('u-2', '"0"'), 412, 'stale-revision', { expected: 0, actual: 2, since });
      expectProblem(await assign('u-2', '"1"'), 412, 'stale-revision', {
        expected: 1,
        actual: 2,
        since: since.slice(1),
      });
      expect((await assign('u-2', '"2"')).body.revision).toBe(3);
      for (const match of ['4', 'W/"3"', '"x"', '"-1"']) expect((await assign('u-3', match)).status).toBe(400);
    });

    it('lets one of many at once through, and all without it', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const six = ['a', 'b', 'c', 'd', 'e', 'f'];
      const conditional = await Promise.all(
        six.map((ownerId) => subject().post(`/v1/deals/${id}/assign`, { ownerId }, { headers: { 'If-Match': '"0"' } })),
      );
      expect(conditional.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
      const free = await Promise.all(six.slice(1).map((text) => onDeal(subject(), id, 'add-note', { text })));
      expect(free.map((answer) => answer.revision).sort()).toEqual([2, 3, 4, 5, 6]);
    });

    it('of a conversion belongs to the lead', async () => {
      const lead = await qualifiedLead(subject());
      const convert = (match: string) =>
        subject().post(`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id }, { headers: { 'If-Match': match } });
      expect((await convert('"0"')).status).toBe(412);
      const converted = await convert('"1"');
      expect(converted.status).toBe(201);
      expect(converted.headers.get('etag')).toBe(`"${converted.body.revision}"`);
      expect(converted.headers.get('location')).toBe(`/v1/deals/${converted.body.deal.id}`);
    });
  });

  describe('After-Position', () => {
    it('behind after the wait: 503 with Retry-After and the lag', async () => {
      const ahead = { headers: { 'After-Position': '900000000000', Prefer: 'wait=0' } };
      for (const path of ['/v1/deals', '/v1/leads', `/v1/boards/${pipeline.id}`, '/v1/stalled']) {
        const answer = await subject().get(path, ahead);
        expectProblem(answer, 503, 'view-behind', {
          view: expect.any(String),
          position: POSITION,
          head: POSITION,
          events: null,
          seconds: expect.any(Number),
        });
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/u);
      }
    });

    it('and Prefer must be what they say', async () => {
      expect((await subject().get('/v1/deals', { headers: { 'After-Position': 'soon' } })).status).toBe(400);
      expect((await subject().get('/v1/deals', { headers: { 'After-Position': '-1' } })).status).toBe(400);
    });
  });

  describe('the body', () => {
    it('must be JSON, in UTF-8, of an object, of at most 1 MiB', async () => {
      const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
        subject().send('POST', '/v1/deals', body, { headers: { 'Content-Type': type } });
      expectProblem(await post('title=x', 'application/x-www-form-urlencoded'), 415, 'unsupported-media-type');
      expectProblem(await post('{}', 'text/plain'), 415, 'unsupported-media-type');
      expectInvalid(await post('{"title":'), '');
      expectInvalid(await post('[]'), '');
      expectInvalid(await post('null'), '');
      expectInvalid(await post(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), '');
      expectProblem(await post(JSON.stringify({ title: 'x'.repeat(1_048_576) })), 413, 'body-too-large');
    });

    it('is for the methods that there are', async () => {
      const answer = await subject().send('DELETE', '/v1/deals/01890f3a-7c4e-7abc-8def-0123456789ab', undefined);
      expectProblem(answer, 405, 'method-not-allowed');
      expect(answer.headers.get('allow')).toMatch(/\bGET\b/u);
      const moved = await subject().get('/v1/deals/01890f3a-7c4e-7abc-8def-0123456789ab/move-stage');
      expectProblem(moved, 405, 'method-not-allowed');
      expect(moved.headers.get('allow')).toBe('POST');
    });
  });

  it('RateLimit: too many are refused until they may come again', async () => {
    const folder = dataFolder();
    const strict = await startServer(folder.path, { RATE_LIMIT: '3' });
    try {
      const client = new Client(strict.url);
      // A window may end between any two of them.
      const answers = [];
      while (answers.at(-1)?.status !== 429 && answers.length < 8) answers.push(await client.get('/v1/deals'));
      const last = answers.pop()!;
      expect(answers.length).toBeGreaterThanOrEqual(3);
      for (const { status } of answers) expect(status).toBe(200);
      expectProblem(last, 429, 'rate-limited');
      expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(last.headers.get('ratelimit')).toMatch(/;r=0;/u);
      expect((await client.get('/health/live')).status).toBe(200);
    } finally {
      await strict.stop();
      folder.remove();
    }
  });

  it('commands know no query but that of a move', async () => {
    const { id } = await openDeal(subject(), pipeline);
    const lead = await qualifiedLead(subject());
    const stagePolicy = { stageId: pipeline.stages[0], probability: 0.1 };
    for (const [path, body] of [
      ['/v1/pipelines', { name: 'P', stages: [{ name: 'S', probability: 0 }] }],
      [`/v1/pipelines/${pipeline.id}/set-stage-policy`, stagePolicy],
      ['/v1/leads', { title: 'L', source: 'fair', person: { name: 'Ada' } }],
      [`/v1/leads/${lead}/add-note`, { text: 'x' }],
      [`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id }],
      ['/v1/deals', { title: 'D', pipelineId: pipeline.id }],
      [`/v1/deals/${id}/assign`, { ownerId: 'u-1' }],
      [`/v1/deals/${id}/move-stage`, { toStageId: pipeline.stages[1] }],
      [`/v1/deals/${id}/win`, {}],
    ] as const) {
      const answer = await subject().post(`${path}?dryRun=true`, body);
      const { errors } = expectProblem(answer, 400, 'unknown-parameter');
      expect(errors).toEqual([{ path: '?dryRun', message: TEXT }]);
    }
    expectProblem(await subject().post(`/v1/deals/${id}/win?totals=true`), 400, 'unknown-parameter');
    expect((await done(subject().get(`/v1/deals/${id}`))).revision).toBe(0);
  });

  it('answers of commands are alone what the contract lists', async () => {
    const { id } = await openDeal(subject(), pipeline);
    expect(await done(subject().post(`/v1/deals/${id}/add-note`, { text: 'x' }))).toEqual({
      id,
      revision: 1,
      position: POSITION,
    });
  });
}
