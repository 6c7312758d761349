import { evalExpr } from 'mingo/core';
import { type Iterator } from 'mingo/lazy';
import type { Any, AnyObject, Options } from 'mingo/types';
import { bsonTypeOf, type Document, isDocument } from './documents.js';
import { CommandError } from './errors.js';
import { QUERY_OPERATORS } from './matching.js';
import { valuesAt } from './paths.js';

export type Matcher = (document: Document) => boolean;

/**
 * Compiles a filter. @param options of mingo, for `$expr`
 * @throws CommandError the filter is none, or asks for what is not supported
 */
export function compile(filter: unknown, options: Options): Matcher {
  if (bsonTypeOf(filter) !== 'object') throw new CommandError(14, 'the filter must be an object');
  const tests = Object.entries(filter as Document).map(([field, condition]: [string, unknown]) =>
    field.startsWith('$') ? topLevel(field, condition, options) : onField(field, condition, options),
  );
  const [first, ...rest] = tests;
  if (first === undefined) return () => true;
  return rest.length === 0 ? first : (document) => tests.every((test) => test(document));
}

function topLevel(operator: string, condition: unknown, options: Options): Matcher {
  switch (operator) {
    case '$and': {
      const parts = partsOf(operator, condition, options);
      return (document) => parts.every((part) => part(document));
    }
    case '$or': {
      const parts = partsOf(operator, condition, options);
      return (document) => parts.some((part) => part(document));
    }
    case '$nor': {
      const parts = partsOf(operator, condition, options);
      return (document) => !parts.some((part) => part(document));
    }
    case '$expr':
      return (document) => isTrue(evalExpr(document, condition, options));
    case '$comment':
      return () => true;
    default:
      throw new CommandError(
        2,
        `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function partsOf(operator: string, condition: unknown, options: Options): readonly Matcher[] {
  if (!Array.isArray(condition) || condition.length === 0) {
    throw new CommandError(2, `${operator} must be a nonempty array`);
  }
  return condition.map((part) => compile(part, options));
}

function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== 0n;
}

function isOperators(condition: unknown): condition is Document {
  return (
    isDocument(condition) && Object.keys(condition)[0]?.startsWith('$') === true && !Object.hasOwn(condition, '$ref')
  );
}

function onField(field: string, condition: unknown, options: Options): Matcher {
  if (condition instanceof RegExp) return QUERY_OPERATORS.$regex(field, condition);
  if (!isOperators(condition)) return QUERY_OPERATORS.$eq(field, condition, options);
  const tests = Object.entries(condition).map(([operator, operand]: [string, unknown]) =>
    fieldTest(field, operator, operand, condition, options),
  );
  return (document) => tests.every((test) => test(document));
}

function fieldTest(field: string, operator: string, operand: unknown, condition: Document, options: Options): Matcher {
  if (operator === '$not') {
    const test = onField(field, operand, options);
    return (document) => !test(document);
  }
  if (operator === '$elemMatch') return elementTest(field, operand, options);
  if (operator === '$options') return () => true;
  if (operator === '$regex') return QUERY_OPERATORS.$regex(field, pattern(operand, condition['$options']));
  const known = Object.entries(QUERY_OPERATORS).find(([name]) => name === operator)?.[1];
  if (known === undefined) throw new CommandError(2, `unknown operator: ${operator}`);
  return known(field, operand, options);
}

function pattern(source: unknown, options: unknown): RegExp {
  const flags = typeof options === 'string' ? options : undefined;
  try {
    if (source instanceof RegExp) return flags === undefined ? source : new RegExp(source.source, flags);
    return new RegExp(String(source), flags);
  } catch {
    throw new CommandError(
      51_091,
      `Regular expression is invalid, or not supported by the stand-in: ${String(source)}`,
    );
  }
}

/** An element of an array that all of it holds for. */
export function elementTest(field: string, operand: unknown, options: Options): Matcher {
  const matches = elementMatcher(operand, options);
  return (document) => valuesAt(document, field).some((value) => Array.isArray(value) && value.some(matches));
}

export function elementMatcher(operand: unknown, options: Options): (element: unknown) => boolean {
  if (!isDocument(operand)) throw new CommandError(2, '$elemMatch needs an Object');
  const logical = ['$and', '$or', '$nor', '$expr'];
  if (isOperators(operand) && !logical.includes(Object.keys(operand)[0] ?? '')) {
    const test = onField('element', operand, options);
    return (element) => test({ element });
  }
  const test = compile(operand, options);
  return (element) => isDocument(element) && test(element);
}

export const MATCH_STAGE = {
  $match: (documents: Iterator, filter: Any, options: Options): Iterator => documents.filter(compile(filter, options)),
};

/** The first element that matches, of an array in a projection. */
export const ELEMENT_PROJECTION = {
  $elemMatch: (document: AnyObject, operand: Any, field: string, options: Options): Any => {
    const array: unknown = document[field];
    if (!Array.isArray(array)) return undefined;
    const found: unknown[] = array.filter(elementMatcher(operand, options)).slice(0, 1);
    return found.length === 0 ? undefined : found;
  },
};
