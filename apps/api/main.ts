import '../utc.js';
import 'reflect-metadata';
import { runProcess } from '../run-process.js';
import { startServer } from './server.js';

await runProcess(async (configuration, log) => {
  const server = await startServer(configuration, log);
  const key = server.newAdminKey === null ? [] : [`Administrator's API key, shown this once: ${server.newAdminKey}`];
  return { greeting: [...key, `Pipeledger listens on ${server.url}`], stop: () => server.stop() };
}, 3_000);
