import fc from 'fast-check';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { OpenApiDocument, type Part } from '../support/openapi.js';
import { exampleCommands, knownFromExamples, requestsOf } from '../support/random-requests.js';
import type { Known } from '../support/schema-values.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

/** Requests for each operation; thousands with FUZZ_RUNS. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122);

describe(`requests made from the OpenAPI document (FUZZ_SEED=${SEED})`, () => {
  let folder: DataFolder;
  let server: ServerProcess;
  let client: Client;
  let api: OpenApiDocument;
  let known: Known;

  beforeAll(async () => {
    folder = dataFolder();
    server = await startServer(folder.path, { RATE_LIMIT: '1000000000' });
    client = new Client(server.url);
    api = await OpenApiDocument.of(server.url);
    for (const { path, body } of exampleCommands()) expect((await client.post(path, body)).status).toBeLessThan(300);
    known = knownFromExamples();
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    folder.remove();
  });

  it('are done or refused with a code of the document, never by a failure', async () => {
    const codes = new Set(api.document['components'].schemas.Problem.properties.code.enum as string[]);
    let [done, sent] = [0, 0];
    for (const operation of api.operations.filter(({ path }) => path.startsWith('/v1/'))) {
      const law = fc.asyncProperty(requestsOf(api, known, operation), async ({ path, body, headers }) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const answer = await client.send(operation.method, path, text, { headers });
        const about = { route: operation.route, path, status: answer.status, answer: answer.body as unknown };
        sent += 1;
        if (answer.status < 300) {
          done += 1;
          return;
        }
        expect(about).toMatchObject({ status: expect.any(Number), answer: { code: expect.any(String) } });
        expect({ ...about, isDocumented: codes.has(answer.body.code as string) && answer.status < 500 }).toEqual({
          ...about,
          isDocumented: true,
        });
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
        expect(api.faults({ $ref: '#/components/schemas/Problem' }, answer.body)).toBe('');
      });
      await fc.assert(law, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    }
    // Requests that are refused at the door only would prove nothing.
    expect(done / sent).toBeGreaterThan(0.05);
  }, 3_600_000);

  it('leave every history whole, and the views at its end', async () => {
    const feed = await client.get('/v1/events');
    const events = String(feed.body)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Part);
    expect(chainFaults(events)).toEqual([]);
    const last = events.at(-1)?.['position'] as string;
    for (const path of ['/v1/leads', '/v1/deals', '/v1/pipelines', '/v1/stalled']) {
      expect((await client.getAfter(last, path)).status).toBe(200);
    }
    expect((await client.get('/health/ready')).body).toEqual({ status: 'ready' });
  });
});
