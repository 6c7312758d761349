import type { JsonValue } from './event.js';

/** More members than this are left to the engine's own sort. */
const FEW = 16;
/** In Unicode mode a pair is one character, so that only lone ones are found. */
const LONE_SURROGATE = /\p{Cs}/u;
/** Texts of which every character stands for itself: printable ASCII without the quote and the backslash. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * Canonical JSON of RFC 8785: keys sorted by UTF-16 code units, the shortest numbers, no white space. As in JSON, members
 * without a value are left out.
 * @throws TypeError the value, or something in it, has no JSON form: NaN, Infinity, a lone surrogate
 */
export function canonicalJson(value: JsonValue): string {
  return textOf(value);
}

/** As `canonicalJson`, of an object without one of its members. */
export function canonicalJsonWithout(value: object, left: string): string {
  return membersText(value, left);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  // RFC 8785 writes numbers as ECMAScript does.
  if (typeof value === 'number' && Number.isFinite(value)) return `${value}`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'null';
  if (typeof value === 'number') throw new TypeError(`${value} has no JSON form`);
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no JSON form`);
  if (Array.isArray(value)) return listText(value);
  return hasFormOfItsOwn(value) ? textOf(value.toJSON()) : membersText(value, null);
}

/** As a Date. */
function hasFormOfItsOwn(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function listText(values: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    text += `${index === 0 ? '' : ','}${value === undefined ? 'null' : textOf(value)}`;
  }
  return `${text}]`;
}

function membersText(object: object, left: string | null): string {
  // It is asked for keys of its own only.
  const members = object as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const key of sorted(Object.keys(members))) {
    const value = members[key];
    if (value !== undefined && key !== left) text += `${text === '{' ? '' : ','}${quoted(key)}:${textOf(value)}`;
  }
  return `${text}}`;
}

/** `<` compares by UTF-16 code units. For the few keys that most objects have, inserting each at its place is quickest. */
function sorted(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort();
  for (let index = 1; index < keys.length; index++) {
    const key = keys[index] ?? '';
    let place = index;
    for (; place > 0; place--) {
      const before = keys[place - 1] ?? '';
      if (before <= key) break;
      keys[place] = before;
    }
    keys[place] = key;
  }
  return keys;
}

/** As `canonicalJson`, of a text. */
export function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (LONE_SURROGATE.test(text)) throw new TypeError('a text with a lone surrogate has no JSON form');
  return JSON.stringify(text);
}
