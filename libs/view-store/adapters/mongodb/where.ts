import type { Document } from 'mongodb';
import type { Condition, IntegerRange, Where } from '../../port.js';
import { fieldOf } from './names.js';
import { toOperand } from './values.js';

export const ALL: Document = {};
const NOTHING: Document = { _id: { $in: [] } };

/** Translates checked conditions to MongoDB's query language. */
export function compileWhere(where: Where | undefined): Document {
  const parts = Object.entries(where?.columns ?? {}).flatMap(([column, condition]) =>
    tests(condition).map((test): Document => ({ [fieldOf(column)]: test })),
  );
  if (where?.anyOf !== undefined) parts.push(anyOf(where.anyOf.map(compileWhere)));
  return allOf(parts);
}

export function allOf(parts: readonly Document[]): Document {
  const needed = parts.filter((part) => Object.keys(part).length > 0);
  const [first, second] = needed;
  if (first === undefined) return ALL;
  return second === undefined ? first : { $and: needed };
}

function anyOf(parts: readonly Document[]): Document {
  if (parts.length === 0) return NOTHING;
  return parts.some((part) => Object.keys(part).length === 0) ? ALL : { $or: parts };
}

/** One test an entry: two of a kind on one column would overwrite each other. */
function tests(condition: Condition): readonly Document[] {
  if (condition === null) return [{ $eq: null }];
  if (typeof condition !== 'object') return [{ $eq: toOperand(condition) }];
  const result: Document[] = [];
  for (const operator of ['gt', 'gte', 'lt', 'lte'] as const) {
    const operand = condition[operator];
    if (operand !== undefined) result.push({ [`$${operator}`]: toOperand(operand) });
  }
  if (condition.prefix !== undefined) result.push({ $regex: `^${literally(condition.prefix)}` });
  if (condition.contains !== undefined) result.push({ $regex: literally(condition.contains) });
  if (condition.in !== undefined) result.push({ $in: condition.in.map(toOperand) });
  if (condition.has !== undefined) result.push({ $in: condition.has });
  if (condition.hasIn !== undefined) result.push({ $elemMatch: rangeOf(condition.hasIn) });
  if (condition.hasNoneIn !== undefined) result.push({ $not: { $elemMatch: rangeOf(condition.hasNoneIn) } });
  if (condition.exists !== undefined) result.push(condition.exists ? { $ne: null } : { $eq: null });
  return result;
}

function rangeOf({ gt, lte }: IntegerRange): Document {
  return { $gt: toOperand(gt), $lte: toOperand(lte) };
}

/** A pattern that matches the text itself. A pattern in BSON ends at U+0000, which is therefore written out. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&').replaceAll('\u0000', '\\x00');
}
