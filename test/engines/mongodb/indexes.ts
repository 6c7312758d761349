import { bsonTypeOf, type Document } from './documents.js';
import { CommandError } from './errors.js';
import { matcher } from './language.js';
import { keyOf } from './order.js';
import { valuesAt } from './paths.js';

/** An index: of use only for what it forbids. */
export interface StoredIndex {
  readonly name: string;
  readonly key: Document;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly covers: (document: Document) => boolean;
  /** As listed: `v`, `key`, `name` and the options. */
  readonly specification: Document;
}

export function primaryIndex(): StoredIndex {
  const specification = { v: 2, key: { _id: 1 }, name: '_id_' };
  return { name: '_id_', key: specification.key, unique: false, sparse: false, covers: () => true, specification };
}

const KNOWN_OPTIONS = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'hidden',
  'background',
  'ns',
]);

/** @throws CommandError the specification is none, or asks for what is not supported */
export function toIndex(specification: Document): StoredIndex {
  const { key, name }: Document = specification;
  if (bsonTypeOf(key) !== 'object' || Object.keys(key as Document).length === 0) {
    throw new CommandError(67, 'Index keys cannot be empty.');
  }
  for (const [field, direction] of Object.entries(key as Document)) {
    if (direction !== 'hashed' && (Number.isNaN(Number(direction)) || Number(direction) === 0)) {
      throw new CommandError(67, `an index of type ${String(direction)} is not supported by the stand-in`);
    }
    if (field.includes('$**')) throw new CommandError(67, 'wildcard indexes are not supported by the stand-in');
  }
  const unknown = Object.keys(specification).find((option) => !KNOWN_OPTIONS.has(option));
  if (unknown !== undefined) {
    throw new CommandError(197, `The field '${unknown}' is not valid for an index specification, or not supported`);
  }
  if (typeof name !== 'string' || name === '') throw new CommandError(9, 'The index name must be a nonempty string');
  const partial = specification['partialFilterExpression'] as Document | undefined;
  return {
    name,
    key: key as Document,
    unique: specification['unique'] === true,
    sparse: specification['sparse'] === true,
    covers: partial === undefined ? () => true : matcher(partial),
    specification: { v: 2, ...specification },
  };
}

/** The keys under which a unique index has a document. */
export function uniqueKeys(index: StoredIndex, document: Document): readonly string[] {
  if (!index.unique || !index.covers(document)) return [];
  const fields = Object.keys(index.key);
  if (index.sparse && fields.every((field) => valuesAt(document, field).every((value) => value === undefined)))
    return [];
  let keys = [''];
  for (const field of fields) {
    const parts = valuesAt(document, field).flatMap((value): unknown[] =>
      Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [value],
    );
    keys = keys.flatMap((key) => parts.map((part) => `${key}|${keyOf(part)}`));
  }
  return [...new Set(keys)];
}

/** https://www.mongodb.com/docs/manual/core/index-unique/ ; the form of the text is what drivers and people look for. */
export function duplicateKey(namespace: string, index: StoredIndex, document: Document): CommandError {
  const keyValue = Object.fromEntries(
    Object.keys(index.key).map((field) => [field, valuesAt(document, field)[0] ?? null]),
  );
  const shown = Object.entries(keyValue).map(([field, value]) => `${field}: ${shownValue(value)}`);
  return new CommandError(
    11000,
    `E11000 duplicate key error collection: ${namespace} index: ${index.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: index.key, keyValue },
  );
}

function shownValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (bsonTypeOf(value) === 'ObjectId') return `ObjectId('${String(value)}')`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
