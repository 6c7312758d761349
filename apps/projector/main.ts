import { runProcess } from '../run-process.js';
import { startProjector } from './projector.js';

await runProcess(async (configuration, log) => {
  const projector = await startProjector(configuration, log);
  process.stdout.write(`Pipeledger's projector runs; its health listens on ${projector.url}\n`);
  return projector;
}, 3_001);
