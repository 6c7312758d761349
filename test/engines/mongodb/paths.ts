import { type Document, isDocument } from './documents.js';

const INDEX = /^(0|[1-9]\d*)$/;

/**
 * What a query's path leads to: through every element of the arrays on its way, also by index. Undefined stands for a
 * path that leads nowhere.
 */
export function valuesAt(document: unknown, path: string): readonly unknown[] {
  if (!path.includes('.')) {
    const value: unknown = isDocument(document) ? document[path] : undefined;
    return [value];
  }
  const found: unknown[] = [];
  walk(document, path.split('.'), 0, found);
  return found;
}

function walk(value: unknown, fields: readonly string[], at: number, found: unknown[]): void {
  const field = fields[at];
  if (field === undefined) {
    found.push(value);
  } else if (Array.isArray(value)) {
    const before = found.length;
    if (INDEX.test(field) && Number(field) < value.length) walk(value[Number(field)], fields, at + 1, found);
    for (const element of value) if (isDocument(element)) walk(element, fields, at, found);
    if (found.length === before) found.push(undefined);
  } else {
    walk(isDocument(value) ? value[field] : undefined, fields, at + 1, found);
  }
}

/** The values a test is made on: each value, and the elements of those that are arrays. */
export function candidatesAt(document: unknown, path: string): readonly unknown[] {
  const values = valuesAt(document, path);
  if (!values.some((value) => Array.isArray(value))) return values;
  return values.flatMap((value): unknown[] => (Array.isArray(value) ? [value, ...(value as unknown[])] : [value]));
}

/** The one value of a path without arrays on its way. */
export function valueAt(document: Document, path: string): unknown {
  return valuesAt(document, path)[0];
}
