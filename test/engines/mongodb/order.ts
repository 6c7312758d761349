import { Binary, Decimal128, ObjectId, Timestamp } from 'bson';
import { bsonTypeOf, type Document, encode } from './documents.js';

/** https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/ */
const RANKS: Readonly<Record<string, number>> = {
  MinKey: 0,
  undefined: 1,
  null: 1,
  number: 2,
  bigint: 2,
  Decimal128: 2,
  Int32: 2,
  Double: 2,
  Long: 2,
  string: 3,
  BSONSymbol: 3,
  object: 4,
  DBRef: 4,
  array: 5,
  Binary: 6,
  ObjectId: 7,
  boolean: 8,
  date: 9,
  Timestamp: 10,
  regex: 11,
  BSONRegExp: 11,
  Code: 12,
  MaxKey: 13,
};

/** Values of one bracket are compared with each other by `$gt` and its like; others never are. */
export function bracketOf(value: unknown): number {
  return RANKS[bsonTypeOf(value)] ?? 99;
}

/** An order of texts: by code points, or that of a collation. */
export type CompareTexts = (a: string, b: string) => number;

/** The order of BSON values, over all types; texts by code points. */
export function compareValues(a: unknown, b: unknown, texts: CompareTexts = compareTexts): number {
  if (a === b) return 0;
  const bracket = bracketOf(a);
  const other = bracketOf(b);
  if (bracket !== other) return bracket - other;
  if (typeof a === 'string' && typeof b === 'string') return texts(a, b);
  if (bracket === 1) return 0;
  if (bracket === 2) return compareNumbers(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b, texts);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (a instanceof ObjectId && b instanceof ObjectId) return Buffer.compare(a.id, b.id);
  if (a instanceof Timestamp && b instanceof Timestamp) return a.compare(b);
  if (a instanceof Binary && b instanceof Binary) return compareBinaries(a, b);
  if (a instanceof RegExp && b instanceof RegExp)
    return compareTexts(`${a.source}/${a.flags}`, `${b.source}/${b.flags}`);
  if (bracket === 4) return compareDocuments(a as Document, b as Document, texts);
  return Buffer.compare(encode({ v: a }), encode({ v: b }));
}

export function sameValue(a: unknown, b: unknown, texts?: CompareTexts): boolean {
  return compareValues(a, b, texts) === 0;
}

function compareNumbers(a: unknown, b: unknown): number {
  const x = number(a);
  const y = number(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(!Number.isNaN(x)) - Number(!Number.isNaN(y));
  // JavaScript compares a bigint with a number exactly.
  return x < y ? -1 : x > y ? 1 : 0;
}

function number(value: unknown): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof Decimal128 ? Number(value.toString()) : Number(value);
}

function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return afterSurrogates(x) - afterSurrogates(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for the characters above all others, though some others have higher code units. */
function afterSurrogates(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareLists(a: readonly unknown[], b: readonly unknown[], texts: CompareTexts): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const compared = compareValues(a[index], b[index], texts);
    if (compared !== 0) return compared;
  }
  return a.length - b.length;
}

function compareDocuments(a: Document, b: Document, texts: CompareTexts): number {
  const x = Object.entries(a);
  const y = Object.entries(b);
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const [name, value] = x[index] ?? ['', null];
    const [otherName, otherValue] = y[index] ?? ['', null];
    const compared =
      bracketOf(value) - bracketOf(otherValue) ||
      compareTexts(name, otherName) ||
      compareValues(value, otherValue, texts);
    if (compared !== 0) return compared;
  }
  return x.length - y.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  return a.length() - b.length() || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}

/** A text that is the same for equal values and no others: numbers are equal across their types. */
export function keyOf(value: unknown): string {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'number') return `n${Number.isSafeInteger(value) ? BigInt(value) : value}`;
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) return `d${value.getTime()}`;
  if (Array.isArray(value)) return `[${value.map((element) => JSON.stringify(keyOf(element))).join()}]`;
  if (bsonTypeOf(value) === 'object') {
    const fields = Object.entries(value as Document).map(([name, field]) => [name, keyOf(field)]);
    return `o${JSON.stringify(fields)}`;
  }
  return `x${Buffer.from(encode({ v: value })).toString('base64')}`;
}
