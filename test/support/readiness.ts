import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.js';

/** Waits until a process says that it is ready. */
export async function untilReady(url: string): Promise<void> {
  const probe = new Client(url);
  while ((await probe.get('/health/ready', { key: null })).status !== 200) await sleep(50);
}
