import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KEY } from '../support/server-process.js';

const MAIN = fileURLToPath(new URL('../../apps/api/main.js', import.meta.url));

/** Starts a server and kills it `afterMs` later, which may be before it listens. */
export async function interruptedStart(dataDir: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: 'ignore',
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', ADMIN_API_KEY: KEY, LOG_LEVEL: 'silent' },
  });
  const exited = once(child, 'exit');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await exited;
}
