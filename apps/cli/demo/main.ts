import 'reflect-metadata';
import { constants } from 'node:os';
import { InvalidConfiguration, loadConfiguration } from '#platform/configuration.js';
import { createLogger } from '#platform/logger.js';
import { startServer, type RunningServer } from '../../api/server.js';
import { Refused } from './api.js';
import { demoFolder, DemoRefused, type DemoFolder } from './data-folder.js';
import { demonstrate } from './demonstration.js';
import { listeningPort } from './listening-port.js';

const USAGE = `Usage: npm run demo [-- --once]

  Starts Pipeledger on a new data folder, tells it 18 months of a made-up sales organisation and shows
  the board, the stalled deals, the funnel and the replay of a deal. Stays up until Ctrl-C; with --once
  it ends when everything is printed.

  PORT and HOST say where it listens; DATA_DIR names an empty folder that stays, instead of a temporary one.
`;
const SAME_SIGNAL_MS = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
/** Aborted by the first signal, with its name. */
const stopping = new AbortController();
let folder: DemoFolder | null = null;

let firstSignalAt: number | null = null;
for (const signal of SIGNALS) {
  process.on(signal, () => {
    firstSignalAt ??= performance.now();
    // One Ctrl-C may come twice, from the terminal and from npm. A second one does not wait.
    if (performance.now() - firstSignalAt > SAME_SIGNAL_MS) end(1);
    stopping.abort(signal);
  });
}
process.on('uncaughtException', (error) => {
  complain(error);
  end(1);
});
// Whoever reads has gone: there is nobody left to show it to.
process.stdout.on('error', () => end(1));

const args = process.argv.slice(2);
if (args.length > 1 || (args.length === 1 && args[0] !== '--once')) {
  process.stderr.write(USAGE);
  end(2);
}
try {
  await run(args.length === 1);
  end(0);
} catch (error) {
  if (stopping.signal.aborted) end(128 + constants.signals[signalName()]);
  complain(error);
  end(1);
}

async function run(once: boolean): Promise<void> {
  folder = demoFolder(process.env['DATA_DIR']);
  const server = await start(folder.path);
  try {
    const key = server.newAdminKey;
    if (key === null) throw new Error('the server has made no administrator key');
    await demonstrate({ url: server.url, key, signal: stopping.signal, print });
    if (once) return;
    const fate = folder.temporary ? 'is removed then' : 'stays';
    print('\nEverything above is live until Ctrl-C.');
    print(`The data folder ${folder.path} ${fate}.`);
    await signalled();
    print(`${signalName()}: stopping`);
  } finally {
    await server.stop();
  }
}

/** The real server, on the embedded engines. Of the environment it sees only what the usage names; no `.env` is read. */
async function start(dataDir: string): Promise<RunningServer> {
  const { PORT, HOST, LOG_LEVEL = 'error', LOG_FORMAT } = process.env;
  const configuration = loadConfiguration({ PORT, HOST, LOG_LEVEL, LOG_FORMAT, DATA_DIR: dataDir }, dataDir);
  const { port: wanted, host } = configuration;
  const port = await listeningPort(wanted, host, PORT !== undefined && PORT !== '');
  if (port !== wanted) print(`Port ${wanted} is taken: a free one is used.`);
  return startServer({ ...configuration, port }, createLogger(configuration));
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.signal.aborted) resolve();
    stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function signalName(): (typeof SIGNALS)[number] {
  return SIGNALS.find((signal) => signal === stopping.signal.reason) ?? 'SIGTERM';
}

function complain(error: unknown): void {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The demo has failed: ${sentence}\n`);
  const expected = [DemoRefused, InvalidConfiguration, Refused].some((kind) => error instanceof kind);
  if (!expected && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

/** Threads of a server that did not start are ended with the process. */
function end(code: number): never {
  try {
    folder?.release();
  } catch (error) {
    process.stderr.write(`${folder?.path} could not be removed: ${String(error)}\n`);
  }
  process.exit(code);
}
