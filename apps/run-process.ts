import { loadConfiguration, type Configuration } from '#platform/configuration.js';
import { createLogger, type Logger } from '#platform/logger.js';
import { startFailure } from './api/start-failure.js';

/** What a process of ours does until it is told to stop. */
export interface Running {
  /** Lines for whoever started it: what it is, and where. */
  readonly greeting: readonly string[];
  /** Ends what is under way, and closes all that was opened. */
  stop(): Promise<void>;
}

/**
 * Runs a process of ours: reads the settings, starts, and stops with SIGINT or SIGTERM. A start that fails says why, in
 * a sentence where the operator can mend it.
 * @param defaultPort where it listens unless PORT says otherwise
 */
export async function runProcess(
  start: (configuration: Configuration, log: Logger) => Promise<Running>,
  defaultPort: number,
): Promise<void> {
  try {
    const configuration = loadConfiguration(process.env, process.cwd(), defaultPort);
    const log = createLogger(configuration);
    const running = await start(configuration, log);
    // Before it is said that it runs: who reads that may end it at once.
    stopOnSignal(running, log);
    for (const line of running.greeting) process.stdout.write(`${line}\n`);
  } catch (error) {
    const sentence = startFailure(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.stderr.write(`Pipeledger does not start: ${sentence}\n`);
    process.exitCode = 1;
    process.exit();
  }
}

function stopOnSignal(running: Running, log: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // The second signal does not wait.
    if (stopping) process.exit(1);
    stopping = true;
    log.info(`${signal}: stopping`);
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
