import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const DEALS = 300;

describe('the retirement of a stage', () => {
  const folder = dataFolder();
  let server: ServerProcess;
  let client: Client;
  const start = async (): Promise<void> => {
    server = await startServer(folder.path, { RATE_LIMIT: '1000000000' });
    client = new Client(server.url);
  };
  beforeAll(start);
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const relocated = async (): Promise<string[]> => {
    const { body } = await client.get('/v1/events?category=deal&type=DealRelocated');
    return String(body)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).stream);
  };

  it('leaves no deal behind and takes none twice, however often the server is killed', async () => {
    const { id } = (await client.post('/v1/pipelines', { name: 'P', template: 'traditional' })).body;
    const { stages } = (await client.get(`/v1/pipelines/${id}`)).body;
    const [from, to] = [stages[1].id, stages[2].id];
    const open = { path: '/v1/deals', body: { title: 'D', pipelineId: id, stageId: from } };
    const { status, body } = await client.post('/v1/batch', { commands: Array.from({ length: DEALS }, () => open) });
    expect(status).toBe(200);
    const ids: string[] = body.results.map((result: any) => result.body.id);

    await client.post(`/v1/pipelines/${id}/retire-stage`, { stageId: from, relocateTo: to });
    for (let before = 0; before < DEALS;) {
      while ((await relocated()).length < Math.min(DEALS, before + 50)) await sleep(5);
      await server.kill();
      await start();
      before = (await relocated()).length;
    }
    const streams = await relocated();
    expect(new Set(streams)).toEqual(new Set(ids.map((deal) => `deal-${deal}`)));
    expect(streams).toHaveLength(DEALS);
    for (;;) {
      const { stages: now } = (await client.get(`/v1/pipelines/${id}`)).body;
      if (now[1].relocating.left === 0) break;
      await sleep(20);
    }
    for (const deal of ids.slice(0, 20)) {
      expect((await client.get(`/v1/deals/${deal}`)).body).toMatchObject({ status: 'open', stageId: to });
    }
  }, 600_000);
});
