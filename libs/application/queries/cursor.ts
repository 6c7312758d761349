import { createHash } from 'node:crypto';
import type { Keyset, ViewSchema } from '#view-store/port.js';
import { InvalidInput } from '../errors.js';

/**
 * Opaque cursors of lists. A cursor keeps the list's filter and sort as a digest and the version of the view that it
 * was made from: it goes on where it was, or it is refused.
 */
export class Cursors {
  readonly #view: string;
  readonly #version: string;
  readonly #digest: string;

  /** @param parameters everything of the query but the cursor and the limit, in a fixed order */
  constructor(view: ViewSchema, parameters: unknown) {
    this.#view = `${view.view}/`;
    this.#version = `${this.#view}${view.version}`;
    this.#digest = createHash('sha256').update(JSON.stringify(parameters)).digest('base64url').slice(0, 16);
  }

  encode(keyset: Keyset | null): string | null {
    if (keyset === null) return null;
    return Buffer.from(JSON.stringify([this.#version, this.#digest, keyset])).toString('base64url');
  }

  /** @throws InvalidInput when the cursor is not one of this list's, or its view was cut over since */
  decode(cursor: string | null): Keyset | null {
    if (cursor === null) return null;
    const parsed = parse(cursor);
    if (!parsed?.version.startsWith(this.#view)) throw new InvalidInput('?cursor', 'is not a cursor of this list');
    if (parsed.version !== this.#version) {
      throw new InvalidInput('?cursor', 'was made before the view was cut over: start again', 'cursor-expired');
    }
    if (parsed.digest !== this.#digest) throw new InvalidInput('?cursor', 'belongs to another filter or sort');
    return parsed.keyset;
  }
}

function parse(cursor: string): { version: string; digest: string; keyset: Keyset } | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [version, digest, keyset] = value as unknown[];
  if (typeof version !== 'string' || typeof digest !== 'string' || !Array.isArray(keyset)) return null;
  const values: (string | number | null)[] = [];
  for (const part of keyset as unknown[]) {
    if (part !== null && typeof part !== 'string' && typeof part !== 'number') return null;
    values.push(part);
  }
  return { version, digest, keyset: values };
}
