import { hashEvent, idFromHash } from '../../envelope.js';
import type { EventData, RecordedEvent } from '../../event.js';

/**
 * Whether the events are sealed for the place at which they are to be appended: then they cannot stand at another one.
 * The first is hashed; the others follow from it.
 */
export function areSealedFor(stream: string, expectedRevision: number, events: readonly EventData[]): boolean {
  const [first, ...others] = events;
  if (first === undefined || idFromHash(first.metadata.hash) !== first.id) return false;
  if (hashEvent({ ...first, stream, revision: expectedRevision + 1 }) !== first.metadata.hash) return false;
  let before = first;
  for (const event of others) {
    if (event.metadata.prevHash !== before.metadata.hash || idFromHash(event.metadata.hash) !== event.id) return false;
    before = event;
  }
  return true;
}

/**
 * Refuses what the server would store a second time: it compares ids only at the places that follow from the expected
 * revision, and not at all when that is the stream's last.
 * @param stored the whole stream
 * @throws RangeError
 */
export function refuseStoredElsewhere(
  stored: readonly RecordedEvent[],
  expectedRevision: number,
  events: readonly EventData[],
): void {
  const places = new Map(events.map(({ id }, index) => [id, expectedRevision + 1 + index]));
  const found = stored.find(({ id, revision }) => (places.get(id) ?? revision) !== revision);
  if (found === undefined) return;
  throw new RangeError(
    `an event of this append is stored already, at revision ${found.revision} of ${found.stream}, not after ${expectedRevision}`,
  );
}
