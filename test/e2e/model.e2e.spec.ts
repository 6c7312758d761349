import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { applied, GATED, OPENED, STAGES, type Command, type ModelDeal } from '../model/deal-model.js';
import { commands } from '../model/deal-sessions.js';
import { type Answer, Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

/** Sessions; many more with MODEL_RUNS. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 20);
const SEED = Number(process.env['MODEL_SEED'] ?? 20_261_122);

describe(`deals and a plain model of them (MODEL_SEED=${SEED})`, () => {
  let folder: DataFolder;
  let server: ServerProcess;
  let client: Client;
  const pipelineId = randomUUID();
  const stageIds = STAGES.map(() => randomUUID());

  beforeAll(async () => {
    folder = dataFolder();
    server = await startServer(folder.path, { RATE_LIMIT: '1000000000' });
    client = new Client(server.url);
    const stages = STAGES.map((name, index) => ({
      id: stageIds[index],
      name,
      kind: name === 'customer' ? 'post-sale' : 'open',
      probability: 0.5,
      ...(index === GATED ? { gates: [{ type: 'field', field: 'value' }] } : {}),
    }));
    const body = { id: pipelineId, name: 'Model', stages, moveRules: { skips: true, stepsBack: false } };
    expect((await client.post('/v1/pipelines', body)).status).toBe(201);
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    folder.remove();
  });

  async function opened(): Promise<string> {
    const id = randomUUID();
    const answer = await client.post('/v1/deals', { id, title: 'Model', pipelineId, ownerId: OPENED.owner });
    expect(answer.status).toBe(201);
    return id;
  }

  function send(deal: string, command: Command): Promise<Answer> {
    return client.post(`/v1/deals/${deal}/${command.name}`, bodyOf(deal, command));
  }

  function bodyOf(deal: string, command: Command): object {
    switch (command.name) {
      case 'move-stage':
        return { toStageId: stageIds[command.to], ...(command.override ? { override: { reason: 'because' } } : {}) };
      case 'change-value':
        return { value: command.value === null ? null : { amount: command.value, currency: 'EUR' } };
      case 'assign':
        return { ownerId: command.owner };
      case 'lose':
        return { reason: command.reason };
      case 'add-note':
        return { text: 'noted' };
      case 'void':
        return { reason: 'a test' };
      case 'plan-activity':
        return { activityId: activityId(deal, command.activity), kind: 'call', subject: 'Call', dueAt: command.dueAt };
      case 'reschedule-activity':
        return { activityId: activityId(deal, command.activity), dueAt: command.dueAt };
      case 'complete-activity':
      case 'cancel-activity':
        return { activityId: activityId(deal, command.activity) };
      default:
        return {};
    }
  }

  /** What the server tells of the deal, in the model's terms. */
  async function told(deal: string): Promise<ModelDeal> {
    const { body } = await client.get(`/v1/deals/${deal}`);
    const open = (body.visits as any[]).filter(({ stageId }) => stageIds.indexOf(stageId) < 3);
    const { body: history } = await client.get(`/v1/deals/${deal}/events?limit=200`);
    return {
      status: body.status,
      stage: stageIds.indexOf(body.stageId),
      lastOpen: stageIds.indexOf(open.at(-1).stageId),
      value: body.value?.amount ?? null,
      owner: body.ownerId,
      notes: (history.items as any[]).filter(({ type }) => type === 'NoteAdded').length,
      visits: body.visits.length,
      activities: Object.fromEntries(
        (body.activities as any[]).map(({ activityId: id, status, dueAt }) => [
          String(id).slice(-1),
          { status, dueAt },
        ]),
      ),
    };
  }

  it('do the same, whatever is asked of them in whatever order', async () => {
    const law = fc.asyncProperty(fc.array(commands, { minLength: 5, maxLength: 40 }), async (session) => {
      const deal = await opened();
      let model = OPENED;
      let revision = 0;
      for (const command of session) {
        const expected = applied(model, command);
        const answer = await send(deal, command);
        if (!expected.ok) {
          expect({ command, status: answer.status, code: answer.body.code }).toEqual({
            command,
            status: 409,
            code: expect.stringMatching(new RegExp(`^(?:${expected.codes.join('|')})$`, 'u')),
          });
          continue;
        }
        expect({ command, status: answer.status, body: answer.body }).toMatchObject({ command, status: 200 });
        expect({ command, grew: answer.body.revision > revision }).toEqual({ command, grew: expected.changed });
        revision = answer.body.revision;
        model = expected.deal;
      }
      expect(await told(deal)).toEqual(model);
    });
    await fc.assert(law, { numRuns: RUNS, seed: SEED });
  }, 3_600_000);

  it('do the same in the order of the history when they are raced', async () => {
    const race = fc.array(commands, { minLength: 4, maxLength: 12 });
    const law = fc.asyncProperty(race, race, async (before, raced) => {
      const deal = await opened();
      let model = OPENED;
      for (const command of before) {
        const expected = applied(model, command);
        await send(deal, command);
        if (expected.ok) model = expected.deal;
      }
      const start = (await client.get(`/v1/deals/${deal}`)).body.revision as number;
      const answers = await Promise.all(raced.map(async (command) => ({ command, answer: await send(deal, command) })));
      // Those that wrote have the revision of their last event: that is the order in which they were decided.
      const written = answers
        .filter(({ answer }) => answer.status === 200 && answer.body.revision > start)
        .sort((a, b) => a.answer.body.revision - b.answer.body.revision);
      const seen = new Set<number>();
      for (const { command, answer } of written) {
        const expected = applied(model, command);
        expect({ command, ok: expected.ok }).toEqual({ command, ok: true });
        if (!expected.ok) continue;
        // One that changed nothing names the revision that it found.
        if (!expected.changed) continue;
        expect(seen.has(answer.body.revision)).toBe(false);
        seen.add(answer.body.revision);
        model = expected.deal;
      }
      for (const { answer } of answers) expect([200, 409]).toContain(answer.status);
      expect(await told(deal)).toEqual(model);
    });
    await fc.assert(law, { numRuns: RUNS, seed: SEED });
  }, 3_600_000);
});

/** The last digit tells which of the session's. */
function activityId(deal: string, activity: string): string {
  return `${deal.slice(0, -1)}${activity}`;
}
