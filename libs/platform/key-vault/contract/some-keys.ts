import { randomBytes, randomUUID } from 'node:crypto';
import type { NewKey } from '../port.js';

/** New keys of one owner. The bytes are of any kind to a vault. */
export function someKeys(count: number, owner = `deal-${randomUUID()}`): readonly NewKey[] {
  return Array.from({ length: count }, () => ({ id: `person-${randomUUID()}`, owner, wrapped: randomBytes(60) }));
}

export function idsOf(keys: readonly NewKey[]): readonly string[] {
  return keys.map(({ id }) => id);
}

/** An answer of a vault in plain values: hex, or null. */
export function plain(answer: ReadonlyMap<string, Uint8Array | null>): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    [...answer].map(([id, wrapped]) => [id, wrapped === null ? null : Buffer.from(wrapped).toString('hex')]),
  );
}

/** The plain answer when all of them live. */
export function living(keys: readonly NewKey[]): Readonly<Record<string, string | null>> {
  return plain(new Map(keys.map(({ id, wrapped }) => [id, wrapped])));
}

/** The plain answer when all of them are destroyed. */
export function destroyed(ids: readonly string[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(ids.map((id) => [id, null]));
}
