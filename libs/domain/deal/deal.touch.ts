import type { Recorded } from '../shared/decision.js';
import type { DealEvent } from './deal.events.js';
import type { Touch } from './deal.state.js';

/** What shows, when a person or a program of theirs records it, that the deal is worked on. */
const WORK: ReadonlySet<DealEvent['type']> = new Set([
  'DealAssigned',
  'DealValueChanged',
  'LineItemsSet',
  'ProposalRecorded',
  'ProposalAccepted',
  'NoteAdded',
  'ActivityCompleted',
  'ExpectedCloseSet',
  'DealKeptAlive',
  'InteractionLogged',
  'FileLinked',
]);

/** An event that changes the deal's stage or begins it: what an import can bring as history of its own. */
function isStageEvent(event: DealEvent): boolean {
  return (
    event.type === 'DealStageMoved' ||
    event.type === 'DealPipelineSwitched' ||
    event.type === 'DealReopened' ||
    (event.type === 'DealWon' && event.data.enters !== null)
  );
}

/**
 * Whether the event says that somebody worked on the deal (metrics.md, "Stalled deals").
 *
 * The opening always does, whoever recorded it: a deal has a touch from its first event on. What an import adds counts
 * for its stage events alone, at the time that it gives for them: the last of them is the imported last activity, and
 * without dates in the file they happened at the time of the import. What a reactor does is no touch.
 */
export function isTouch(event: Recorded<DealEvent>): boolean {
  if (event.type === 'DealOpened') return true;
  if (event.actor.kind === 'reactor') return false;
  if (isStageEvent(event)) return true;
  if (event.actor.kind === 'import') return false;
  return WORK.has(event.type);
}

/** The touch after one more event: the latest by occurredAt clamped to recordedAt, of equals the last by revision. */
export function touchAfter(touch: Touch, event: Recorded<DealEvent>): Touch {
  if (!isTouch(event)) return touch;
  const next = touchBy(event);
  return next.at >= touch.at ? next : touch;
}

/** The touch that an event is by itself. */
export function touchBy(event: Recorded<DealEvent>): Touch {
  return {
    at: Math.min(event.occurredAt, event.recordedAt),
    type: event.type,
    actor: event.actor,
    occurredAt: event.occurredAt,
    revision: event.revision,
  };
}
