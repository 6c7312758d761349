import 'reflect-metadata';
import { loadConfiguration } from '#platform/configuration.js';
import { createLogger } from '#platform/logger.js';
import { startServer } from './server.js';
import { startFailure } from './start-failure.js';

try {
  const configuration = loadConfiguration();
  const log = createLogger(configuration);
  const server = await startServer(configuration, log);
  if (server.newAdminKey !== null) {
    process.stdout.write(`Administrator's API key, shown this once: ${server.newAdminKey}\n`);
  }
  process.stdout.write(`Pipeledger listens on ${server.url}\n`);
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // The second signal does not wait.
    if (stopping) process.exit(1);
    stopping = true;
    log.info(`${signal}: stopping`);
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  const sentence = startFailure(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stderr.write(`Pipeledger does not start: ${sentence}\n`);
  process.exitCode = 1;
  process.exit();
}
