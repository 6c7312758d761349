import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';

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

const main = (app: string): string => fileURLToPath(new URL(`../../apps/${app}/main.js`, import.meta.url));

describe('in the hour that is repeated when summer time ends', () => {
  it.each(['api', 'projector'])('deadlines of the %s are right, in the zone of its machine too', async (app) => {
    const folder = dataFolder();
    const server = await startServer(folder.path, ENVIRONMENT, main(app));
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain(RIGHT);
    folder.remove();
  });

  it('and those of the command line', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [main('cli')], { env: ENVIRONMENT }).catch(
      (error: unknown) => error as { readonly stdout: string },
    );
    expect(stdout).toContain(RIGHT);
  });
});
