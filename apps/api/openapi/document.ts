import { bodySchema, type JsonSchema } from '#application/validation/body-schema.js';
import { GATE_SCHEMA } from '#application/commands/pipeline.bodies.js';
import { VALUE_SCHEMAS } from '#application/validation/value-schemas.js';
import { BATCH_SCHEMA } from '../http/batch-body.js';
import { ANSWER_SCHEMAS, answerContent } from './answers.js';
import { EXAMPLES } from './examples.js';
import { queryParametersOf } from './parameters.js';
import { PROBLEM_SCHEMA, problemAnswers } from './problems.js';
import { nameOf, type Route } from './routes.js';

/** Routes that need no key. */
const OPEN = /^\/(?:health\/|openapi\.json$|docs$)/u;
/** Commands that make what they answer with 201; a batch answers 200 whatever it made. */
const CREATES = /^\/v1\/(?!batch$)(?:[a-z]+|[a-z]+\/\{id\}\/(?:convert|win-back))$/u;

const HEADERS: readonly JsonSchema[] = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Sent again with the same body, a command is answered as the first time and done once.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  },
  {
    name: 'If-Match',
    in: 'header',
    description: 'The revision that the command was decided on, like "4": refused with 412 when it is no more.',
    schema: { type: 'string', pattern: '^"\\d{1,15}"$' },
  },
];
const WAITS: readonly JsonSchema[] = [
  {
    name: 'After-Position',
    in: 'header',
    description: 'Waits until the views have come so far.',
    schema: { $ref: '#/components/schemas/Position' },
  },
  {
    name: 'Prefer',
    in: 'header',
    description: 'How many seconds it waits: 0 to 10, left out: 2.',
    schema: { type: 'string', pattern: '^wait=(?:[0-9]|10)$' },
  },
];

/** The OpenAPI 3.1 document of the routes given. */
export function openApi(routes: readonly Route[], version: string): JsonSchema {
  const parts = new Map<string, JsonSchema>();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const at = (paths[route.path] ??= {});
    at[route.method.toLowerCase()] = operation(route, parts);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pipeledger',
      version,
      description:
        'The sales pipeline as a ledger. Commands are decided and appended once; everything that is read is computed from those events.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ key: [] }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key.' } },
      schemas: {
        ...VALUE_SCHEMAS,
        Gate: GATE_SCHEMA,
        Problem: PROBLEM_SCHEMA,
        ...ANSWER_SCHEMAS,
        ...Object.fromEntries(parts),
      },
    },
  };
}

function operation(route: Route, parts: Map<string, JsonSchema>): JsonSchema {
  const isCommand = route.method === 'POST';
  const isOpen = OPEN.test(route.path);
  const status = isCommand && CREATES.test(route.path) ? '201' : '200';
  return {
    operationId: operationId(route),
    summary: summaryOf(route),
    tags: [tagOf(route)],
    ...(isOpen ? { security: [] } : {}),
    parameters: [
      ...pathParameters(route),
      ...queryParametersOf(nameOf(route)).map(({ name, required, schema, description }) => ({
        name,
        in: 'query',
        required,
        schema,
        ...(description === undefined ? {} : { description }),
      })),
      ...(isCommand ? HEADERS : route.path.startsWith('/v1/') ? WAITS : []),
    ],
    ...(isCommand ? { requestBody: requestBody(route, parts) } : {}),
    responses: {
      [status]: { description: isCommand ? 'Done.' : 'Found.', content: answerContent(nameOf(route)) },
      ...(isOpen ? {} : problemAnswers(isCommand)),
    },
  };
}

function requestBody(route: Route, parts: Map<string, JsonSchema>): JsonSchema {
  const schema = route.path === '/v1/batch' ? BATCH_SCHEMA : route.body === null ? {} : bodySchema(route.body, parts);
  const examples = EXAMPLES.filter((example) => example.route === nameOf(route));
  return {
    required: true,
    content: {
      'application/json': {
        schema,
        examples: Object.fromEntries(
          examples.map(({ summary, body }) => [key(summary), { summary, value: body ?? {} }]),
        ),
      },
    },
  };
}

function pathParameters(route: Route): readonly JsonSchema[] {
  const example = EXAMPLES.find((each) => each.route === nameOf(route));
  return [...route.path.matchAll(/\{([^}]+)\}/gu)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { $ref: '#/components/schemas/Id' },
    ...(example?.path?.[name] === undefined ? {} : { example: example.path[name] }),
  }));
}

function words(route: Route): readonly string[] {
  return route.path
    .replace(/^\/v1\//u, '/')
    .split('/')
    .filter((word) => word !== '');
}

function tagOf(route: Route): string {
  return words(route)[0]?.replace(/\..*$/u, '') ?? 'other';
}

/** `postDealsMoveStage`, `getDealsIdEvents` */
function operationId(route: Route): string {
  const parts = words(route).flatMap((word) => word.replace(/[{}]/gu, '').split(/[-.]/u));
  const [method, ...rest] = [route.method.toLowerCase(), ...parts];
  return `${method ?? ''}${rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')}`;
}

/** `Deals: move stage` */
function summaryOf(route: Route): string {
  const parts = words(route).filter((word) => !word.startsWith('{'));
  const [tag = '', ...rest] = parts;
  const what =
    rest.length > 0 ? rest.join(' ') : route.path.endsWith('}') ? 'one' : route.method === 'GET' ? 'all' : 'new';
  return `${tag.charAt(0).toUpperCase()}${tag.slice(1)}: ${what.replaceAll('-', ' ')}`;
}

function key(summary: string): string {
  return summary.toLowerCase().replace(/[^a-z0-9]+/gu, '-');
}
