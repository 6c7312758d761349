import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { EXPOSITION_TYPE } from '#platform/metrics/exposition.js';
import type { Health } from '../api/health.js';
import type { Metrics } from '../api/metrics/metrics.js';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers `/health/live`, `/health/ready` and `/metrics` as the api does, without asking for a key, and nothing else. */
export async function serveHealth(health: Health, metrics: Metrics, port: number, host: string): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path === '/health/live') return send(response, 200, { status: 'ready' });
    if (path === '/metrics') {
      return void metrics.text().then((text) => response.writeHead(200, { 'Content-Type': EXPOSITION_TYPE }).end(text));
    }
    if (path !== '/health/ready') return send(response, 404, { status: 'not-found' });
    void health.readiness().then((readiness) => send(response, readiness.status === 'ready' ? 200 : 503, readiness));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    ...(status === 503 ? { 'Retry-After': '1' } : {}),
  });
  response.end(JSON.stringify(body));
}
