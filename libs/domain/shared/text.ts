import { SEALED } from '../personal/sealed-text.js';

// With the `u` flag a pair of surrogates is one code point, so only lone ones match.
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What makes a text impossible to store, as the end of a sentence about it; null when nothing does. */
export function textProblem(value: string): string | null {
  if (value.includes('\0')) return 'must not contain the character NUL';
  if (LONE_SURROGATE.test(value)) return 'must be well-formed Unicode, without lone surrogates';
  if (value.includes(SEALED)) return `must not contain ${SEALED}, which marks what is sealed`;
  return null;
}
