import { evalExpr } from 'mingo/core';
import type { Any, Options } from 'mingo/types';
import { CommandError } from './errors.js';
import { typeAlias } from './matching.js';
import { calculateLoosely, isNumeric, type Numeric, toWhole } from './numbers.js';
import { compareValues } from './order.js';

/**
 * The expression operators that mingo has with JavaScript's numbers and comparisons, with those of BSON.
 * https://www.mongodb.com/docs/manual/reference/operator/aggregation/
 */
type Expression = (document: Any, expression: Any, options: Options) => Any;

function operands(document: Any, expression: Any, options: Options): unknown[] {
  const values: unknown = evalExpr(document, expression, options);
  return Array.isArray(values) ? (values as unknown[]) : [values];
}

function comparing(test: (compared: number) => boolean): Expression {
  return (document, expression, options) => {
    const [a, b] = operands(document, expression, options);
    return test(compareValues(missingLast(a), missingLast(b)));
  };
}

/** In expressions a missing value is below null. */
function missingLast(value: unknown): unknown {
  return value === undefined ? null : value;
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function refuse(operator: string, value: unknown): never {
  throw new CommandError(14, `${operator} only supports numeric types, not ${typeAlias(value)}`);
}

const add: Expression = (document, expression, options) => {
  const values = operands(document, expression, options);
  if (values.some(isNothing)) return null;
  let dates = 0;
  let total: Numeric = 0;
  for (const value of values) {
    if (value instanceof Date) {
      dates += 1;
      total = calculateLoosely('add', total, BigInt(value.getTime()));
    } else if (isNumeric(value)) total = calculateLoosely('add', total, value);
    else refuse('$add', value);
  }
  if (dates > 1) throw new CommandError(16612, 'only one date allowed in an $add expression');
  return dates === 1 ? new Date(Number(total)) : total;
};

const subtract: Expression = (document, expression, options) => {
  const [a, b] = operands(document, expression, options);
  if (isNothing(a) || isNothing(b)) return null;
  if (a instanceof Date && b instanceof Date) return BigInt(a.getTime() - b.getTime());
  if (a instanceof Date && isNumeric(b)) return new Date(a.getTime() - Math.round(Number(b)));
  if (!isNumeric(a)) return refuse('$subtract', a);
  return isNumeric(b) ? calculateLoosely('subtract', a, b) : refuse('$subtract', b);
};

const multiply: Expression = (document, expression, options) => {
  const values = operands(document, expression, options);
  if (values.some(isNothing)) return null;
  let total: Numeric = 1;
  for (const value of values)
    total = isNumeric(value) ? calculateLoosely('multiply', total, value) : refuse('$multiply', value);
  return total;
};

/** Always a double. */
const divide: Expression = (document, expression, options) => {
  const [a, b] = operands(document, expression, options);
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumeric(a)) return refuse('$divide', a);
  if (!isNumeric(b)) return refuse('$divide', b);
  if (Number(b) === 0) throw new CommandError(2, "can't $divide by zero");
  return Number(a) / Number(b);
};

const mod: Expression = (document, expression, options) => {
  const [a, b] = operands(document, expression, options);
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumeric(a)) return refuse('$mod', a);
  if (!isNumeric(b)) return refuse('$mod', b);
  if (Number(b) === 0) throw new CommandError(16610, "can't $mod by zero");
  return calculateLoosely('mod', a, b);
};

function rounding(operator: string, round: (value: number) => number): Expression {
  return (document, expression, options) => {
    const [value, places] = operands(document, expression, options);
    if (isNothing(value)) return null;
    if (!isNumeric(value)) return refuse(operator, value);
    if (!isNothing(places) && Number(places) !== 0) throw new CommandError(2, `${operator} to places is not supported`);
    return typeof value === 'bigint' ? value : round(value);
  };
}

/** Halves to the even neighbour. */
function roundEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const abs: Expression = (document, expression, options) => {
  const [value] = operands(document, expression, options);
  if (isNothing(value)) return null;
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  return typeof value === 'number' ? Math.abs(value) : refuse('$abs', value);
};

const converting =
  (bits: 32 | 64): Expression =>
  (document, expression, options) =>
    toWhole(operands(document, expression, options)[0], bits);

const toDouble: Expression = (document, expression, options) => {
  const [value] = operands(document, expression, options);
  return isNothing(value) ? null : Number(value);
};

const isIn: Expression = (document, expression, options) => {
  const [value, list] = operands(document, expression, options);
  if (!Array.isArray(list)) throw new CommandError(40081, '$in requires an array as a second argument');
  return list.some((element) => compareValues(element, value) === 0);
};

/** In code points. */
const indexOfCP: Expression = (document, expression, options) => {
  const [text, part] = operands(document, expression, options);
  if (isNothing(text)) return null;
  if (typeof text !== 'string' || typeof part !== 'string')
    throw new CommandError(40093, '$indexOfCP requires strings');
  const index = text.indexOf(part);
  return index < 0 ? -1 : Array.from(text.slice(0, index)).length;
};

function refused(operator: string): Expression {
  return () => {
    throw new CommandError(168, `${operator} is not supported by the stand-in`);
  };
}

export const EXPRESSIONS = {
  $add: add,
  $subtract: subtract,
  $multiply: multiply,
  $divide: divide,
  $mod: mod,
  $abs: abs,
  $ceil: rounding('$ceil', Math.ceil),
  $floor: rounding('$floor', Math.floor),
  $trunc: rounding('$trunc', Math.trunc),
  $round: rounding('$round', roundEven),
  $eq: comparing((compared) => compared === 0),
  $ne: comparing((compared) => compared !== 0),
  $gt: comparing((compared) => compared > 0),
  $gte: comparing((compared) => compared >= 0),
  $lt: comparing((compared) => compared < 0),
  $lte: comparing((compared) => compared <= 0),
  $cmp: ((document, expression, options) => {
    const [a, b] = operands(document, expression, options);
    return Math.sign(compareValues(missingLast(a), missingLast(b)));
  }) satisfies Expression,
  $in: isIn,
  $indexOfCP: indexOfCP,
  $isNumber: ((document, expression, options) =>
    isNumeric(operands(document, expression, options)[0])) satisfies Expression,
  $toLong: converting(64),
  $toInt: converting(32),
  $toDouble: toDouble,
  $type: ((document, expression, options) =>
    typeAlias(operands(document, expression, options)[0])) satisfies Expression,
  $toDecimal: refused('$toDecimal'),
  $convert: refused('$convert'),
  $function: refused('$function'),
  $range: refused('$range'),
};
