import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startServer } from '../support/server-process.js';
import { readLog } from './log-checks.js';

const STOPPING = fileURLToPath(new URL('./stopping-main.js', import.meta.url));
const WITH_KEY = { headers: { 'Idempotency-Key': 'once' } };
const CRITERIA = Object.fromEntries(
  ['budget', 'authority', 'need', 'timeline'].map((name) => [name, { confirmed: true, facts: 'asked' }]),
);

/** A command that spans two streams. */
interface Case {
  readonly name: string;
  /** The events that it comes to, in order. */
  readonly effects: readonly string[];
  readonly status: number;
  /** Makes what the command is for. */
  prepare(client: Client): Promise<Prepared>;
}

interface Prepared {
  readonly path: string;
  readonly body: object;
  /** Both sides, once the command is done; `answer` is the command's. */
  expectDone(client: Client, answer: Answer): Promise<void>;
}

const made = async (answer: Promise<Answer>): Promise<string> => (await answer).body.id;
const pipelineOn = (client: Client) => made(client.post('/v1/pipelines', { name: 'New', template: 'traditional' }));
const openOn = (client: Client, pipelineId: string) => made(client.post('/v1/deals', { title: 'Boiler', pipelineId }));
const deal = async (client: Client, id: string) => (await client.get(`/v1/deals/${id}`)).body;

const CASES: readonly Case[] = [
  {
    name: 'a conversion that is taken back',
    effects: ['DealVoided', 'LeadConversionReverted'],
    status: 200,
    async prepare(client) {
      const pipelineId = await pipelineOn(client);
      const lead = await made(client.post('/v1/leads', { title: 'Boiler', person: { name: 'Ada' }, source: 'web' }));
      await client.post(`/v1/leads/${lead}/qualify`, { criteria: CRITERIA });
      const { body } = await client.post(`/v1/leads/${lead}/convert`, { pipelineId });
      return {
        path: `/v1/leads/${lead}/revert-conversion`,
        body: { reason: 'no budget' },
        async expectDone(later) {
          expect((await deal(later, body.deal.id)).status).toBe('voided');
          expect((await later.get(`/v1/leads/${lead}`)).body).toMatchObject({ status: 'qualified', dealId: null });
        },
      };
    },
  },
  {
    name: 'a merge of two deals',
    effects: ['MergeStarted', 'DealMergedInto', 'MergeCompleted'],
    status: 200,
    async prepare(client) {
      const pipelineId = await pipelineOn(client);
      const [survivor, other] = [await openOn(client, pipelineId), await openOn(client, pipelineId)];
      return {
        path: `/v1/deals/${survivor}/merge`,
        body: { otherDealId: other },
        async expectDone(later) {
          expect(await deal(later, other)).toMatchObject({ status: 'merged', mergedInto: survivor });
          expect(await deal(later, survivor)).toMatchObject({ status: 'open', revision: 2 });
          // Nothing is pending: the survivor can be closed like any other.
          expect((await later.post(`/v1/deals/${survivor}/void`, { reason: 'a test' })).status).toBe(200);
        },
      };
    },
  },
  {
    name: 'an unmerge of two deals',
    effects: ['UnmergeStarted', 'DealUnmerged', 'UnmergeCompleted'],
    status: 200,
    async prepare(client) {
      const pipelineId = await pipelineOn(client);
      const [survivor, other] = [await openOn(client, pipelineId), await openOn(client, pipelineId)];
      await client.post(`/v1/deals/${survivor}/merge`, { otherDealId: other });
      return {
        path: `/v1/deals/${survivor}/unmerge`,
        body: { otherDealId: other },
        async expectDone(later) {
          expect(await deal(later, other)).toMatchObject({ status: 'open', mergedInto: null });
          expect(await deal(later, survivor)).toMatchObject({ status: 'open', revision: 4 });
          // Nothing is pending: they can be merged the other way round.
          expect((await later.post(`/v1/deals/${other}/merge`, { otherDealId: survivor })).status).toBe(200);
        },
      };
    },
  },
  {
    name: 'a win-back',
    effects: ['CustomerWonBack', 'DealOpened'],
    status: 201,
    async prepare(client) {
      const pipelineId = await pipelineOn(client);
      const churned = await openOn(client, pipelineId);
      await client.post(`/v1/deals/${churned}/win`);
      await client.post(`/v1/deals/${churned}/record-churn`, { reason: 'service' });
      return {
        path: `/v1/deals/${churned}/win-back`,
        body: { pipelineId },
        async expectDone(later, { body }) {
          const { id } = body.deal;
          expect(await deal(later, churned)).toMatchObject({ status: 'churned', wonBackBy: id });
          expect(await deal(later, id)).toMatchObject({ status: 'open', previousDealId: churned, revision: 0 });
          const other = await later.post(`/v1/deals/${churned}/win-back`, { pipelineId });
          expect([other.status, other.body.code, other.body.data]).toEqual([409, 'already-won-back', { dealId: id }]);
        },
      };
    },
  },
];

/** Before the first effect, and after each: nothing lasts that is between two of them. */
const MOMENTS = CASES.flatMap((each) =>
  [`${each.effects[0]}:before`, ...each.effects.map((effect) => `${effect}:after`)].map((moment) => ({
    ...each,
    moment,
  })),
);

describe('a process dies', () => {
  let folder: DataFolder;
  const prepared: Prepared[] = [];
  beforeAll(async () => {
    folder = dataFolder();
    const server = await startServer(folder.path);
    for (const { prepare } of MOMENTS) prepared.push(await prepare(new Client(server.url)));
    await server.stop();
  });
  afterAll(() => folder.remove());

  it.each(MOMENTS.map((each, index) => ({ ...each, index })))(
    'at $moment: $name is finished by the reactor alone, and then answered to the same key',
    async ({ effects, status, moment, index }) => {
      const { path, body, expectDone } = prepared[index]!;
      // No reactor beside it: what is found later is what this process left.
      const stopping = await startServer(folder.path, { STOP_AT: moment, PROJECTIONS: 'external' }, STOPPING);
      const before = (await readLog(new Client(stopping.url), null)).at(-1).position;
      await expect(new Client(stopping.url).post(path, body, WITH_KEY)).rejects.toThrow();
      await stopping.kill();

      const server = await startServer(folder.path);
      const client = new Client(server.url);
      const stored = async (): Promise<string[]> => {
        expect(chainFaults(await readLog(client, null))).toEqual([]);
        return (await readLog(client, before)).map(({ type }) => type as string);
      };
      try {
        if (moment === `${effects[0]}:before`) expect(await stored()).toEqual([]);
        else while ((await stored()).length < effects.length) await sleep(20);
        const answer = await client.post(path, body, WITH_KEY);
        expect([answer.status, answer.body.code]).toEqual([status, undefined]);
        expect(await stored()).toEqual(effects);
        const again = await client.post(path, body, WITH_KEY);
        expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', answer.body]);
        await expectDone(client, answer);
      } finally {
        await server.kill();
      }
    },
  );
});
