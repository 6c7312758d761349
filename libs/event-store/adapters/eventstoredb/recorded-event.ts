import type { ResolvedEvent } from '@eventstore/db-client';
import type { EventMetadata, JsonObject, RecordedEvent } from '../../event.js';
import { StoreUnavailable } from '../../port.js';
import { categoryOf } from '../../streams.js';

/** False for events of other programs and of the server; some of its own are in streams of ours, as a tombstone is. */
export function isOurs({ event }: ResolvedEvent): boolean {
  return event !== undefined && !event.type.startsWith('$') && categoryOf(event.streamId) !== null;
}

/**
 * The event, if it is one of ours.
 * @throws StoreUnavailable it is in a stream of ours, but nothing that we could have written
 */
export function recordedEvent(resolved: ResolvedEvent): RecordedEvent | null {
  const { event } = resolved;
  if (event === undefined || !isOurs(resolved)) return null;
  const { streamId: stream, id, type, data, metadata, position } = event;
  const revision = Number(event.revision);
  if (!event.isJson || !isObject(data) || !isMetadata(metadata) || position === undefined) {
    const where = `revision ${revision} of ${stream}`;
    throw new StoreUnavailable(`the event at ${where} is damaged, or was written by another program`, true);
  }
  return { id, type, data, metadata, stream, revision, position: position.commit };
}

function isObject(data: unknown): data is JsonObject {
  return typeof data === 'object' && data !== null && !Array.isArray(data) && !(data instanceof Uint8Array);
}

/** Metadata that is no JSON comes as bytes; what is ours always has a hash. */
function isMetadata(metadata: unknown): metadata is EventMetadata {
  return isObject(metadata) && typeof metadata.hash === 'string';
}
