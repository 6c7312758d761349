import { randomUUID } from 'node:crypto';
import { GENESIS_HASH, sealEvent } from '../envelope.js';
import type { EventData, JsonObject } from '../event.js';

/** A stream name that no other test has. */
export function freshStream(category: 'deal' | 'lead' = 'deal'): string {
  return `${category}-${randomUUID()}`;
}

/** One sealed event for each payload, chained from `after` on; without `after`, from the beginning of the stream. */
export function sealed(
  stream: string,
  payloads: readonly JsonObject[],
  after?: { readonly revision: number; readonly hash: string },
): readonly EventData[] {
  let revision = after?.revision ?? -1;
  let prevHash = after?.hash ?? GENESIS_HASH;
  return payloads.map((data) => {
    revision += 1;
    const event = sealEvent(stream, revision, prevHash, { type: 'NoteAdded', data, metadata: metadata() });
    prevHash = event.metadata.hash;
    return event;
  });
}

/** Notes that are numbered from `first` on. */
export function notes(count: number, first = 0): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ text: `note ${first + index}` }));
}

/** Where the next events of a chain go on. */
export function end(events: readonly EventData[], firstRevision = 0): { revision: number; hash: string } {
  const last = events.at(-1);
  if (last === undefined) throw new RangeError('a chain without events has no end');
  return { revision: firstRevision + events.length - 1, hash: last.metadata.hash };
}

function metadata() {
  const commandId = randomUUID();
  return {
    commandId,
    request: 'a'.repeat(64),
    correlationId: commandId,
    causationId: commandId,
    actor: { id: 'u-1', kind: 'user' },
    occurredAt: '2026-03-01T09:00:00.000Z',
    recordedAt: '2026-03-01T09:00:00.000Z',
    schema: 1,
  } as const;
}
