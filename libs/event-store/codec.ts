import type { Actor, RecordedEvent } from './event.js';
import { parseStoredTime } from './stored-time.js';

/** A recorded event in the form that folds take: times in epoch milliseconds. */
export interface DecodedEvent {
  readonly type: string;
  readonly data: object;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly revision: number;
  readonly actor: Actor;
}

/** Turns the payload of schema `n` into that of schema `n + 1`. */
export type Upcaster = (data: object) => object;

/** By event type; the upcaster at index `n - 1` takes schema `n`. Old events are never rewritten. */
const UPCASTERS: Readonly<Record<string, readonly Upcaster[]>> = {};

/** Reads what was stored under any schema up to today's. */
export interface Codec {
  /** Version of the payload that is written today. */
  readonly currentSchema: (type: string) => number;
  /** @throws RangeError the event was written by a later release, under a schema that this one does not know */
  readonly decode: (event: RecordedEvent) => DecodedEvent;
}

export function createCodec(upcasters: Readonly<Record<string, readonly Upcaster[]>>): Codec {
  const byType = new Map(Object.entries(upcasters));
  const currentSchema = (type: string) => (byType.get(type)?.length ?? 0) + 1;
  const decode = (event: RecordedEvent): DecodedEvent => {
    const { schema, occurredAt, recordedAt, actor } = event.metadata;
    const steps = byType.get(event.type);
    const known = (steps?.length ?? 0) + 1;
    if (schema > known) {
      throw new RangeError(
        `${event.type} at revision ${event.revision} of ${event.stream} has schema ${schema}; ` +
          `this release knows ${known}`,
      );
    }
    let data: object = event.data;
    if (steps !== undefined) for (const upcast of steps.slice(schema - 1)) data = upcast(data);
    const recorded = parseStoredTime(recordedAt);
    return {
      type: event.type,
      data,
      // Mostly the time at which it was recorded.
      occurredAt: occurredAt === recordedAt ? recorded : parseStoredTime(occurredAt),
      recordedAt: recorded,
      revision: event.revision,
      actor,
    };
  };
  return { currentSchema, decode };
}

export const { currentSchema, decode } = createCodec(UPCASTERS);
