import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { API, KEY } from '../support/server-process.js';

/** Starts a server and kills it `afterMs` later, which may be before it listens. */
export async function interruptedStart(dataDir: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [API], {
    stdio: 'ignore',
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', ADMIN_API_KEY: KEY, LOG_LEVEL: 'silent' },
  });
  const exited = once(child, 'exit');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await exited;
}
