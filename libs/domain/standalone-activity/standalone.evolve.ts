import type { Recorded } from '../shared/decision.js';
import type { NextOccurrence, StandaloneActivityEvent } from './standalone.events.js';
import type { StandaloneActivity } from './standalone.state.js';

/**
 * The activity after one more event of its stream. `id` is the activity's, as the stream's name has it.
 * Throws on a history that does not begin with its only StandaloneActivityPlanned and on an unknown event type.
 */
export function evolveStandalone(
  state: StandaloneActivity | null,
  event: Recorded<StandaloneActivityEvent>,
  id: string,
): StandaloneActivity {
  const { revision } = event;
  if (event.type === 'StandaloneActivityPlanned') {
    if (state !== null) throw new Error(`activity ${id}: StandaloneActivityPlanned again at revision ${revision}`);
    const { dueAt, ...data } = event.data;
    const next = { occurrence: data.recurrence?.date ?? null, dueAt: Date.parse(dueAt) };
    const nothingDone = { skipped: [], timesDone: 0, counted: 0, lastDone: null };
    return { id, revision, ...data, status: 'planned', next, ...nothingDone };
  }
  if (state === null) throw new Error(`activity ${id}: ${event.type} before StandaloneActivityPlanned`);
  switch (event.type) {
    case 'OccurrenceRescheduled':
      return { ...state, revision, next: nextOf(event.data) };
    case 'OccurrenceCompleted': {
      const { occurrence, outcome, count, next } = event.data;
      const lastDone = { occurrence, doneAt: event.occurredAt, count, outcome };
      const timesDone = state.timesDone + 1;
      const done = { ...state, revision, lastDone, timesDone, counted: state.counted + (count ?? 0) };
      return { ...done, ...goingOn(state, next), status: next === null ? 'done' : 'planned' };
    }
    case 'OccurrenceCancelled': {
      const { occurrence, next } = event.data;
      const over = state.timesDone > 0 ? 'done' : 'cancelled';
      const after = { ...state, skipped: [...state.skipped, occurrence].sort() };
      return { ...after, revision, ...goingOn(after, next), status: next === null ? over : 'planned' };
    }
    case 'StandaloneActivityCancelled':
      return { ...state, revision, next: null, skipped: [], status: 'cancelled' };
    default: {
      const unknown: never = event;
      throw new Error(`activity ${id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function goingOn({ skipped }: StandaloneActivity, next: NextOccurrence | null) {
  const occurrence = next?.occurrence ?? null;
  return {
    next: next === null ? null : nextOf(next),
    skipped: occurrence === null ? [] : skipped.filter((each) => each > occurrence),
  };
}

function nextOf({ occurrence, dueAt }: NextOccurrence) {
  return { occurrence, dueAt: Date.parse(dueAt) };
}
