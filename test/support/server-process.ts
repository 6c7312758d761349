import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The api's program. */
export const API = fileURLToPath(new URL('../../apps/api/main.js', import.meta.url));
/** Room for young objects, and no threads of the collector that contend for the cores with ours. */
const NODE_OPTIONS = ['--max-semi-space-size=64', '--single-threaded-gc'];
/** The projector's program; what `startServer` answers for it is the address of its health. */
export const PROJECTOR = fileURLToPath(new URL('../../apps/projector/main.js', import.meta.url));
/** The administrator's key of test servers. */
export const KEY = 'test-administrator-key';

/** A server in a process of its own, as users run it: on loopback, on a free port. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** What it has written so far, both outputs. */
  output(): string;
  /** Ends it as a user would. Answers its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** @throws what the server wrote, when it does not start */
export async function startServer(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
  main = API,
): Promise<ServerProcess> {
  // As `npm start` does it.
  const child = spawn(process.execPath, [...NODE_OPTIONS, main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A folder without a .env of its own.
    cwd: dataDir,
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      PORT: '0',
      ADMIN_API_KEY: KEY,
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'warn',
      ...environment,
    },
  });
  const output: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output.push(chunk.toString('utf8'));
      const listening = /listens on (http:\S+)/u.exec(output.join(''))?.[1];
      if (listening !== undefined) resolve(listening);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`the server did not start: ${output.join('')}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output.join(''),
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}
