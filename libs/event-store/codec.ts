import type { Actor, RecordedEvent } from './event.js';

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

/** Version of the payload that is written today. */
export function currentSchema(type: string): number {
  return (UPCASTERS[type]?.length ?? 0) + 1;
}

export function decode(event: RecordedEvent): DecodedEvent {
  let data: object = event.data;
  for (const upcast of (UPCASTERS[event.type] ?? []).slice(event.metadata.schema - 1)) data = upcast(data);
  return {
    type: event.type,
    data,
    occurredAt: Date.parse(event.metadata.occurredAt),
    recordedAt: Date.parse(event.metadata.recordedAt),
    revision: event.revision,
    actor: event.metadata.actor,
  };
}
