import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface StandInProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the stand-in as a process of its own, so that it does not share a thread with what is measured. */
export async function startStandInProcess(): Promise<StandInProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./serve.js', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [url] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error('the stand-in for EventStoreDB did not start'))),
  ]);
  return {
    url: String(url),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
