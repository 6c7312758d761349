import 'reflect-metadata';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

type BodyClass = new () => object;

/** What is known of one field of a body. */
interface Field {
  readonly schema: JsonSchema;
  /** Of an object or of each entry of a list. */
  readonly part: (() => BodyClass) | null;
  readonly optional: boolean;
  readonly nullable: boolean;
}

const KEY = Symbol('pipeledger:fields');
const UNKNOWN: Field = { schema: {}, part: null, optional: false, nullable: false };

function ownFields(target: object): Map<string, Field> {
  const known: unknown = Reflect.getOwnMetadata(KEY, target);
  if (known instanceof Map) return known as Map<string, Field>;
  const fields = new Map<string, Field>();
  Reflect.defineMetadata(KEY, fields, target);
  return fields;
}

/** Says what a field is, beside the rule that checks it; several for one field are put together. */
export function Describes(more: Partial<Field>): PropertyDecorator {
  return (target, property) => {
    const fields = ownFields(target);
    const field = fields.get(String(property)) ?? UNKNOWN;
    fields.set(String(property), { ...field, ...more, schema: { ...field.schema, ...more.schema } });
  };
}

/** The fields of a body class, inherited ones first. */
function fieldsOf(type: BodyClass): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const chain: object[] = [];
  for (let at: object | null = type.prototype as object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    chain.unshift(at);
  }
  for (const target of chain) for (const [name, field] of ownFields(target)) fields.set(name, field);
  return fields;
}

/**
 * The schema of a body class, from the decorators that validate it. Classes that are parts of it are put into `parts`
 * under their names, and referred to as `#/components/schemas/<name>`.
 * @throws Error a field is checked by a rule that does not say what it takes
 */
export function bodySchema(type: BodyClass, parts: Map<string, JsonSchema>): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [name, field] of fieldsOf(type)) {
    properties[name] = fieldSchema(type, name, field, parts);
    if (!field.optional) required.push(name);
  }
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function fieldSchema(type: BodyClass, name: string, field: Field, parts: Map<string, JsonSchema>): JsonSchema {
  if (Object.keys(field.schema).length === 0 && field.part === null) {
    throw new Error(`${type.name}.${name} does not say what it takes`);
  }
  let schema = field.schema;
  if (field.part !== null) {
    const reference = partSchema(field.part(), parts);
    schema = schema['type'] === 'array' ? { ...schema, items: reference } : reference;
  }
  return field.nullable ? orNull(schema) : schema;
}

function partSchema(part: BodyClass, parts: Map<string, JsonSchema>): JsonSchema {
  const name = part.name.replace(/Body$/u, '');
  if (!parts.has(name)) {
    // Known before it is made: a part may hold itself.
    parts.set(name, {});
    parts.set(name, bodySchema(part, parts));
  }
  return { $ref: `#/components/schemas/${name}` };
}

function orNull(schema: JsonSchema): JsonSchema {
  const { type, enum: values } = schema;
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  return {
    ...schema,
    type: [type, 'null'],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}
