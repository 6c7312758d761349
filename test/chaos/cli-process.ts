import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CLI } from '../support/cli-process.js';
import { API } from '../support/server-process.js';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** `npm run cli -- verify` on a data folder: the exit code and all that it wrote. */
export function verify(dataDir: string): Promise<Ended> {
  return ended([CLI, 'verify'], { DATA_DIR: dataDir });
}

/** A start of the server that is expected to be refused: the exit code and all that it wrote. */
export function refusedStart(environment: Readonly<Record<string, string>>, user?: number, main = API): Promise<Ended> {
  return ended(
    [main],
    { PORT: '0', ADMIN_API_KEY: 'test-administrator-key', LOG_FORMAT: 'json', ...environment },
    user,
  );
}

async function ended(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  user?: number,
): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    env: { PATH: process.env['PATH'], ...environment },
    ...(user === undefined ? {} : { uid: user, gid: user }),
    timeout: 60_000,
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  await once(child, 'close');
  return { code: child.exitCode, output: Buffer.concat(output).toString('utf8') };
}
