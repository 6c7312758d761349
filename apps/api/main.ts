import 'reflect-metadata';
import { runProcess } from '../run-process.js';
import { startServer } from './server.js';

await runProcess(async (configuration, log) => {
  const server = await startServer(configuration, log);
  if (server.newAdminKey !== null) {
    process.stdout.write(`Administrator's API key, shown this once: ${server.newAdminKey}\n`);
  }
  process.stdout.write(`Pipeledger listens on ${server.url}\n`);
  return server;
}, 3_000);
