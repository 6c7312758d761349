import type { JsonSchema } from './body-schema.js';

/** A text that is not only white space; `max` in characters. */
export function textSchema(max: number): JsonSchema {
  return { type: 'string', minLength: 1, maxLength: max, pattern: '\\S' };
}

/** The values of the wire by name, shared by all bodies and answers. */
export const VALUE_SCHEMAS = {
  Id: {
    type: 'string',
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    description: 'UUID, lower case.',
    examples: ['0190a0c0-5c00-7000-8000-000000000001'],
  },
  Money: {
    type: 'object',
    description: 'A plain decimal with at most the decimals of its ISO 4217 currency, and at most 15 digits.',
    properties: {
      amount: { type: 'string', pattern: '^-?(?:0|[1-9]\\d*)(?:\\.\\d+)?$', maxLength: 20 },
      currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    },
    required: ['amount', 'currency'],
    additionalProperties: false,
    examples: [{ amount: '100000.00', currency: 'EUR' }],
  },
  Instant: {
    type: 'string',
    format: 'date-time',
    description: 'RFC 3339 with offset; answers are in UTC with milliseconds.',
    examples: ['2026-03-01T09:00:00.000Z'],
  },
  CivilDate: {
    type: 'string',
    format: 'date',
    description: 'From 1900 to 2200.',
    examples: ['2026-03-01'],
  },
  Duration: {
    description: 'ISO 8601 days or hours, or business days.',
    oneOf: [
      { type: 'string', pattern: '^P(?:\\d+D|T\\d+H)$' },
      {
        type: 'object',
        properties: { businessDays: { type: 'integer', minimum: 1 } },
        required: ['businessDays'],
        additionalProperties: false,
      },
    ],
    examples: ['P14D', { businessDays: 10 }],
  },
  Position: {
    type: 'string',
    pattern: '^(?:0|[1-9]\\d*)$',
    description: 'A place in the order of all events; compared as an integer.',
    examples: ['1234'],
  },
  Revision: { type: 'integer', minimum: 0, description: 'Number of an event in its stream; the first is 0.' },
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** A schema of the document's components. */
export function refersTo(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
