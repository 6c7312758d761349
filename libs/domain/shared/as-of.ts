import type { DomainEvent, EpochMs, Recorded } from './decision.js';

/**
 * The events of one stream that are in force at an instant, in the order of the stream; none before the first event
 * happened. A change is in force from max(when it occurred, the last change of its fields, the opening) on
 * (metrics.md, "Base facts"), so that what is later in the stream holds. `fieldsOf` names what an event changes.
 */
export function eventsAsOf<E extends DomainEvent>(
  events: readonly Recorded<E>[],
  asOf: EpochMs,
  fieldsOf: (event: Recorded<E>) => readonly string[],
): readonly Recorded<E>[] {
  const opening = events[0]?.occurredAt ?? Infinity;
  const lastChange = new Map<string, EpochMs>();
  return events.filter((event) => {
    const fields = fieldsOf(event);
    const from = Math.max(event.occurredAt, opening, ...fields.map((field) => lastChange.get(field) ?? opening));
    for (const field of fields) lastChange.set(field, from);
    return from <= asOf;
  });
}
