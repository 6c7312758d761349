import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { Actor, JsonObject, RecordedEvent } from '#event-store/event.js';

/** An event to be recorded: times in epoch milliseconds or RFC 3339. */
export interface Happening {
  readonly type: string;
  readonly data: object;
  readonly occurredAt: number | string;
  /** Default: `occurredAt`, or the recording time of the event before if that is later. */
  readonly recordedAt?: number | string;
  readonly actor?: Actor;
}

const POSITION_STEP = 3n;

/** One stream from its first event on, sealed and chained as a store gives it back; positions ascend with gaps. */
export function recorded(stream: string, events: readonly Happening[], startPosition = 1n): RecordedEvent[] {
  let prevHash = GENESIS_HASH;
  let clock = Number.NEGATIVE_INFINITY;
  return events.map((event, revision) => {
    const occurredAt = toMs(event.occurredAt);
    clock = Math.max(clock, toMs(event.recordedAt ?? occurredAt));
    const data = JSON.parse(JSON.stringify(event.data)) as JsonObject;
    const command = `00000000-0000-5000-8000-${revision.toString(16).padStart(12, '0')}`;
    const sealed = sealEvent(stream, revision, prevHash, {
      type: event.type,
      data,
      metadata: {
        commandId: command,
        request: '0'.repeat(64),
        correlationId: command,
        causationId: command,
        actor: event.actor ?? { id: 'u-1', kind: 'user' },
        occurredAt: new Date(occurredAt).toISOString(),
        recordedAt: new Date(clock).toISOString(),
        schema: 1,
      },
    });
    prevHash = sealed.metadata.hash;
    return { ...sealed, stream, revision, position: startPosition + POSITION_STEP * BigInt(revision) };
  });
}

/**
 * Merges streams into one log. Each pick (modulo the streams that still have events) says whose event is next; when
 * the picks run out the rest follows stream by stream.
 */
export function interleaved(
  streams: readonly (readonly RecordedEvent[])[],
  picks: readonly number[],
  startPosition = 1n,
): RecordedEvent[] {
  const waiting = streams.filter((events) => events.length > 0).map((events) => ({ events, next: 0 }));
  const log: RecordedEvent[] = [];
  for (let turn = 0; waiting.length > 0; turn++) {
    const index = (picks[turn] ?? 0) % waiting.length;
    const stream = waiting[index];
    const event = stream?.events[stream.next++];
    if (!stream || !event) break;
    log.push({ ...event, position: startPosition + POSITION_STEP * BigInt(log.length) });
    if (stream.next === stream.events.length) waiting.splice(index, 1);
  }
  return log;
}

function toMs(time: number | string): number {
  return typeof time === 'number' ? time : Date.parse(time);
}
