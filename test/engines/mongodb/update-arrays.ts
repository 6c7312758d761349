import { copy, type Document, isDocument, numeric } from './documents.js';
import { CommandError } from './errors.js';
import { matcher } from './language.js';
import { compareValues, keyOf, sameValue } from './order.js';
import { sorted } from './sorting.js';

/** The update operators of arrays. https://www.mongodb.com/docs/manual/reference/operator/update-array/ */
function arrayAt(value: unknown, path: string, operator: string): unknown[] | null {
  if (value === undefined) return null;
  if (!Array.isArray(value)) {
    throw new CommandError(
      operator === '$pop' ? 14 : 2,
      `The field '${path}' must be an array but is of type ${typeof value}`,
    );
  }
  return [...(value as unknown[])];
}

function eachOf(argument: unknown): { readonly values: readonly unknown[]; readonly modifiers: Document } {
  if (isDocument(argument) && Object.hasOwn(argument, '$each')) {
    const values: unknown = argument['$each'];
    if (!Array.isArray(values)) throw new CommandError(2, 'The argument to $each must be an array');
    return { values: copy(values as unknown[]), modifiers: argument };
  }
  return { values: [copy(argument)], modifiers: {} };
}

export function pushed(value: unknown, _document: Document, argument: unknown, path: string): unknown {
  const array = arrayAt(value, path, '$push') ?? [];
  const { values, modifiers } = eachOf(argument);
  const position = numeric(modifiers['$position']);
  array.splice(position ?? array.length, 0, ...values);
  const order = sortedBy(array, modifiers['$sort']);
  const slice = numeric(modifiers['$slice']);
  if (slice === null) return order;
  return slice < 0 ? order.slice(slice) : order.slice(0, slice);
}

function sortedBy(array: readonly unknown[], spec: unknown): unknown[] {
  if (spec === undefined) return [...array];
  const direction = numeric(spec);
  if (direction !== null) return [...array].sort((a, b) => direction * compareValues(a, b));
  return sorted(array as Document[], spec);
}

export function addedToSet(value: unknown, _document: Document, argument: unknown, path: string): unknown {
  const array = arrayAt(value, path, '$addToSet') ?? [];
  const known = new Set(array.map(keyOf));
  for (const one of eachOf(argument).values) {
    if (known.has(keyOf(one))) continue;
    known.add(keyOf(one));
    array.push(one);
  }
  return array;
}

export function popped(value: unknown, _document: Document, argument: unknown, path: string): unknown {
  const array = arrayAt(value, path, '$pop');
  if (array === null) return value;
  if (numeric(argument) === -1) array.shift();
  else array.pop();
  return array;
}

export function pulled(value: unknown, _document: Document, argument: unknown, path: string): unknown {
  const array = arrayAt(value, path, '$pull');
  if (array === null) return value;
  const test = pullTest(argument);
  return array.filter((element) => !test(element));
}

/** Operators test the element itself, a document its fields; all else is equality. */
function pullTest(argument: unknown): (element: unknown) => boolean {
  if (argument instanceof RegExp) return (element) => typeof element === 'string' && argument.test(element);
  if (!isDocument(argument)) return (element) => sameValue(element, argument);
  if (Object.keys(argument).some((name) => name.startsWith('$') && name !== '$or' && name !== '$and')) {
    const matches = matcher({ element: argument });
    return (element) => matches({ element });
  }
  const matches = matcher(argument);
  return (element) => isDocument(element) && matches(element);
}

export function pulledAll(value: unknown, _document: Document, argument: unknown, path: string): unknown {
  const array = arrayAt(value, path, '$pullAll');
  if (array === null) return value;
  if (!Array.isArray(argument)) throw new CommandError(2, '$pullAll requires an array argument');
  return array.filter((element) => !argument.some((one) => sameValue(one, element)));
}
