import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../apps/cli/main.js', import.meta.url));
/** The same in every run, so that what one run wrote another one may be compared with. */
export const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

/** What a run of the command line has come to. */
export interface CliResult {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A run of the command line in a process of its own. */
export interface CliProcess {
  readonly result: Promise<CliResult>;
  /** Whether it is still running. */
  running(): boolean;
  /** Ends it as a power cut would. */
  kill(): void;
}

export function startCli(dataDir: string, ...args: readonly string[]): CliProcess {
  return startProgram(CLI, {}, dataDir, args);
}

/** A program that ends in the command line, after it has prepared something. */
export function startProgram(
  main: string,
  environment: Readonly<Record<string, string>>,
  dataDir: string,
  args: readonly string[],
): CliProcess {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A folder without a .env of its own.
    cwd: dataDir,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir, MASTER_KEY, ...environment },
  });
  const [output, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const result = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, output: Buffer.concat(output).toString('utf8'), errors: Buffer.concat(errors).toString('utf8') }),
    );
  });
  return {
    result,
    running: () => child.exitCode === null && child.signalCode === null,
    kill: () => void child.kill('SIGKILL'),
  };
}

export function runCli(dataDir: string, ...args: readonly string[]): Promise<CliResult> {
  return startCli(dataDir, ...args).result;
}
