import fc from 'fast-check';
import { EXAMPLES } from '../../apps/api/openapi/examples.js';
import type { OpenApiDocument, Operation, Part } from './openapi.js';
import { NASTY, spoiled, valuesOf, type Known } from './schema-values.js';

/** A request, ready to be sent. */
export interface Sent {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the examples of the document make: their story is told before. */
export function knownFromExamples(): Known {
  const ids = EXAMPLES.flatMap(
    (example) => JSON.stringify(example).match(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu) ?? [],
  );
  return { ids: [...new Set(ids)] };
}

/** The commands of the examples: each succeeds on an empty server when those before it were sent. */
export function exampleCommands(): readonly { readonly path: string; readonly body: unknown }[] {
  return EXAMPLES.filter(({ route }) => route.startsWith('POST')).map(({ route, path, body }) => ({
    path: route.slice('POST '.length).replace(/\{([^}]+)\}/gu, (_, name: string) => path?.[name] ?? ''),
    body,
  }));
}

/** Mostly what the document says; one in three is spoiled somewhere. */
export function requestsOf(
  api: OpenApiDocument,
  known: Known,
  { method, path, description }: Operation,
): fc.Arbitrary<Sent> {
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
