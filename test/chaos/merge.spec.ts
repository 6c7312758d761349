import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startServer } from '../support/server-process.js';
import { readLog } from './log-checks.js';

const STOPPING = fileURLToPath(new URL('./stopping-main.js', import.meta.url));
/** From the first effect of a merge to its answer. */
const MOMENTS = [
  'ContactMergeStarted:before',
  'ContactMergeStarted:after',
  'ContactMergedInto:after',
  'ContactMergeCompleted:before',
  'ContactMergeCompleted:after',
] as const;
const EFFECTS = ['ContactMergeStarted', 'ContactMergedInto', 'ContactMergeCompleted'];
const WITH_KEY = { headers: { 'Idempotency-Key': 'merge' } };

async function effects(client: Client): Promise<string[]> {
  const log = await readLog(client, null);
  expect(chainFaults(log)).toEqual([]);
  return log.map(({ type }) => type as string).filter((type) => EFFECTS.includes(type));
}

describe.each(MOMENTS)('a merge of two people that is cut off at %s', (moment) => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = dataFolder();
  });
  afterEach(() => folder.remove());

  it('is finished by the reactor alone, and then answered to the same key', async () => {
    // No reactor beside it: what is found later is what this process left.
    const stopping = await startServer(folder.path, { STOP_AT: moment, PROJECTIONS: 'external' }, STOPPING);
    const dying = new Client(stopping.url);
    const survivor: string = (await dying.post('/v1/people', { name: 'Ada' })).body.id;
    const other: string = (await dying.post('/v1/people', { name: 'Ada B.' })).body.id;
    const [path, body] = [`/v1/people/${survivor}/merge`, { otherId: other }];
    await expect(dying.post(path, body, WITH_KEY)).rejects.toThrow();
    await stopping.kill();

    const server = await startServer(folder.path);
    const client = new Client(server.url);
    try {
      if (moment === 'ContactMergeStarted:before') {
        expect(await effects(client)).toEqual([]);
      } else {
        while ((await effects(client)).length < EFFECTS.length) await sleep(20);
      }
      const answer = await client.post(path, body, WITH_KEY);
      expect([answer.status, answer.body]).toEqual([200, { id: survivor, revision: 2, position: expect.any(String) }]);
      expect(await effects(client)).toEqual(EFFECTS);
      const { headers, body: again } = await client.post(path, body, WITH_KEY);
      expect([headers.get('idempotency-replayed'), again]).toEqual(['true', answer.body]);
      expect((await client.get(`/v1/people/${other}`)).body).toMatchObject({ mergedInto: survivor });
      expect((await client.get(`/v1/people/${survivor}`)).body).toMatchObject({ merged: [{ id: other }] });
    } finally {
      await server.kill();
    }
  });
});
