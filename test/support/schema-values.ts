import fc from 'fast-check';
import type { Part } from './openapi.js';

/** Values that have broken servers before. */
export const NASTY: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, '', ' ', 0, -1, 0.1, 1e21, 1e308, Number.MAX_SAFE_INTEGER + 1, [], {}, [[]], [null]],
    ...['\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '\u202e', '\ufeff', '𝒳'.repeat(300), 'x'.repeat(70_000)],
    ...[
      '0000-01-01',
      '9999-12-31',
      '2026-02-30',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '2026-03-01T09:00:00',
    ],
    ...[
      '2016-12-31T23:59:60Z',
      'P0D',
      'P99999999D',
      'PT1H',
      'P-1D',
      '1e30',
      '1'.repeat(31),
      '-0',
      '-1.00',
      '0.001',
      'NaN',
    ],
    ...['__proto__', 'constructor', 'toString', '$where', '../..', "' OR 1=1 --", '{{7*7}}', '%00', '%c0%ae'],
    ...[{ __proto__x: 1 }, { $gt: '' }, { amount: '1'.repeat(31), currency: 'EUR' }, { amount: '1', currency: 'XXX' }],
    ...[{ amount: '1.00', currency: '__proto__' }, { amount: '-5.00', currency: 'EUR' }, { businessDays: 1e9 }],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Things that the server knows, by the pattern of ids. */
export interface Known {
  readonly ids: readonly string[];
}

/** Values that fit a schema: mostly, as texts also have rules that no schema says. */
export function valuesOf(schema: Part, document: Part, known: Known): fc.Arbitrary<unknown> {
  const { $ref: reference } = schema as { $ref?: string };
  if (reference !== undefined) {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    const own = NAMED[name]?.(known);
    return own ?? valuesOf(document['components'].schemas[name] as Part, document, known);
  }
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as Part[] | undefined;
  if (alternatives !== undefined) return fc.oneof(...alternatives.map((each) => valuesOf(each, document, known)));
  if ('const' in schema) return fc.constant(schema['const'] as unknown);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const types = [schema['type']].flat() as (string | undefined)[];
  return fc.oneof(...types.map((type) => ofType(type, schema, document, known)));
}

function ofType(type: string | undefined, schema: Part, document: Part, known: Known): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: (schema['minimum'] as number) ?? 0, max: (schema['maximum'] as number) ?? 1_000 });
    case 'number':
      return fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000);
    case 'array': {
      const most = Math.min(4, (schema['maxItems'] as number) ?? 4);
      return fc.array(valuesOf(schema['items'] as Part, document, known), {
        minLength: Math.min(most, (schema['minItems'] as number) ?? 0),
        maxLength: most,
      });
    }
    case 'object': {
      const fields = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Part>>);
      const model = Object.fromEntries(fields.map(([name, field]) => [name, valuesOf(field, document, known)]));
      return fc.record(model, {
        requiredKeys: ((schema['required'] as string[]) ?? []).filter((name) => name in model),
      });
    }
    case 'string':
      return texts(schema);
    default:
      return NASTY;
  }
}

function texts(schema: Part): fc.Arbitrary<unknown> {
  const examples = (schema['examples'] ?? []) as unknown[];
  const words = fc.constantFrom('price', 'website', 'hot', 'u-1', 'Ada', 'Größe', '10.50', 'EUR', '2026-01');
  return examples.length > 0 ? fc.oneof(fc.constantFrom(...examples), words) : words;
}

const NAMED: Readonly<Record<string, (known: Known) => fc.Arbitrary<unknown>>> = {
  Id: ({ ids }) => fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: fc.uuid() }),
  Money: () =>
    fc.record({
      amount: fc.integer({ min: 0, max: 10_000_000 }).map((minor) => (minor / 100).toFixed(2)),
      currency: fc.constantFrom('EUR', 'USD', 'GBP'),
    }),
  Instant: () => fc.integer({ min: 0, max: 600 }).map((day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString()),
  CivilDate: () =>
    fc.integer({ min: 0, max: 900 }).map((day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)),
  Duration: () => fc.constantFrom('P14D', 'PT36H', { businessDays: 10 }),
  Position: () => fc.nat(500).map(String),
};

/** A value with one place in it replaced by something nasty, or a field added. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  return fc.tuple(fc.nat(), NASTY).map(([pick, nasty]) => replaceAt(value, pick, nasty));
}

function replaceAt(value: unknown, pick: number, nasty: unknown): unknown {
  if (typeof value !== 'object' || value === null) return nasty;
  const keys = Object.keys(value);
  const at = pick % (keys.length + 2);
  if (at === keys.length) return nasty;
  if (at === keys.length + 1)
    return Array.isArray(value) ? [...(value as unknown[]), nasty] : { ...value, surprise: nasty };
  const key = keys[at] ?? '';
  const inner = replaceAt(Reflect.get(value, key), Math.floor(pick / (keys.length + 2)), nasty);
  return Array.isArray(value)
    ? value.map((each: unknown, index) => (index === at ? inner : each))
    : { ...value, [key]: inner };
}
