import type { Document } from './documents.js';
import { CommandError } from './errors.js';
import { type CompareTexts, compareValues } from './order.js';
import { valuesAt } from './paths.js';

/** @throws CommandError the specification is none */
export function sorted(documents: readonly Document[], spec: unknown, texts?: CompareTexts): Document[] {
  const keys = sortKeys(spec);
  if (keys.length === 0) return [...documents];
  const rows = documents.map((document) => ({
    document,
    values: keys.map(({ path, descending }) => sortValue(document, path, descending, texts)),
  }));
  rows.sort((a, b) => {
    for (const [index, { descending }] of keys.entries()) {
      const compared = compareValues(a.values[index], b.values[index], texts);
      if (compared !== 0) return descending ? -compared : compared;
    }
    return 0;
  });
  return rows.map(({ document }) => document);
}

function sortKeys(spec: unknown): readonly { readonly path: string; readonly descending: boolean }[] {
  if (spec === null || spec === undefined) return [];
  return Object.entries(spec as Document).map(([path, direction]: [string, unknown]) => {
    const number = Number(direction);
    if (number !== 1 && number !== -1) throw new CommandError(15975, `Unknown sort direction of ${path}`);
    return { path, descending: number === -1 };
  });
}

/** Of an array the least element counts, or the greatest when sorting downwards; an empty one is below null. */
function sortValue(document: Document, path: string, descending: boolean, texts?: CompareTexts): unknown {
  let chosen: unknown;
  let any = false;
  for (const value of valuesAt(document, path)) {
    for (const candidate of Array.isArray(value)
      ? value.length === 0
        ? [undefined]
        : (value as unknown[])
      : [value]) {
      const compared = any ? compareValues(candidate, chosen, texts) : 0;
      if (!any || (descending ? compared > 0 : compared < 0)) chosen = candidate;
      any = true;
    }
  }
  return chosen;
}
