import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { FRESH_PAIRS, type RunningPair } from '../support/pairs.js';
import { startServer } from '../support/server-process.js';
import { readLog } from './log-checks.js';

const STOPPING = fileURLToPath(new URL('./stopping-main.js', import.meta.url));
const CRITERIA = Object.fromEntries(
  ['budget', 'authority', 'need', 'timeline'].map((name) => [name, { confirmed: true, facts: 'asked' }]),
);
/** From the first effect of a conversion to its answer. */
const MOMENTS = [
  'LeadConverted:before',
  'LeadConverted:after',
  'PersonRegistered:before',
  'PersonRegistered:after',
  'OrganizationRegistered:before',
  'OrganizationRegistered:after',
  'DealOpened:before',
  'DealOpened:after',
] as const;
const ON_SERVERS: readonly string[] = ['LeadConverted:after', 'PersonRegistered:after', 'DealOpened:before'];
const WITH_KEY = { headers: { 'Idempotency-Key': 'convert' } };
const EFFECTS = ['LeadConverted', 'PersonRegistered', 'OrganizationRegistered', 'DealOpened'];

/** A qualified lead and a pipeline, in a server that dies at a moment of the conversion; then the conversion. */
async function stopAt(moment: string, folder: DataFolder, engines: RunningPair) {
  // No reactor beside it: what is found later is what this process left.
  const server = await startServer(
    folder.path,
    { ...engines.environment, STOP_AT: moment, PROJECTIONS: 'external' },
    STOPPING,
  );
  const client = new Client(server.url);
  const pipeline = (await client.post('/v1/pipelines', { name: 'New', template: 'traditional' })).body.id;
  const person = { name: 'Ada Byron', emails: ['ada@acme.test'] };
  const lead = (await client.post('/v1/leads', { title: 'Boiler', person, organization: { name: 'Acme' } })).body.id;
  await client.post(`/v1/leads/${lead}/qualify`, { criteria: CRITERIA });
  const path = `/v1/leads/${lead}/convert`;
  const body = { pipelineId: pipeline };
  await expect(client.post(path, body, WITH_KEY)).rejects.toThrow();
  await server.kill();
  return { lead, path, body };
}

async function effects(client: Client): Promise<any[]> {
  const log = await readLog(client, null);
  expect(chainFaults(log)).toEqual([]);
  return log.filter(({ type }) => EFFECTS.includes(type));
}

/** What must be there in the end, however it came about. */
async function expectOneConversion(client: Client, lead: string, path: string, body: object): Promise<void> {
  const replayed = await client.post(path, body, WITH_KEY);
  const [converted, person, organization, opened] = await effects(client);
  const other = await client.post(path, body, { headers: { 'Idempotency-Key': 'another' } });
  expect((await effects(client)).map(({ type }) => type)).toEqual(EFFECTS);
  expect([replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  expect(replayed.body).toEqual({
    id: lead,
    revision: converted.revision,
    position: opened.position,
    deal: { id: converted.data.dealId, revision: 0 },
    personId: person.stream.slice('person-'.length),
    organizationId: organization.stream.slice('organization-'.length),
  });
  expect(opened).toMatchObject({ stream: `deal-${converted.data.dealId}`, data: { leadId: lead } });
  expect((await client.post(path, body, WITH_KEY)).body).toEqual(replayed.body);
  expect([other.status, other.body.code, other.body.data]).toEqual([
    409,
    'already-converted',
    { dealId: converted.data.dealId },
  ]);
  expect((await client.get(`/v1/deals/${converted.data.dealId}`)).body).toMatchObject({ status: 'open', leadId: lead });
}

/** On servers fewer: what lies between two effects is the same there. */
const CASES = FRESH_PAIRS.flatMap((pair) =>
  MOMENTS.filter((moment) => pair.name === 'SQLite' || ON_SERVERS.includes(moment)).map((moment) => ({ pair, moment })),
);

describe.each(CASES)('a conversion that is cut off at $moment, on $pair.name,', ({ pair, moment }) => {
  let folder: DataFolder;
  let engines: RunningPair;
  beforeEach(async () => {
    folder = dataFolder();
    engines = await pair.start();
  });
  afterEach(async () => {
    await engines.stop();
    folder.remove();
  });

  it('is finished by the reactor alone, and then answered to the same key', async () => {
    const { lead, path, body } = await stopAt(moment, folder, engines);
    const server = await startServer(folder.path, engines.environment);
    const client = new Client(server.url);
    try {
      if (moment === 'LeadConverted:before') {
        expect(await effects(client)).toEqual([]);
        expect((await client.post(path, body, WITH_KEY)).headers.get('idempotency-replayed')).toBeNull();
      } else {
        while ((await effects(client)).at(-1)?.type !== 'DealOpened') await sleep(20);
      }
      await expectOneConversion(client, lead, path, body);
    } finally {
      await server.kill();
    }
  });
});
