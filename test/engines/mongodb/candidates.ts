import { collator } from './collation.js';
import type { StoredCollection } from './collection.js';
import { type Document, isDocument } from './documents.js';
import { CommandError } from './errors.js';
import { type LanguageOptions, matcher } from './language.js';
import { sameValue } from './order.js';
import type { WriteUnit } from './write-unit.js';

/** The documents that a filter holds for, in their natural order; by `_id` without looking at all. */
export function matching(
  unit: WriteUnit,
  collection: StoredCollection,
  filter: unknown,
  options: LanguageOptions,
): Document[] {
  const matches = matcher(filter, options);
  // By a collation, other ids may be the same.
  const ids = collator(options.collation) === undefined ? idsOf(filter) : null;
  if (ids === null) return [...unit.documents(collection)].filter(matches);
  const found = new Set<Document>();
  for (const id of ids) {
    const document = unit.get(collection, id);
    if (document !== null && matches(document)) found.add(document);
  }
  return [...found];
}

/** The only ids that the filter can hold for; null: any. */
function idsOf(filter: unknown): readonly unknown[] | null {
  if (!isDocument(filter) || !Object.hasOwn(filter, '_id')) return null;
  const condition: unknown = filter['_id'];
  if (condition instanceof RegExp) return null;
  if (!isDocument(condition) || !Object.keys(condition).some((name) => name.startsWith('$'))) return [condition];
  if (Object.hasOwn(condition, '$eq')) return condition['$eq'] instanceof RegExp ? null : [condition['$eq']];
  const list: unknown = condition['$in'];
  return Array.isArray(list) && !list.some((one) => one instanceof RegExp) ? (list as unknown[]) : null;
}

/** @throws CommandError the hint names no index */
export function checkHint(collection: StoredCollection | null, hint: unknown): void {
  if (hint === undefined || (isDocument(hint) && Object.keys(hint).length === 0)) return;
  if (isDocument(hint) && Object.hasOwn(hint, '$natural')) return;
  const indexes = collection?.indexes ?? [];
  if (indexes.some(({ name, key }) => (typeof hint === 'string' ? name === hint : sameValue(key, hint)))) return;
  if (collection === null) return;
  throw new CommandError(
    2,
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  );
}
