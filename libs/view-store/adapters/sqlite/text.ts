const LEAD = '\u0001';
const DIGITS = ['\u0002', '\u0003'] as const;
const LOWEST_KEPT = 4;
const CODED = /[\u0000-\u0003]/;

/**
 * SQLite's functions and bindings end a text at U+0000. The four lowest characters are therefore written as U+0001 and
 * two digits of U+0002 and U+0003. The code keeps the order of texts (its lead is lower than every character that is
 * left alone) and is self-synchronising, so that ranges, prefixes and substrings stay exact.
 */
export function encodeText(text: string): string {
  if (!CODED.test(text)) return text;
  let index = 0;
  while (index < text.length && text.charCodeAt(index) >= LOWEST_KEPT) index++;
  if (index === text.length) return text;
  let encoded = text.slice(0, index);
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    encoded += code < LOWEST_KEPT ? `${LEAD}${DIGITS[code & 2 ? 1 : 0]}${DIGITS[code & 1 ? 1 : 0]}` : text[index];
  }
  return encoded;
}

export function decodeText(text: string): string {
  if (!text.includes(LEAD)) return text;
  const [first = '', ...coded] = text.split(LEAD);
  return first + coded.map((part) => String.fromCharCode(digit(part, 0) * 2 + digit(part, 1)) + part.slice(2)).join('');
}

function digit(part: string, index: number): number {
  return part[index] === DIGITS[1] ? 1 : 0;
}

/** The least text that is above every text with this prefix, by code points; null when there is none. */
export function endOfPrefix(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last >= 0x10ffff) continue;
    // The surrogates are no characters of their own and have no place in UTF-8.
    points.push(last === 0xd7ff ? 0xe000 : last + 1);
    return String.fromCodePoint(...points);
  }
  return null;
}
