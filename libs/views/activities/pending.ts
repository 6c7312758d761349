import { occurrenceAfter } from '#domain/standalone-activity/recurrence.js';
import type { StandaloneActivity } from '#domain/standalone-activity/standalone.state.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { CIVIL_TIME } from '../civil-time.js';

/** What was announced as due, of one activity or series. */
export interface Announced {
  readonly occurrence: string | null;
  readonly dueAt: EpochMs;
}

/** The occurrence that is to be announced next, when its time comes; null: none is left. */
export function pendingOf(activity: StandaloneActivity, announced: readonly Announced[]): Announced | null {
  const { next, recurrence } = activity;
  if (next === null) return null;
  const latest = announced.reduce<string | null>(
    (last, { occurrence }) => (occurrence !== null && (last === null || occurrence > last) ? occurrence : last),
    null,
  );
  const isNew = !announced.some(({ occurrence, dueAt }) => occurrence === next.occurrence && dueAt === next.dueAt);
  if (isNew && (latest === null || next.occurrence === null || next.occurrence >= latest)) return next;
  // What was missed stays the next to be done, while the days after it come all the same.
  return recurrence === null || latest === null ? null : occurrenceOf(activity, latest);
}

/** The latest occurrence from a pending one on that is due by then. */
export function latestDue(activity: StandaloneActivity, pending: Announced, now: EpochMs): Announced {
  for (let latest = pending; ;) {
    const after = latest.occurrence === null ? null : occurrenceOf(activity, latest.occurrence);
    if (after === null || after.dueAt > now) return latest;
    latest = after;
  }
}

function occurrenceOf({ recurrence, skipped }: StandaloneActivity, after: string): Announced | null {
  if (recurrence === null) return null;
  const occurrence = occurrenceAfter(recurrence, after, skipped);
  if (occurrence === null) return null;
  return { occurrence, dueAt: CIVIL_TIME.instantOf({ date: occurrence, time: recurrence.time }, recurrence.zone) };
}
