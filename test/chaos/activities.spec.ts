import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { openedBy } from '../support/opened.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const DEALS = 60;
/** The second one is overdue as soon as it is planned: the deals were lost long ago. */
const CHECK_INS = [
  { kind: 'call', subject: 'Check in', after: 'P120M' },
  { kind: 'call', subject: 'Check in again', after: 'P3M' },
];

describe('what follows a loss', () => {
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

  const told = async (type: string): Promise<any[]> => {
    const { body } = await client.get(`/v1/events?type=${type}`);
    const lines = String(body).split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
  };

  it('is planned once and announced once, however often the server is killed', async () => {
    await client.post('/v1/settings/set-follow-up-plan', { on: 'loss', activities: CHECK_INS });
    const { id: pipelineId } = (await client.post('/v1/pipelines', { name: 'P', template: 'traditional' })).body;
    const open = { path: '/v1/deals', body: { title: 'D', pipelineId, occurredAt: '2025-01-02T09:00:00Z' } };
    const opened = await client.post('/v1/batch', { commands: Array.from({ length: DEALS }, () => open) });
    const deals: string[] = opened.body.results.map((result: any) => result.body.id);
    const body = { reason: 'price', occurredAt: '2025-01-03T09:00:00Z' };
    const lose = deals.map((id) => ({ path: `/v1/deals/${id}/lose`, body }));
    expect((await client.post('/v1/batch', { commands: lose })).status).toBe(200);

    for (const [type, all] of [
      ['ActivityPlanned', 2 * DEALS],
      ['ActivityDue', DEALS],
    ] as const) {
      for (let before = 0; before < all;) {
        while ((await told(type)).length < Math.min(all, before + all / 4)) await sleep(5);
        await server.kill();
        await start();
        before = (await told(type)).length;
      }
    }
    const planned = (await openedBy(folder.path, await told('ActivityPlanned'))).map(
      ({ stream, data }) => `${stream} ${data.subject}`,
    );
    const expected = deals.flatMap((id) => CHECK_INS.map(({ subject }) => `deal-${id} ${subject}`));
    expect(planned.sort()).toEqual(expected.sort());
    // Looks that would announce once more.
    await sleep(2_500);
    const due = (await told('ActivityDue')).map(({ data }) => `${data.dealId} ${data.dueAt}`);
    expect(due.sort()).toEqual(deals.map((id) => `${id} 2025-04-03T09:00:00.000Z`).sort());
  }, 600_000);
});
