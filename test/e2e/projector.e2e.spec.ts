import { readdirSync } from 'node:fs';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { PAIRS, type RunningPair } from '../support/pairs.js';
import { untilReady } from '../support/readiness.js';
import { PROJECTOR, startServer, type ServerProcess } from '../support/server-process.js';

describe.each(PAIRS)('apis that only serve, beside projectors, on $name,', (pair) => {
  let folder: DataFolder;
  let engines: RunningPair;
  const running: ServerProcess[] = [];
  const start = async (environment: Record<string, string>, main?: string): Promise<ServerProcess> => {
    const started = await startServer(folder.path, { ...engines.environment, ...environment }, main);
    running.push(started);
    return started;
  };

  beforeAll(async () => {
    folder = dataFolder();
    engines = await pair.start();
  });
  afterAll(async () => {
    await Promise.all(running.map((each) => each.kill()));
    await engines.stop();
    folder.remove();
  });

  it('take what any of them stored from all views, however many there are', async () => {
    const apis = [await start({ PROJECTIONS: 'external' }), await start({ PROJECTIONS: 'external' })];
    const projectors = [await start({}, PROJECTOR), await start({}, PROJECTOR)];
    const [one, other] = apis.map(({ url }) => new Client(url)) as [Client, Client];
    await pair.caughtUp(apis[0]?.url ?? '');
    for (const { url } of projectors) {
      const probe = new Client(url);
      expect((await probe.get('/health/live', { key: null })).body).toEqual({ status: 'ready' });
      expect((await probe.get('/v1/deals')).status).toBe(404);
    }
    const pipeline = (await one.post('/v1/pipelines', { name: 'New', template: 'startup' })).body;
    const deal = (await other.post('/v1/deals', { title: 'Boiler', pipelineId: pipeline.id })).body;
    for (const client of [one, other]) {
      const { status, body } = await client.getAfter(deal.position, `/v1/boards/${pipeline.id}?cards=5`);
      expect(status).toBe(200);
      expect(body.columns[0].cards.map(({ id }: any) => id)).toEqual([deal.id]);
      expect((await client.getAfter(deal.position, `/v1/deals/${deal.id}/timeline`)).body.items).toHaveLength(1);
    }
    for (const { url } of [...apis, ...projectors]) {
      await untilReady(url);
    }

    // The leader of a view gives it back when it stops: the other one goes on with it at once.
    expect(await projectors[0]?.stop()).toBe(0);
    const note = (await one.post(`/v1/deals/${deal.id}/add-note`, { text: 'Called' })).body;
    expect((await other.getAfter(note.position, `/v1/deals/${deal.id}/timeline`)).body.items).toHaveLength(2);
    for (const each of [...apis, ...projectors]) expect(await each.stop()).toBe(0);
    // On servers nothing is kept here.
    expect(readdirSync(folder.path).includes('events.db')).toBe(pair.name === 'SQLite');
    if (pair.name !== 'SQLite') expect(readdirSync(folder.path)).toEqual([]);
  }, 600_000);
});
