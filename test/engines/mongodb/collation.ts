import { type Document, isDocument } from './documents.js';
import { CommandError } from './errors.js';
import type { CompareTexts } from './order.js';

const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant' } as const;
const KNOWN = new Set(['locale', 'strength', 'numericOrdering']);

/**
 * The order of texts of a collation; undefined: by code points.
 * https://www.mongodb.com/docs/manual/reference/collation/
 * @throws CommandError it asks for more than locale, strength and numeric order
 */
export function collator(collation: unknown): CompareTexts | undefined {
  if (!isDocument(collation) || collation['locale'] === 'simple') return undefined;
  const unknown = Object.keys(collation).find((field) => !KNOWN.has(field));
  if (unknown !== undefined) throw new CommandError(2, `the collation's ${unknown} is not supported by the stand-in`);
  const { compare } = intl(collation);
  return (a, b) => compare(a, b);
}

function intl({ locale, strength, numericOrdering }: Document): Intl.Collator {
  const level = Number(strength ?? 3);
  if (level !== 1 && level !== 2 && level !== 3) {
    throw new CommandError(2, `a collation of strength ${String(strength)} is not supported by the stand-in`);
  }
  try {
    return new Intl.Collator(String(locale).replaceAll('_', '-'), {
      sensitivity: SENSITIVITY[level],
      numeric: numericOrdering === true,
    });
  } catch {
    throw new CommandError(2, `Field 'locale' is invalid in: { locale: ${JSON.stringify(locale)} }`);
  }
}
