import { evalExpr, OpType } from 'mingo/core';
import { $push } from 'mingo/operators/accumulator';
import { type Iterator, Lazy } from 'mingo/lazy';
import type { Any, AnyObject, Options } from 'mingo/types';
import { collator } from './collation.js';
import type { Document } from './documents.js';
import { CommandError } from './errors.js';
import { isNumeric, sumOf } from './numbers.js';
import { compareValues, keyOf } from './order.js';
import { sorted } from './sorting.js';

/** The accumulators and stages that mingo has with JavaScript's numbers and comparisons, with those of BSON. */
type Accumulator = (items: AnyObject[], expression: Any, options: Options) => Any;

function valuesOf(items: AnyObject[], expression: Any, options: Options): unknown[] {
  const values: unknown[] = $push(items, expression, options);
  return values;
}

const sum: Accumulator = (items, expression, options) => {
  // As an expression, its one operand may be an array.
  const values = valuesOf(items, expression, options);
  return sumOf(
    values.flatMap((value) => (expression === null && Array.isArray(value) ? (value as unknown[]) : [value])),
  );
};

const average: Accumulator = (items, expression, options) => {
  const values = valuesOf(items, expression, options).filter(isNumeric);
  return values.length === 0 ? null : Number(sumOf(values)) / values.length;
};

function extreme(sign: 1 | -1): Accumulator {
  return (items, expression, options) =>
    valuesOf(items, expression, options)
      .filter((value) => value !== null && value !== undefined)
      .reduce<unknown>((best, value) => (best === null || sign * compareValues(value, best) > 0 ? value : best), null);
}

const addToSet: Accumulator = (items, expression, options) => [
  ...new Map(valuesOf(items, expression, options).map((value) => [keyOf(value), value])).values(),
];

export const ACCUMULATORS = { $sum: sum, $avg: average, $min: extreme(-1), $max: extreme(1), $addToSet: addToSet };

function group(documents: Iterator, specification: AnyObject, options: Options): Iterator {
  if (!Object.hasOwn(specification, '_id')) {
    throw new CommandError(15955, 'a group specification must include an _id');
  }
  const { _id: idExpression, ...fields } = specification;
  return documents.transform((items: AnyObject[]) => {
    const groups = new Map<string, { id: unknown; items: AnyObject[] }>();
    for (const item of items) {
      const id: unknown = evalExpr(item, idExpression, options) ?? null;
      const key = keyOf(id);
      const found = groups.get(key);
      if (found === undefined) groups.set(key, { id, items: [item] });
      else found.items.push(item);
    }
    const results = [...groups.values()].map((found): Document => {
      const result: Document = { _id: found.id };
      for (const [name, accumulator] of Object.entries(fields)) {
        result[name] = accumulate(found.items, accumulator as AnyObject, options);
      }
      return result;
    });
    return Lazy(results);
  });
}

function accumulate(items: AnyObject[], accumulator: AnyObject, options: Options): unknown {
  const [entry, second] = Object.entries(accumulator);
  if (entry === undefined || second !== undefined) {
    throw new CommandError(40238, 'a field of $group must specify one accumulator');
  }
  const [name, expression] = entry;
  if (name === '$count') return items.length;
  const fn = options.context.getOperator(OpType.ACCUMULATOR, name);
  if (fn === null) throw new CommandError(15952, `unknown group operator '${name}'`);
  return (fn as Accumulator)(items, expression, options);
}

function sort(documents: Iterator, specification: AnyObject, options: Options): Iterator {
  const texts = collator(options.collation);
  return documents.transform((items: Document[]) => Lazy(sorted(items, specification, texts)));
}

function sortByCount(documents: Iterator, expression: AnyObject, options: Options): Iterator {
  return sort(group(documents, { _id: expression, count: { $sum: 1 } }, options), { count: -1 }, options);
}

function limit(documents: Iterator, count: Any): Iterator {
  const number = Number(count);
  if (!Number.isInteger(number) || number < 1) throw new CommandError(15958, 'the limit must be positive');
  return documents.take(number);
}

function skip(documents: Iterator, count: Any): Iterator {
  return documents.drop(Number(count));
}

export const STAGES = { $group: group, $sort: sort, $sortByCount: sortByCount, $limit: limit, $skip: skip };
