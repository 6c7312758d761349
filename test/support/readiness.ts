import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.js';

/** Waits until a process says that it is ready. */
export async function untilReady(url: string): Promise<void> {
  const probe = new Client(url);
  while ((await probe.get('/health/ready', { key: null })).status !== 200) await sleep(50);
}

/** Waits until the views have folded in the whole log; a pipeline is made to see its end. */
export async function untilCaughtUp(url: string): Promise<void> {
  const client = new Client(url);
  const { body } = await client.post('/v1/pipelines', { name: 'The end of the log', template: 'startup' });
  for (const path of ['/v1/leads', '/v1/stalled', '/v1/performance?from=2026-01-01&to=2026-01-02', '/v1/pipelines']) {
    while ((await client.getAfter(body.position, path)).status !== 200) await sleep(50);
  }
}
