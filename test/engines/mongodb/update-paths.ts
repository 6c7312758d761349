import { type Document, isDocument } from './documents.js';
import { CommandError } from './errors.js';
import { type LanguageOptions, type Matcher, matcher } from './language.js';
import type { Path } from './update-tree.js';
import { readPath } from './update-tree.js';

export type ArrayFilters = ReadonlyMap<string, (element: unknown) => boolean>;

/** https://www.mongodb.com/docs/manual/reference/operator/update/positional-filtered/ */
export function arrayFilterMatchers(filters: readonly Document[] | undefined, options: LanguageOptions): ArrayFilters {
  const matchers = new Map<string, (element: unknown) => boolean>();
  for (const filter of filters ?? []) {
    const name = identifierOf(filter);
    if (name === undefined)
      throw new CommandError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
    if (matchers.has(name))
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    const matches = matcher(filter, options);
    matchers.set(name, (element) => matches({ [name]: element }));
  }
  return matchers;
}

function identifierOf(filter: Document): string | undefined {
  const [first, value] = Object.entries(filter)[0] ?? [];
  if (first !== '$and' && first !== '$or' && first !== '$nor') return first?.split('.')[0];
  return Array.isArray(value) && isDocument(value[0]) ? identifierOf(value[0]) : undefined;
}

/** The paths that a path with `$`, `$[]` and `$[name]` stands for in this document. */
export function concretePaths(
  document: Document,
  path: string,
  filter: Document,
  filters: ArrayFilters,
): readonly Path[] {
  let paths: Path[] = [[]];
  for (const field of path.split('.')) {
    paths = paths.flatMap((before) =>
      expand(document, before, field, path, filter, filters).map((part) => [...before, part]),
    );
  }
  return paths;
}

function expand(
  document: Document,
  before: Path,
  field: string,
  path: string,
  filter: Document,
  filters: ArrayFilters,
): readonly string[] {
  if (field === '')
    throw new CommandError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  if (!field.startsWith('$')) return [field];
  if (field !== '$' && !/^\$\[.*\]$/.test(field)) return [field];
  const array = readPath(document, before);
  if (field === '$') return [String(matchedIndex(array, before, filter))];
  if (!Array.isArray(array)) {
    throw new CommandError(
      2,
      `The path '${before.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  const name = field.slice(2, -1);
  const accepts = name === '' ? () => true : filters.get(name);
  if (accepts === undefined)
    throw new CommandError(2, `No array filter found for identifier '${name}' in path '${path}'`);
  return array.flatMap((element: unknown, index) => (accepts(element) ? [String(index)] : []));
}

/** The first element that the query's conditions on the array hold for. */
function matchedIndex(array: unknown, before: Path, filter: Document): number {
  const path = before.join('.');
  const tests = conditionsOn(path, filter);
  const index =
    Array.isArray(array) && tests.length > 0
      ? array.findIndex((element: unknown) =>
          tests.every((matches) => matches({ [path.replaceAll('.', '_')]: [element] })),
        )
      : -1;
  if (index < 0) {
    throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
  }
  return index;
}

function conditionsOn(path: string, filter: Document): readonly Matcher[] {
  return Object.entries(filter).flatMap(([field, condition]): readonly Matcher[] => {
    if (field === '$and') return (condition as Document[]).flatMap((part) => conditionsOn(path, part));
    if (field !== path && !field.startsWith(`${path}.`)) return [];
    return [matcher({ [path.replaceAll('.', '_') + field.slice(path.length)]: condition as unknown })];
  });
}
