import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Ledger } from '../chaos/ledger.js';
import { Random } from '../chaos/random.js';
import { randomCommand } from '../chaos/traffic.js';
import { questions } from '../chaos/view-checks.js';
import type { Answer } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { OpenApiDocument } from '../support/openapi.js';
import { FRESH_PAIRS, type RunningPair } from '../support/pairs.js';
import { exampleCommands, knownFromExamples, requestsOf } from '../support/random-requests.js';
import type { Known } from '../support/schema-values.js';
import { type ServerProcess, startServer } from '../support/server-process.js';
import { Twins } from '../support/twins.js';

/** Random commands on each pair; EQUIVALENCE_COMMANDS=5000 for a long run. */
const COMMANDS = Number(process.env['EQUIVALENCE_COMMANDS'] ?? 250);
const SEED = Number(process.env['EQUIVALENCE_SEED'] ?? 20_261_201);
/** Made requests for each operation of the document. */
const REQUESTS = Math.max(3, Math.round(COMMANDS / 100));
/** What it asks for is done in the background, at a time of each side's own. */
const ASKS_FOR_LATER = /follow-up-plan|\/erase$/u;
const CLOCK = { NODE_OPTIONS: `--import=${fileURLToPath(new URL('../support/told-clock.js', import.meta.url))}` };
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

/**
 * The same commands, ids and times on SQLite and on EventStoreDB with MongoDB: every answer is compared byte for byte,
 * but for positions, which are each store's own, and trace ids. A clock that is told by the test makes the times, and so the hashes, the same.
 */
describe(`the same story on two pairs of engines (EQUIVALENCE_SEED=${SEED})`, () => {
  const folders: DataFolder[] = [];
  const engines: RunningPair[] = [];
  const servers: ServerProcess[] = [];
  const ledger = new Ledger();
  const random = new Random(SEED);
  let twins: Twins;
  let api: OpenApiDocument;
  let known: Known;

  beforeAll(async () => {
    for (const pair of FRESH_PAIRS) {
      const folder = dataFolder();
      const running = await pair.start();
      folders.push(folder);
      engines.push(running);
      const environment = { MASTER_KEY, RATE_LIMIT: '1000000000', ...CLOCK, ...running.environment };
      servers.push(await startServer(folder.path, environment));
    }
    twins = new Twins(servers.map(({ url }) => url));
    api = await OpenApiDocument.of(servers[0]?.url ?? '');
    known = knownFromExamples();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await Promise.all(engines.map((each) => each.stop()));
    for (const folder of folders) folder.remove();
  });

  it('is begun alike by the examples of the documentation', async () => {
    for (const { path, body } of exampleCommands().filter(({ path }) => !ASKS_FOR_LATER.test(path))) {
      expect((await twins.post(path, body)).status).toBeLessThan(300);
    }
  }, 600_000);

  it(`goes on alike under ${COMMANDS} random commands`, async () => {
    for (const template of ['traditional', 'startup']) {
      const command = ledger.sending('create-pipeline', '/v1/pipelines', { name: template, template });
      ledger.answered(command, await twins.post(command.path, command.body, command.key));
      const { body } = await twins.get(`/v1/pipelines/${command.answer?.body.id}`);
      ledger.pipelines.push({ id: body.id, stages: body.stages.map((stage: any) => stage.id) });
    }
    for (let index = 0; index < COMMANDS; index++) {
      const command = randomCommand(random, ledger);
      ledger.answered(command, await twins.post(command.path, command.body, command.key));
    }
    expect(ledger.acknowledged().length).toBeGreaterThan(COMMANDS / 4);
  }, 3_600_000);

  it('goes on alike under requests that are made from the document, right and wrong', async () => {
    const operations = api.operations.filter(
      ({ method, path }) => method === 'POST' && path.startsWith('/v1/') && !ASKS_FOR_LATER.test(path),
    );
    for (const operation of operations) {
      for (const { path, body } of sampled(operation)) {
        // Its answer depends on how soon the view has seen the move.
        await twins.post(path.replace(/([?&])totals=[^&]*/u, '$1'), body);
      }
    }
  }, 3_600_000);

  it('has the same log, with the same hashes', async () => {
    const { body } = await twins.get('/v1/events');
    expect(String(body).split('\n').length).toBeGreaterThan(COMMANDS / 4);
  }, 600_000);

  it('is told alike by every query, page by page, now and as of then', async () => {
    for (const { path, isList } of questions(ledger, twins.now)) await (isList ? twins.list(path) : twins.get(path));
    for (const deal of ledger.deals.slice(-20)) {
      const { body } = await twins.get(`/v1/deals/${deal}`);
      for (const more of ['/events', '/timeline', `?atRevision=0`, `/diff?from=0&to=${body.revision}`]) {
        await twins.get(`/v1/deals/${deal}${more}`);
      }
    }
    for (const lead of ledger.leads.slice(-20)) await twins.get(`/v1/leads/${lead}`);
  }, 3_600_000);

  it('is told alike to questions that are made from the document', async () => {
    const operations = api.operations.filter(
      // Positions, by which the feed is read, are each store's own.
      ({ method, path }) => method === 'GET' && path.startsWith('/v1/') && path !== '/v1/events',
    );
    const answers: Answer[] = [];
    for (const operation of operations) {
      for (const { path } of sampled(operation, 2)) answers.push(await twins.get(path));
    }
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  }, 3_600_000);

  function sampled(operation: Parameters<typeof requestsOf>[2], times = 1) {
    return fc.sample(requestsOf(api, known, operation), { numRuns: REQUESTS * times, seed: SEED });
  }
});
