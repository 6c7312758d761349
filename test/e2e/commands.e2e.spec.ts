import { randomUUID } from 'node:crypto';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { chainFaults } from '../support/hash-chain.js';

describe('commands', () => {
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

  const keyed = (key: string, more: Record<string, string> = {}) => ({ headers: { 'Idempotency-Key': key, ...more } });
  const openDeal = async (): Promise<string> => (await client.post('/v1/deals', { title: 'D', pipelineId })).body.id;

  it('answers a repeated command as before, whatever happened since, and before looking at If-Match', async () => {
    const body = { title: 'Once', pipelineId };
    const first = await client.post('/v1/deals', body, keyed('open'));
    const second = await client.post('/v1/deals', { pipelineId, title: 'Once' }, keyed('open'));
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));

    const path = `/v1/deals/${first.body.id}/move-stage`;
    const move = { toStageId: stages[2]?.id };
    const moved = await client.post(path, move, keyed('move', { 'If-Match': '"0"' }));
    await client.post(`/v1/deals/${first.body.id}/add-note`, { text: 'since' });
    const replayed = await client.post(path, move, keyed('move', { 'If-Match': '"0"' }));
    expect([replayed.status, replayed.body, replayed.headers.get('etag')]).toEqual([200, moved.body, '"1"']);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');

    const other = await client.post(path, { toStageId: stages[3]?.id }, keyed('move'));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    const otherQuery = await client.post(`${path}?totals=true`, move, keyed('move'));
    expect([otherQuery.status, otherQuery.body.code]).toEqual([422, 'idempotency-key-reused']);
    const elsewhere = await client.post('/v1/deals', { ...body, id: randomUUID() }, keyed('open'));
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, 'idempotency-key-reused']);
    // The key is the path's: on another deal it is another command.
    const onAnother = await client.post(`/v1/deals/${await openDeal()}/move-stage`, move, keyed('move'));
    expect([onAnother.status, onAnother.headers.get('idempotency-replayed')]).toEqual([200, null]);
  });

  it('does not remember what was refused or changed nothing', async () => {
    const id = await openDeal();
    const lose = { reason: 'price' };
    await client.post(`/v1/deals/${id}/win`);
    const refused = await client.post(`/v1/deals/${id}/lose`, lose, keyed('lose'));
    expect(refused.status).toBe(409);
    await client.post(`/v1/deals/${id}/reopen`);
    const taken = await client.post(`/v1/deals/${id}/lose`, lose, keyed('lose'));
    expect([taken.status, taken.headers.get('idempotency-replayed')]).toEqual([200, null]);

    const other = await openDeal();
    const nothing = await client.post(`/v1/deals/${other}/assign`, { ownerId: 'admin' }, keyed('assign'));
    expect([nothing.status, nothing.body.revision]).toEqual([200, 0]);
  });

  it('one key, fifty at once: one deal, one answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => client.post('/v1/deals', { title: 'Raced', pipelineId }, keyed('race'))),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    const id: string = answers[0]?.body.id;
    expect((await client.get(`/v1/deals/${id}/events`)).body.items).toHaveLength(1);
  });

  it('takes a condition: the stale one learns what happened since', async () => {
    const id = await openDeal();
    await client.post(`/v1/deals/${id}/assign`, { ownerId: 'u-2' });
    const stale = await client.post(`/v1/deals/${id}/win`, {}, { headers: { 'If-Match': '"0"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale-revision']);
    expect(stale.body.data).toEqual({
      expected: 0,
      actual: 1,
      since: [
        {
          revision: 1,
          type: 'DealAssigned',
          actor: { id: 'admin', kind: 'api-key' },
          occurredAt: expect.any(String),
        },
      ],
    });
    const fresh = await client.post(`/v1/deals/${id}/win`, {}, { headers: { 'If-Match': '"1"' } });
    expect(fresh.status).toBe(200);
  });

  it('fifty writers on one deal: each note is there once, in one unbroken chain', async () => {
    const id = await openDeal();
    const notes = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        for (;;) {
          const answer = await client.post(
            `/v1/deals/${id}/add-note`,
            { text: `note ${index}` },
            keyed(`note-${index}`),
          );
          if (answer.status === 200) return answer.body.revision as number;
          // Five retries lost: the client is asked to send it again.
          expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
        }
      }),
    );
    expect([...notes].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    const { items } = (await client.get(`/v1/deals/${id}/events?limit=200`)).body;
    expect(chainFaults(items)).toEqual([]);
    expect(new Set(items.slice(1).map((event: any) => event.data.text)).size).toBe(50);
  });

  it('half of a race of conditions wins', async () => {
    const id = await openDeal();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        client.post(`/v1/deals/${id}/assign`, { ownerId: `u-${index}` }, { headers: { 'If-Match': '"0"' } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
  });

  it('reads what was written', async () => {
    for (let round = 0; round < 20; round++) {
      const title = `Read ${round}`;
      const { position } = (await client.post('/v1/leads', { title, person: { name: 'N' } })).body;
      const list = await client.getAfter(position, '/v1/leads?limit=1');
      expect(list.body.items[0].title).toBe(title);
      expect(BigInt(list.headers.get('view-position') ?? 0)).toBeGreaterThanOrEqual(BigInt(position));
    }
    const ahead = await client.get('/v1/leads', { headers: { 'After-Position': '999999999', Prefer: 'wait=0' } });
    expect([ahead.status, ahead.body.code]).toEqual([503, 'view-behind']);
    expect(ahead.headers.get('retry-after')).toBe('1');
    expect(ahead.body.data).toEqual({
      view: 'leads',
      position: expect.any(String),
      head: expect.any(String),
      events: null,
      seconds: expect.any(Number),
    });
  });

  it('gives the feed: every event once, in order, verifiable, resumable', async () => {
    const lines = async (query: string): Promise<any[]> => {
      const answer = await client.get(`/v1/events${query}`);
      expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
      return String(answer.body)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    };
    const all = await lines('');
    const positions = all.map((event) => BigInt(event.position));
    expect(positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? 0n))).toBe(true);
    expect(chainFaults(all)).toEqual([]);
    const middle = all[Math.floor(all.length / 2)];
    expect(await lines(`?after=${middle.position}`)).toEqual(all.slice(Math.floor(all.length / 2) + 1));
    expect(await lines('?category=deal&type=DealAssigned')).toEqual(
      all.filter((event) => event.stream.startsWith('deal-') && event.type === 'DealAssigned'),
    );
  });

  it('pushes the feed live', async () => {
    const abort = new AbortController();
    const response = await fetch(`${client.url}/v1/events`, {
      headers: { Authorization: 'Bearer test-administrator-key', Accept: 'text/event-stream', 'Last-Event-ID': '0' },
      signal: abort.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let heard = '';
    const id = randomUUID();
    const listening = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        heard += decoder.decode(chunk, { stream: true });
        if (heard.includes(id)) return;
      }
    })();
    const { position } = (await client.post('/v1/leads', { id, title: 'Heard live', person: { name: 'N' } })).body;
    await listening;
    abort.abort();
    expect(heard).toContain(`id: ${position}\nevent: LeadCaptured\ndata: {`);
  });
});
