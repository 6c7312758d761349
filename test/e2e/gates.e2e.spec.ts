import { setTimeout as sleep } from 'node:timers/promises';
import { runCli, MASTER_KEY } from '../support/cli-process.js';
import { Client, type Answer } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { OPPORTUNITIES, OPPORTUNITIES_HEADER, put } from '../support/import-files.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

const VALUE = { type: 'field', field: 'value' };
const CONFIRMED = { confirmed: true, facts: null };
const CRITERIA = { budget: CONFIRMED, authority: CONFIRMED, need: CONFIRMED, timeline: CONFIRMED };

/** A stage that asks for a value, tried through everything that puts a deal into a stage. */
describe('a gate', () => {
  let folder: DataFolder;
  let server: ServerProcess;
  let client: Client;
  let pipelineId: string;
  let free: string;
  let gated: string;
  let third: string;

  beforeAll(async () => {
    folder = dataFolder();
    server = await startServer(folder.path, { MASTER_KEY });
    client = new Client(server.url);
    const stages = [
      { name: 'Contacted', probability: 0.1 },
      { name: 'Proposal', probability: 0.4, gates: [VALUE] },
      { name: 'Negotiation', probability: 0.8 },
    ];
    pipelineId = await made('/v1/pipelines', { name: 'Gated', stages, winGates: [VALUE] });
    const ids = (await client.get(`/v1/pipelines/${pipelineId}`)).body.stages.map(({ id }: any) => id);
    [free, gated, third] = ids;
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  async function made(path: string, body: object): Promise<string> {
    const answer = await client.post(path, body);
    expect(answer.status).toBe(201);
    return answer.body.id;
  }
  const deal = (more: object = {}): Promise<string> => made('/v1/deals', { title: 'D', pipelineId, ...more });
  const types = async (id: string): Promise<string[]> =>
    (await client.get(`/v1/deals/${id}/events`)).body.items.map(({ type }: any) => type);

  /** Refused for the value that is missing, and nothing stored. */
  async function expectShut(answer: Answer, id: string | null, before: readonly string[] = []): Promise<void> {
    expect(answer.body).toMatchObject({ status: 409, code: 'gate-not-met', data: { missing: [VALUE] } });
    if (id !== null) expect(await types(id)).toEqual(before);
  }

  it('holds for a move, a win and an opening', async () => {
    const id = await deal();
    await expectShut(await client.post(`/v1/deals/${id}/move-stage`, { toStageId: gated }), id, ['DealOpened']);
    await expectShut(await client.post(`/v1/deals/${id}/win`, {}), id, ['DealOpened']);
    await expectShut(await client.post('/v1/deals', { title: 'D', pipelineId, stageId: gated }), null);
  });

  it('holds for each command of a batch, and is met within it', async () => {
    const id = await deal();
    const path = `/v1/deals/${id}`;
    const move = { path: `${path}/move-stage`, body: { toStageId: gated } };
    const value = { path: `${path}/change-value`, body: { value: { amount: '1', currency: 'EUR' } } };
    const { body } = await client.post('/v1/batch', { commands: [move, value, move] });
    expect(body.results.map(({ status }: any) => status)).toEqual([409, 200, 200]);
    expect(body.results[0].body.code).toBe('gate-not-met');
    expect(await types(id)).toEqual(['DealOpened', 'DealValueChanged', 'DealStageMoved']);
  });

  it('holds for a conversion, a switch and a win-back', async () => {
    const lead = await made('/v1/leads', { title: 'L', person: { name: 'N' } });
    await client.post(`/v1/leads/${lead}/qualify`, { criteria: CRITERIA });
    await expectShut(await client.post(`/v1/leads/${lead}/convert`, { pipelineId, stageId: gated }), null);
    expect((await client.get(`/v1/leads/${lead}`)).body.status).toBe('qualified');

    const elsewhere = await made('/v1/pipelines', { name: 'Free', template: 'startup' });
    const other = await made('/v1/deals', { title: 'D', pipelineId: elsewhere });
    const to = { pipelineId, stageId: gated };
    await expectShut(await client.post(`/v1/deals/${other}/switch-pipeline`, to), other, ['DealOpened']);
    const lost = await made('/v1/deals', { title: 'D', pipelineId: elsewhere });
    await client.post(`/v1/deals/${lost}/win`, {});
    await client.post(`/v1/deals/${lost}/record-churn`, { reason: 'price' });
    const before = await types(lost);
    await expectShut(await client.post(`/v1/deals/${lost}/win-back`, to), lost, before);
  });

  it('lets what an import brings through, and says so', async () => {
    const mapping = {
      ...OPPORTUNITIES,
      pipeline: { id: pipelineId },
      stage: { column: 'stage', values: { offered: { stage: 'Proposal' } } },
    };
    const file = put(folder.path, 'deals.csv', `${OPPORTUNITIES_HEADER}\no-1,Acme,Boiler,ada,offered,2026-01-01,,`);
    const run = await runCli(folder.path, 'import', file, '--mapping', put(folder.path, 'mapping.json', mapping));
    expect([run.code, run.errors]).toEqual([0, expect.not.stringContaining('refused')]);
    const lines = String((await client.get('/v1/events?type=GateOverridden')).body).split('\n');
    const events = lines.filter(Boolean).map((line) => JSON.parse(line));
    expect(events).toMatchObject([
      { data: { stageId: gated, missing: [VALUE] }, metadata: { actor: { kind: 'import' } } },
    ]);
  });

  it('does not hold up the deals of a stage that is retired: the reactor decides nothing', async () => {
    const id = await deal({ stageId: third });
    const retired = await client.post(`/v1/pipelines/${pipelineId}/retire-stage`, {
      stageId: third,
      relocateTo: gated,
    });
    expect(retired.status).toBe(200);
    for (let tries = 0; tries < 200 && !(await types(id)).includes('DealRelocated'); tries++) await sleep(50);
    expect(await types(id)).toEqual(['DealOpened', 'DealRelocated']);
    // And where it has come to, it is asked again at the next step.
    await client.post(`/v1/deals/${id}/move-stage`, { toStageId: free });
    await expectShut(await client.post(`/v1/deals/${id}/move-stage`, { toStageId: gated }), null);
  });
});
