import { calculateObjectSize, deserialize, type Document, Long, serialize } from 'bson';

export type { Document } from 'bson';

/**
 * Documents inside the stand-in: an int64 is a `bigint`, int32 and double are both `number` (a double that is whole and
 * fits into an int32 becomes one), all else as the `bson` package has it. Stored documents are never changed.
 */
const OPTIONS = { useBigInt64: true, promoteBuffers: false, bsonRegExp: false } as const;

export function decode(bytes: Uint8Array): Document {
  return deserialize(bytes, OPTIONS);
}

export function decodeAt(bytes: Buffer, offset: number): Document {
  return deserialize(bytes.subarray(offset, offset + bytes.readInt32LE(offset)), OPTIONS);
}

export function encode(document: Document): Uint8Array {
  return serialize(document, { ignoreUndefined: true });
}

export function sizeOf(document: Document): number {
  return calculateObjectSize(document, { ignoreUndefined: true });
}

export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A copy down to the values, which are shared: they do not change. */
export function copy<T>(value: T): T;
export function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => copy(element));
  if (!isDocument(value)) return value;
  const result: Document = {};
  for (const field of Object.keys(value)) result[field] = copy<unknown>(value[field]);
  return result;
}

export function bsonTypeOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value !== 'object') return typeof value;
  if (value instanceof Date) return 'date';
  if (value instanceof RegExp) return 'regex';
  if (Array.isArray(value)) return 'array';
  if ('_bsontype' in value && typeof value._bsontype === 'string') return value._bsontype;
  return 'object';
}

/** A number of whatever type, as one; null when it is none. */
export function numeric(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : null;
}

export { Long };
