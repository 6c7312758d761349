import type { RecordedEvent } from '../event.js';
import type { EventStore } from '../port.js';
import { patiently } from './patience.js';

export const PAGE = 1_000;

/** The target holds what the source does not: nothing was changed. The message is a sentence for the operator. */
export class ForeignEvents extends Error {
  override readonly name = 'ForeignEvents';
}

/** The place up to which both logs hold the same events: the last of them in each; null before the first. */
export interface Place {
  readonly source: bigint | null;
  readonly target: bigint | null;
}

export const BEGINNING: Place = { source: null, target: null };

/** Called for each event of the target with its like in the source. */
type OnPair = (source: RecordedEvent, target: RecordedEvent) => void;

/**
 * Goes through the target from a place on, side by side with the source.
 * @returns the end of the target
 * @throws ForeignEvents an event of the target is not the one that the source has in its place
 */
export async function match(source: EventStore, target: EventStore, from: Place, onPair: OnPair): Promise<Place> {
  let place = from;
  for (;;) {
    const { target: after } = place;
    const found = await patiently(() => target.readAll(after, PAGE));
    if (found.length === 0) return place;
    const { source: sourceAfter } = place;
    const wanted = await patiently(() => source.readAll(sourceAfter, found.length));
    for (const [index, event] of found.entries()) {
      const like = wanted[index];
      if (like === undefined || !isSame(like, event)) throw new ForeignEvents(sentence(event, like));
      onPair(like, event);
      place = { source: like.position, target: event.position };
    }
  }
}

/** The same event in the same place of its stream: what it says is in its hash. */
function isSame(one: RecordedEvent, other: RecordedEvent): boolean {
  return (
    one.stream === other.stream &&
    one.revision === other.revision &&
    one.id === other.id &&
    one.metadata.hash === other.metadata.hash
  );
}

function sentence(found: RecordedEvent, like: RecordedEvent | undefined): string {
  const place = `The target holds revision ${found.revision} of ${found.stream}`;
  return like === undefined
    ? `${place}, which the source does not hold.`
    : `${place} where the source has revision ${like.revision} of ${like.stream}, or another event under that name.`;
}
