import { once } from 'node:events';
import autocannon from 'autocannon';
import { KEY } from '../support/server-process.js';

export interface Load {
  readonly requestsPerSecond: number;
  /** Milliseconds, over all requests. */
  readonly p50: number;
  readonly p95: number;
}

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** Sends requests over `connections` for some seconds. @throws when any of them is not answered with 2xx */
export async function load(url: string, connections: number, seconds: number, next: () => LoadRequest): Promise<Load> {
  const times: number[] = [];
  let refused = 0;
  let failed = 0;
  const options: autocannon.Options = {
    url,
    connections,
    duration: seconds,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
  };
  // With a callback it answers the running instance instead of a promise.
  const run = autocannon(options, () => undefined);
  run.on('response', (_client, status, _bytes, ms) => {
    times.push(ms);
    if (status < 200 || status > 299) refused += 1;
  });
  run.on('reqError', () => (failed += 1));
  const startedAt = performance.now();
  await once(run, 'done');
  const elapsed = performance.now() - startedAt;
  if (refused > 0 || failed > 0) throw new Error(`${refused} refused and ${failed} failed of ${times.length} requests`);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { requestsPerSecond: (times.length / elapsed) * 1_000, p50: at(0.5), p95: at(0.95) };
}
