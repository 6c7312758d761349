import { isDocument, type Document } from './documents.js';
import { CommandError } from './errors.js';

/** Paths without placeholders, through documents and by index through arrays. */
export type Path = readonly string[];

/** What an update puts in a field's place so that there is none. */
export const REMOVED = Symbol('removed');

const INDEX = /^(0|[1-9]\d*)$/;

export function readPath(document: Document, path: Path): unknown {
  let value: unknown = document;
  for (const field of path) value = child(value, field);
  return value;
}

function child(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return INDEX.test(field) ? (value as unknown[])[Number(field)] : undefined;
  return isDocument(value) && Object.hasOwn(value, field) ? value[field] : undefined;
}

/** Sets a field, making the documents on the way. @throws CommandError something else is in the way */
export function writePath(document: Document, path: Path, value: unknown): void {
  let parent: unknown = document;
  for (const [index, field] of path.entries()) {
    if (index === path.length - 1) put(parent, field, value, path[index - 1] ?? '');
    else {
      let next = child(parent, field);
      if (next === undefined) {
        if (value === REMOVED) return;
        next = {};
        put(parent, field, next, path[index - 1] ?? '');
      }
      parent = next;
    }
  }
}

function put(parent: unknown, field: string, value: unknown, parentField: string): void {
  if (Array.isArray(parent)) {
    if (!INDEX.test(field)) throw notViable(field, parentField, parent);
    if (value === REMOVED) {
      // An element cannot be missing.
      if (Number(field) < parent.length) parent[Number(field)] = null;
      return;
    }
    while (parent.length < Number(field)) parent.push(null);
    parent[Number(field)] = value;
  } else if (isDocument(parent)) {
    if (value === REMOVED) delete parent[field];
    else if (value !== undefined) parent[field] = value;
  } else if (value !== REMOVED) {
    throw notViable(field, parentField, parent);
  }
}

function notViable(field: string, parentField: string, parent: unknown): CommandError {
  return new CommandError(
    28,
    `Cannot create field '${field}' in element {${parentField}: ${JSON.stringify(parent) ?? 'null'}}`,
  );
}
