import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CLI } from '../support/cli-process.js';
import { dataFolder } from '../support/data-folder.js';
import { API, PROJECTOR, startServer } from '../support/server-process.js';

/** Clocks in Berlin tell the hours from 00:00 and from 01:00 UTC of that day alike: as the one from 02:00. */
const REPEATED = '2026-10-25T01:20:00.000Z';
const AT_EXIT = `process.on('exit', () => {
  const deadline = new Date('${REPEATED}');
  deadline.setSeconds(deadline.getSeconds() + 5);
  console.log('five seconds later', deadline.toISOString());
})`;
const ENVIRONMENT = {
  TZ: 'Europe/Berlin',
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(AT_EXIT)}`,
};
const RIGHT = 'five seconds later 2026-10-25T01:20:05.000Z';

describe('in the hour that is repeated when summer time ends', () => {
  it.each([
    ['api', API],
    ['projector', PROJECTOR],
  ])('deadlines of the %s are right, in the zone of its machine too', async (_, main) => {
    const folder = dataFolder();
    const server = await startServer(folder.path, ENVIRONMENT, main);
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain(RIGHT);
    folder.remove();
  });

  it('and those of the command line', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [CLI], { env: ENVIRONMENT }).catch(
      (error: unknown) => error as { readonly stdout: string },
    );
    expect(stdout).toContain(RIGHT);
  });
});
