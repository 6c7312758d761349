import '../utc.js';
import { runProcess } from '../run-process.js';
import { startProjector } from './projector.js';

await runProcess(async (configuration, log) => {
  const projector = await startProjector(configuration, log);
  const greeting = [`Pipeledger's projector runs; its health listens on ${projector.url}`];
  return { greeting, stop: () => projector.stop() };
}, 3_001);
