import type { EventData } from './event.js';
import { AppendTooLarge, MAX_APPEND_BYTES, NO_STREAM } from './port.js';
import { categoryOf } from './streams.js';

/** An event as its stored text. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  /** JSON. */
  readonly data: string;
  /** JSON. */
  readonly metadata: string;
}

/** A checked append in the form in which it is stored. */
export interface EncodedAppend {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly EncodedEvent[];
  /** UTF-8 bytes of all data and metadata. */
  readonly bytes: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Control characters and lone surrogates: not every engine gives them back as they were. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Checks what every engine must check alike, so that an append is accepted by all of them or by none, and encodes it.
 * @throws RangeError no events; an expected revision, stream, type or id that cannot be stored, or an id given twice
 * @throws AppendTooLarge
 */
export function encodeAppend(
  stream: string,
  expectedRevision: number,
  events: readonly EventData[],
  limit: number = MAX_APPEND_BYTES,
): EncodedAppend {
  if (!isStorable(stream)) throw new RangeError(`${JSON.stringify(stream)} is no stream of one of our categories`);
  if (expectedRevision !== NO_STREAM) checkRevision(expectedRevision);
  if (events.length === 0) throw new RangeError(`an append to ${stream} has no events`);
  let bytes = 0;
  const encoded = events.map(({ id, type, data, metadata }) => {
    if (!UUID.test(id)) throw new RangeError(`the id of an event is a lower-case UUID, not ${JSON.stringify(id)}`);
    if (type === '' || UNSTORABLE.test(type)) throw new RangeError(`${JSON.stringify(type)} is no event type`);
    const event = { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
    bytes += Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata);
    return event;
  });
  if (encoded.length > 1 && new Set(encoded.map((event) => event.id)).size < encoded.length) {
    throw new RangeError(`an append to ${stream} has the same event id twice`);
  }
  if (bytes > limit) throw new AppendTooLarge(bytes, limit);
  return { stream, expectedRevision, events: encoded, bytes };
}

/** Whether a stream of this name can exist: one of our categories, as readers of the whole log skip all others. */
export function isStorable(stream: string): boolean {
  return categoryOf(stream) !== null && !UNSTORABLE.test(stream);
}

/** @throws RangeError */
export function checkRevision(revision: number): void {
  if (!Number.isSafeInteger(revision) || revision < 0) {
    throw new RangeError(`a revision is an integer from 0 on, not ${revision}`);
  }
}

/** @throws RangeError */
export function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`a limit is an integer from 0 on, not ${limit}`);
}
