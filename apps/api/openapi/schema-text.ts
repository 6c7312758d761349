import type { JsonSchema } from '#application/validation/body-schema.js';

/** A schema in words, as HTML; what is referred to is a link to `#schema-<name>`. */
export function schemaText(schema: unknown): string {
  const given = asSchema(schema);
  if (typeof given['$ref'] === 'string') return reference(given['$ref']);
  const alternatives = given['anyOf'] ?? given['oneOf'];
  if (Array.isArray(alternatives)) return alternatives.map(schemaText).join(' or ');
  if ('const' in given) return literal(given['const']);
  const { type, enum: values } = given;
  if (Array.isArray(values)) return values.map(literal).join(' or ');
  const types = Array.isArray(type) ? (type as unknown[]) : [type];
  return types.map((one) => typeText(typeof one === 'string' ? one : 'anything', given)).join(' or ');
}

/** The fields of an object as rows of name, kind and whether it must be given; null when it has none. */
export function fieldsOf(schema: unknown): readonly { name: string; kind: string; required: boolean }[] | null {
  const { properties, required } = asSchema(schema);
  if (typeof properties !== 'object' || properties === null) return null;
  const needed: unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, field]) => ({
    name,
    kind: schemaText(field),
    required: needed.includes(name),
  }));
}

function typeText(type: string, schema: JsonSchema): string {
  if (type === 'array') return `list of ${schemaText(schema['items'])}${bounds(schema, 'minItems', 'maxItems', '')}`;
  if (type === 'string') {
    const { format } = schema;
    const kind = typeof format === 'string' ? format : 'text';
    return `${kind}${bounds(schema, 'minLength', 'maxLength', ' characters')}`;
  }
  if (type === 'object') {
    const fields = fieldsOf(schema);
    return fields === null
      ? 'object'
      : `{${fields.map(({ name, kind }) => `${escapeHtml(name)}: ${kind}`).join(', ')}}`;
  }
  return `${escapeHtml(type)}${bounds(schema, 'minimum', 'maximum', '')}`;
}

function bounds(schema: JsonSchema, least: string, most: string, unit: string): string {
  const [from, to] = [schema[least], schema[most]].map((bound) => (typeof bound === 'number' ? bound : null));
  if (to === null || to === undefined) return typeof from === 'number' ? `, from ${from}${unit}` : '';
  return `, ${typeof from === 'number' ? `${from} to ` : 'at most '}${to}${unit}`;
}

function reference(ref: string): string {
  const name = escapeHtml(ref.slice(ref.lastIndexOf('/') + 1));
  return `<a href="#schema-${name}">${name}</a>`;
}

function literal(value: unknown): string {
  return `<code>${escapeHtml(JSON.stringify(value))}</code>`;
}

function asSchema(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
}
