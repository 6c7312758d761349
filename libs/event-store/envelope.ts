import { hash as digest } from 'node:crypto';
import { canonicalJson, canonicalJsonWithout, quoted } from './canonical-json.js';
import type { EventData, EventMetadata, JsonObject, RecordedEvent } from './event.js';

/** `prevHash` of the first event of a stream. */
export const GENESIS_HASH = '0'.repeat(64);

/**
 * Hash of an event: SHA-256 of the UTF-8 bytes of the canonical JSON of
 * `{data, metadata without hash, revision, stream, type}`, lower-case hex.
 */
export function hashEvent(event: {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: Omit<EventMetadata, 'hash'> & { readonly hash?: string };
}): string {
  return hashOf(event, canonicalJsonWithout(event.metadata, 'hash'));
}

/** @param metadata canonical JSON of the metadata without hash */
function hashOf(
  event: { readonly stream: string; readonly revision: number; readonly type: string; readonly data: JsonObject },
  metadata: string,
): string {
  const { data, revision, stream, type } = event;
  // The canonical JSON of the whole: its five keys in their order.
  const text = `{"data":${canonicalJson(data)},"metadata":${metadata},"revision":${canonicalJson(revision)},"stream":${quoted(stream)},"type":${quoted(type)}}`;
  return digest('sha256', text, 'hex');
}

/** The canonical JSON of metadata as we write it: of these keys and no others, in their order. */
function canonicalMetadata(metadata: Omit<EventMetadata, 'hash'>): string {
  const { actor, causationId, commandId, correlationId, occurredAt, prevHash, recordedAt, request, schema } = metadata;
  return (
    `{"actor":{"id":${quoted(actor.id)},"kind":${quoted(actor.kind)}},"causationId":${quoted(causationId)},` +
    `"commandId":${quoted(commandId)},"correlationId":${quoted(correlationId)},"occurredAt":${quoted(occurredAt)},` +
    `"prevHash":${quoted(prevHash)},"recordedAt":${quoted(recordedAt)},"request":${quoted(request)},"schema":${canonicalJson(schema)}}`
  );
}

/** The id of an event: its hash's first 128 bits as a UUIDv8 (RFC 9562: version and variant bits are overwritten). */
export function idFromHash(hash: string): string {
  const variant = ((parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** Seals one event of a stream: completes its metadata with `prevHash` and `hash` and derives its id. */
export function sealEvent(
  stream: string,
  revision: number,
  prevHash: string,
  event: {
    readonly type: string;
    readonly data: JsonObject;
    readonly metadata: Omit<EventMetadata, 'hash' | 'prevHash'>;
  },
): EventData {
  const { type, data } = event;
  const { commandId, request, correlationId, causationId, actor, occurredAt, recordedAt, schema } = event.metadata;
  const metadata = {
    commandId,
    request,
    correlationId,
    causationId,
    actor: { id: actor.id, kind: actor.kind },
    occurredAt,
    recordedAt,
    schema,
    prevHash,
    hash: '',
  };
  // The hash does not cover itself.
  metadata.hash = hashOf({ stream, revision, type, data }, canonicalMetadata(metadata));
  return { id: idFromHash(metadata.hash), type, data, metadata };
}

/** What is wrong with a stream's hash chain. */
export interface ChainFault {
  readonly stream: string;
  readonly revision: number;
  readonly fault: 'revision-gap' | 'prev-hash' | 'hash' | 'id';
}

/** Where a chain stands: the last event that was found whole. */
export interface ChainEnd {
  readonly revision: number;
  readonly hash: string;
}

/** Checks one event against the one before it in its stream; null: it follows and is unaltered. */
export function verifyEvent(event: RecordedEvent, before: ChainEnd | null): ChainFault | null {
  const fault = (kind: ChainFault['fault']): ChainFault => ({
    stream: event.stream,
    revision: event.revision,
    fault: kind,
  });
  if (event.revision !== (before === null ? 0 : before.revision + 1)) return fault('revision-gap');
  if (event.metadata.prevHash !== (before?.hash ?? GENESIS_HASH)) return fault('prev-hash');
  if (hashEvent(event) !== event.metadata.hash) return fault('hash');
  if (idFromHash(event.metadata.hash) !== event.id) return fault('id');
  return null;
}

/** Checks one stream's events, given in order from revision 0: nothing altered, nothing between two events missing. */
export function verifyChain(events: readonly RecordedEvent[]): ChainFault | null {
  let before: ChainEnd | null = null;
  for (const event of events) {
    const fault = verifyEvent(event, before);
    if (fault !== null) return fault;
    before = { revision: event.revision, hash: event.metadata.hash };
  }
  return null;
}
