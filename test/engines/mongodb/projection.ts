import type { Document } from './documents.js';
import { aggregate, type LanguageOptions } from './language.js';

/** The documents with the fields that a projection leaves: first `_id`, then as in the document. */
export function projected(
  documents: readonly Document[],
  projection: Document | undefined,
  options: LanguageOptions = {},
): Document[] {
  if (projection === undefined || Object.keys(projection).length === 0) return [...documents];
  const specification = Object.fromEntries(
    Object.entries(projection).map(([field, value]) => [
      field,
      typeof value === 'bigint' ? Number(value) : (value as unknown),
    ]),
  );
  // Alone, `_id: 0` and `_id: 1` mean what they mean; `_id: 1` beside others changes nothing.
  const results = aggregate(documents, [{ $project: specification }], options);
  return results.map((result, index) => inOrder(result, documents[index] ?? {}));
}

function inOrder(result: Document, original: Document): Document {
  const ordered: Document = {};
  if (Object.hasOwn(result, '_id')) ordered['_id'] = result['_id'];
  for (const field of [...Object.keys(original), ...Object.keys(result)]) {
    if (Object.hasOwn(result, field)) ordered[field] = result[field];
  }
  return ordered;
}
