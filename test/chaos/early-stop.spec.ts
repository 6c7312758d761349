import { dataFolder } from '../support/data-folder.js';
import { API, PROJECTOR, startServer } from '../support/server-process.js';

const ROUNDS = 4;

/** Told to stop in the very moment in which it says that it runs: its threads are still starting. */
describe.each([
  ['api', API],
  ['projector', PROJECTOR],
])('the %s', (_, main) => {
  it('stops cleanly however early it is told to', async () => {
    const folder = dataFolder();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const server = await startServer(folder.path, {}, main);
        expect([await server.stop(), server.output()]).toEqual([0, expect.not.stringMatching(/"level":[56]0/)]);
      }
    } finally {
      folder.remove();
    }
  });
});
