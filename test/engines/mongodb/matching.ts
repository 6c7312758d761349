import type { Any, Options } from 'mingo/types';
import { collator } from './collation.js';
import { bsonTypeOf, type Document, isDocument, numeric } from './documents.js';
import { CommandError } from './errors.js';
import { isNumeric } from './numbers.js';
import { bracketOf, type CompareTexts, compareValues, sameValue } from './order.js';
import { candidatesAt, valuesAt } from './paths.js';

/**
 * The query operators that mingo has with JavaScript's comparisons, with those of BSON: exact over int64, texts by code
 * points, values of one type compared with each other only, arrays by their elements.
 * https://www.mongodb.com/docs/manual/reference/operator/query/
 */
type Operator = (selector: string, value: Any, options: Options) => (document: Document) => boolean;

type Test = (candidate: unknown, operand: unknown, texts: CompareTexts | undefined) => boolean;

function onCandidates(test: Test): Operator {
  return (path, operand, options) => {
    const texts = collator(options.collation);
    return (document) => candidatesAt(document, path).some((candidate) => test(candidate, operand, texts));
  };
}

function inOrder(test: (compared: number) => boolean, orEqual: boolean): Operator {
  return onCandidates((candidate, operand, texts) => {
    if (candidate === undefined) return operand === null && orEqual;
    return (
      bracketOf(candidate) === bracketOf(operand) &&
      !isNotANumber(candidate, operand) &&
      test(compareValues(candidate, operand, texts))
    );
  });
}

function isNotANumber(candidate: unknown, operand: unknown): boolean {
  return Number.isNaN(candidate) !== Number.isNaN(operand);
}

function equals(candidate: unknown, operand: unknown, texts?: CompareTexts): boolean {
  if (operand instanceof RegExp && typeof candidate === 'string') return matchesPattern(candidate, operand);
  return sameValue(candidate, operand, texts);
}

function matchesPattern(text: unknown, pattern: RegExp): boolean {
  pattern.lastIndex = 0;
  return typeof text === 'string' && pattern.test(text);
}

const $eq = onCandidates(sameValue);
const $in = onCandidates((candidate, operand, texts) => {
  if (!Array.isArray(operand)) throw new CommandError(2, '$in needs an array');
  return operand.some((one) => equals(candidate, one, texts));
});

function not(operator: Operator): Operator {
  return (path, operand, options) => {
    const holds = operator(path, operand, options);
    return (document) => !holds(document);
  };
}

/** `$in` with many plain values: one look-up for each candidate. */
function inSet(path: string, operand: Any, options: Options): (document: Document) => boolean {
  if (!Array.isArray(operand)) throw new CommandError(2, '$in needs an array');
  const plain = operand.every(
    (one) => typeof one === 'string' || (typeof one === 'bigint' && Number.isSafeInteger(Number(one))),
  );
  if (!plain || operand.length < 20 || options.collation !== undefined) return $in(path, operand, options);
  const values = new Set(operand.map((one: unknown) => (typeof one === 'bigint' ? Number(one) : one)));
  return (document) =>
    candidatesAt(document, path).some((candidate) =>
      values.has(typeof candidate === 'bigint' ? Number(candidate) : candidate),
    );
}

function exists(path: string, operand: Any): (document: Document) => boolean {
  return (document) => valuesAt(document, path).some((value) => value !== undefined) === Boolean(operand);
}

function hasRemainder(candidate: unknown, operand: unknown): boolean {
  if (!Array.isArray(operand) || operand.length !== 2) throw new CommandError(2, 'malformed mod, not enough elements');
  const [divisor, remainder] = operand.map((value) => BigInt(Math.trunc(numeric(value) ?? 0)));
  if (!isNumeric(candidate) || divisor === undefined || divisor === 0n) return false;
  const whole = typeof candidate === 'bigint' ? candidate : BigInt(Math.trunc(candidate));
  return whole % divisor === remainder;
}

/** https://www.mongodb.com/docs/manual/reference/operator/query/type/ */
const TYPE_NUMBERS: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
};
const TYPE_NAMES: Readonly<Record<string, string>> = {
  boolean: 'bool',
  bigint: 'long',
  Binary: 'binData',
  ObjectId: 'objectId',
  Timestamp: 'timestamp',
  Decimal128: 'decimal',
  undefined: 'missing',
};

/** The alias of a value's type. A double that is whole and fits into 32 bits is taken for an int. */
export function typeAlias(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 'int' : 'double';
  const name = bsonTypeOf(value);
  return TYPE_NAMES[name] ?? name;
}

function isOfType(candidate: unknown, operand: unknown): boolean {
  const wanted = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((type) =>
    typeof type === 'string' ? type : (TYPE_NUMBERS[numeric(type) ?? 0] ?? ''),
  );
  if (candidate === undefined) return false;
  const alias = typeAlias(candidate);
  return wanted.includes(alias) || (isNumeric(candidate) && wanted.includes('number'));
}

function regex(path: string, operand: Any): (document: Document) => boolean {
  const pattern = operand instanceof RegExp ? operand : new RegExp(String(operand));
  return (document) => candidatesAt(document, path).some((candidate) => matchesPattern(candidate, pattern));
}

function size(path: string, operand: Any): (document: Document) => boolean {
  return (document) =>
    valuesAt(document, path).some((value) => Array.isArray(value) && value.length === numeric(operand));
}

function all(path: string, operand: Any): (document: Document) => boolean {
  if (!Array.isArray(operand)) throw new CommandError(2, '$all needs an array');
  if (operand.some((one) => isDocument(one) && '$elemMatch' in one))
    throw new CommandError(2, '$all with $elemMatch is not supported');
  return (document) => {
    const candidates = candidatesAt(document, path);
    return operand.length > 0 && operand.every((one) => candidates.some((candidate) => equals(candidate, one)));
  };
}

export const QUERY_OPERATORS = {
  $eq,
  $ne: not($eq),
  $gt: inOrder((compared) => compared > 0, false),
  $gte: inOrder((compared) => compared >= 0, true),
  $lt: inOrder((compared) => compared < 0, false),
  $lte: inOrder((compared) => compared <= 0, true),
  $in: inSet,
  $nin: not(inSet),
  $exists: exists,
  $mod: onCandidates(hasRemainder),
  $type: onCandidates(isOfType),
  $regex: regex,
  $size: size,
  $all: all,
  $comment: () => () => true,
};
