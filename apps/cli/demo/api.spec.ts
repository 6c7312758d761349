import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api, Refused } from './api.js';

type Answers = (request: IncomingMessage, response: ServerResponse) => void;

describe('the API as the demo uses it', () => {
  const servers: { close(): void }[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  async function apiThat(answers: Answers, signal = new AbortController().signal): Promise<Api> {
    const server = createServer(answers).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    // A server that listens on a port has an address of that kind.
    const { port } = server.address() as AddressInfo;
    return new Api(`http://127.0.0.1:${port}`, 'a-key', signal);
  }

  it('takes a refused command for a failure, and says what was refused', async () => {
    const api = await apiThat((_, response) => {
      response.writeHead(409, { 'Content-Type': 'application/problem+json; charset=utf-8' });
      response.end(JSON.stringify({ code: 'same-stage', detail: 'The deal is in Proposal.', errors: [] }));
    });
    const refused = api.command('/v1/deals/1/move-stage', { toStageId: 's' }, 'k');
    await expect(refused).rejects.toThrow(Refused);
    await expect(refused).rejects.toThrow(
      'POST /v1/deals/1/move-stage was answered 409 same-stage: The deal is in Proposal. It was sent {"toStageId":"s"}',
    );
    expect(api.accepted).toBe(0);
  });

  it('sends a command again, under the same key, when the server cannot take it now', async () => {
    const keys: (string | undefined)[] = [];
    const api = await apiThat(({ headers }, response) => {
      keys.push(headers['idempotency-key']?.toString());
      response.writeHead(keys.length < 3 ? 503 : 200, { 'Content-Type': 'application/json', 'Retry-After': '0' });
      response.end(JSON.stringify({ id: 'x', revision: 0, position: '7' }));
    });
    expect(await api.command('/v1/leads', {}, 'lead-1/capture')).toMatchObject({ position: '7' });
    expect(keys).toEqual(['lead-1/capture', 'lead-1/capture', 'lead-1/capture']);
    expect(api.accepted).toBe(1);
  });

  it('asks for answers that have seen the last command', async () => {
    const api = await apiThat(({ headers }, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ id: 'x', position: '41', after: headers['after-position'] }));
    });
    await api.command('/v1/leads', {}, 'k');
    expect(await api.get('/v1/leads')).toMatchObject({ after: '41' });
  });

  it('sends nothing more once it is to stop', async () => {
    let requests = 0;
    const stopping = new AbortController();
    const api = await apiThat((_, response) => {
      requests += 1;
      response.end('{}');
    }, stopping.signal);
    stopping.abort('SIGTERM');
    await expect(api.get('/v1/leads')).rejects.toBe('SIGTERM');
    expect(requests).toBe(0);
  });
});
