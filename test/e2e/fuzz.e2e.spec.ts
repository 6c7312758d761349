import fc from 'fast-check';
import { EXAMPLES } from '../../apps/api/openapi/examples.js';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { OpenApiDocument, type Operation, type Part } from '../support/openapi.js';
import { NASTY, spoiled, valuesOf, type Known } from '../support/schema-values.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

/** Requests for each operation; thousands with FUZZ_RUNS. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 25);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122);

interface Sent {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

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
    for (const { route, path, body } of EXAMPLES) {
      if (!route.startsWith('POST')) continue;
      const target = route.slice('POST '.length).replace(/\{([^}]+)\}/gu, (_, name: string) => path?.[name] ?? '');
      expect((await client.post(target, body)).status).toBeLessThan(300);
    }
    const ids = EXAMPLES.flatMap(
      (example) => JSON.stringify(example).match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu) ?? [],
    );
    known = { ids: [...new Set(ids)] };
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    folder.remove();
  });

  /** Mostly what the document says; one in three is spoiled somewhere. */
  function requests({ method, path, description }: Operation): fc.Arbitrary<Sent> {
    const parameters = description['parameters'] as Part[];
    const query = parameters.filter((each) => each['in'] === 'query');
    const value = (schema: Part): fc.Arbitrary<unknown> => valuesOf(schema, api.document, known);
    // Of the kind that the path asks for, else of any.
    const kind = path.split('/', 3).join('/');
    const own = EXAMPLES.filter(({ route }) => route.includes(` ${kind}`)).flatMap((each) =>
      Object.values(each.path ?? {}),
    );
    const segment = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...(own.length === 0 ? known.ids : own)) },
      { weight: 2, arbitrary: fc.constantFrom(...known.ids) },
      { weight: 1, arbitrary: NASTY },
    );
    const segments = fc.array(segment, { minLength: 2, maxLength: 2 });
    const named = Object.fromEntries(query.map(({ name, schema }) => [name as string, schema as Part]));
    const needed = query.filter(({ required }) => required === true).map(({ name }) => name as string);
    const given = fc
      .subarray(Object.keys(named), { maxLength: Math.min(3, query.length) })
      .chain((some) =>
        fc.record(
          Object.fromEntries(
            [...new Set([...needed, ...some])].map((name) => [
              name,
              fc.oneof({ weight: 12, arbitrary: value(named[name] ?? {}) }, { weight: 1, arbitrary: NASTY }),
            ]),
          ),
        ),
      );
    const schema = description['requestBody']?.content['application/json'].schema as Part | undefined;
    const good = schema === undefined ? fc.constant<unknown>(undefined) : value(schema);
    const body = fc.oneof({ weight: 2, arbitrary: good }, { weight: 1, arbitrary: good.chain(spoiled) });
    const headers = fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.record(
          {
            'Idempotency-Key': fc.oneof(fc.uuid(), fc.constantFrom('a', 'x'.repeat(256), 'with space')),
            'If-Match': fc.constantFrom('"0"', '"3"', '*', 'W/"1"', '"-1"'),
            'Correlation-Id': fc.constantFrom('0190a0c0-5c00-7020-8000-000000000001', 'nonsense'),
          },
          { requiredKeys: [] },
        ),
      },
    );
    return fc.record({ segments, given, body, headers }).map((parts) => ({
      path: target(path, parts.segments, parts.given),
      body: method === 'POST' ? parts.body : undefined,
      headers: parts.headers,
    }));
  }

  it('are done or refused with a code of the document, never by a failure', async () => {
    const codes = new Set(api.document['components'].schemas.Problem.properties.code.enum as string[]);
    let [done, sent] = [0, 0];
    for (const operation of api.operations.filter(({ path }) => path.startsWith('/v1/'))) {
      const law = fc.asyncProperty(requests(operation), async ({ path, body, headers }) => {
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

function target(path: string, segments: readonly unknown[], query: Readonly<Record<string, unknown>>): string {
  let at = 0;
  const filled = path.replace(/\{[^}]+\}/gu, () => encodeURIComponent(wellFormed(segments[at++])) || 'x');
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) search.append(name, wellFormed(each));
  }
  const text = search.toString();
  // Longer ones are refused by the server's own parser, before any of this.
  return (text === '' ? filled : `${filled}?${text}`).slice(0, 8_000);
}

function wellFormed(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[\ud800-\udfff]/gu, '');
}
