import { textProblem } from '#domain/shared/text.js';
import { Problem } from './problem.js';

/** Deeper than any command; recursion over a hostile body must not overflow the stack. */
const MAX_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Parses a request body: UTF-8 JSON. What it holds is another question: see `checkJson`.
 * @throws Problem `invalid-request` with the place of the fault
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw wrong('', 'the body is not UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong('', `the body is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  // Further on null means that there was no body at all.
  if (value === null) throw wrong('', 'must be a JSON object');
  return value;
}

/**
 * Checks that parsed JSON holds only what the stores keep: no NUL or lone surrogate in any string, no number beyond
 * all, no nesting without end.
 * @throws Problem `invalid-request` with the place of the fault
 */
export function checkJson(value: unknown): void {
  checkTexts(value, '', 0);
}

function checkTexts(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') {
    const fault = textProblem(value);
    if (fault !== null) throw wrong(path, fault);
    return;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw wrong(path, 'is beyond every number');
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) throw wrong(path, `is nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) {
    for (const [index, item] of (value as unknown[]).entries()) checkTexts(item, `${path}/${index}`, depth + 1);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const place = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (name === '__proto__' || name === 'constructor' || name === 'prototype')
      throw wrong(place, 'is not a known field');
    if (textProblem(name) !== null) throw wrong(path, 'a field name holds characters that text may not hold');
    checkTexts(item, place, depth + 1);
  }
}

function wrong(path: string, message: string): Problem {
  return new Problem('invalid-request', '1 field is wrong.', { errors: [{ path, message }] });
}
