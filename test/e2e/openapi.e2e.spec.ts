import { Validator } from '@seriousme/openapi-schema-validator';
import { EXAMPLES } from '../../apps/api/openapi/examples.js';
import { PARAMETER_NAMES } from '../../apps/api/openapi/parameters.js';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { OpenApiDocument, type Part } from '../support/openapi.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

describe('the OpenAPI document', () => {
  let folder: DataFolder;
  let server: ServerProcess;
  let client: Client;
  let api: OpenApiDocument;
  /** Position of the last command of the story. */
  let written = '0';

  beforeAll(async () => {
    folder = dataFolder();
    server = await startServer(folder.path);
    client = new Client(server.url);
    api = await OpenApiDocument.of(server.url);
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    folder.remove();
  });

  it('is OpenAPI 3.1', async () => {
    const result = await new Validator().validate(api.document);
    expect(result).toMatchObject({ valid: true });
    expect(api.document['openapi']).toBe('3.1.0');
    const ids = api.operations.map(({ description }) => description['operationId'] as string);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to what it has', () => {
    const names = [...JSON.stringify(api.document).matchAll(/"#\/components\/schemas\/([^"]+)"/gu)].map(
      ([, name]) => name,
    );
    const schemas = Object.keys(api.document['components'].schemas as Part);
    expect(schemas).toEqual(expect.arrayContaining(names));
  });

  it('has an example for every operation of the api', () => {
    const shown = new Set<string>(EXAMPLES.map(({ route }) => route));
    const operations = api.operations.filter(({ path }) => path.startsWith('/v1/')).map(({ route }) => route);
    expect(operations.filter((route) => !shown.has(route))).toEqual([]);
  });

  it.each(EXAMPLES.map((example) => [`${example.route}: ${example.summary}`, example] as const))(
    'has an example that is true: %s',
    async (_name, { route, path, query, body }) => {
      const operation = api.operations.find((each) => each.route === route);
      if (operation === undefined) throw new Error(`there is no ${route}`);
      const { description } = operation;
      const filled = operation.path.replace(/\{([^}]+)\}/gu, (_, name: string) => path?.[name] ?? '');
      const target = query === undefined ? filled : `${filled}?${new URLSearchParams(query).toString()}`;
      if (operation.method === 'POST') {
        const { schema, examples } = description['requestBody'].content['application/json'] as Part;
        expect(api.faults(schema as Part, body)).toBe('');
        expect(Object.values<Part>(examples as Part).map(({ value }) => value as unknown)).toContainEqual(body);
      }
      const answer =
        operation.method === 'POST' ? await client.post(target, body) : await client.getAfter(written, target);
      const [status = '', described] = Object.entries<Part>(description['responses'] as Part)[0] ?? [];
      expect({ status: answer.status, problem: answer.status < 300 ? null : answer.body }).toEqual({
        status: Number(status),
        problem: null,
      });
      if (typeof answer.body?.position === 'string') written = answer.body.position;
      const schema = described?.['content']['application/json']?.schema as Part | undefined;
      if (schema !== undefined) expect(api.faults(schema, answer.body)).toBe('');
    },
  );

  it('names every query parameter that a route takes, and no other', async () => {
    for (const { method, path, route, description } of api.operations) {
      if (method !== 'GET' || !path.startsWith('/v1/')) continue;
      const example = EXAMPLES.find((each) => each.route === route);
      const filled = path.replace(/\{([^}]+)\}/gu, (_, name: string) => example?.path?.[name] ?? '');
      const named = (description['parameters'] as Part[])
        .filter((each) => each['in'] === 'query')
        .map(({ name }) => name);
      for (const name of PARAMETER_NAMES) {
        const answer = await client.get(`${filled}?${name}=x`);
        const unknown = answer.body?.code === 'unknown-parameter';
        expect({ route, name, known: !unknown }).toEqual({ route, name, known: named.includes(name) });
      }
    }
  });

  it('is a page to read as well, without a key and without scripts', async () => {
    const page = await client.get('/docs', { key: null });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('/v1/deals/{id}/move-stage');
    expect(page.body).not.toContain('<script');
  });
});
