import type { ActivityKind } from '../pipeline/pipeline.events.js';
import type { CivilTime } from '../shared/civil-time.js';
import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { formatInstant } from '../shared/instant.js';
import { occurrence as timeOf, refuseFuture } from '../shared/occurrence.js';
import { idAlreadyUsed, invalidRequest, notFound } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import { isOccurrence, occurrenceAfter, weekdayOf } from './recurrence.js';
import type { Recurrence } from './recurrence.js';
import type { NextOccurrence, StandaloneActivityEvent } from './standalone.events.js';
import type { StandaloneActivity } from './standalone.state.js';

/** `dueAt` as stored: RFC 3339 in UTC. */
export interface PlanStandaloneActivity {
  readonly type: 'PlanStandaloneActivity';
  readonly id: string;
  readonly kind: ActivityKind;
  readonly subject: string;
  readonly dueAt: string;
  /** Default: the actor. */
  readonly assigneeId: string | null;
  readonly targetCount: number | null;
  readonly recurrence: Pick<Recurrence, 'days' | 'zone' | 'until'> | null;
  readonly civil: CivilTime;
}

/** Moves the next occurrence. */
export interface RescheduleOccurrence {
  readonly type: 'RescheduleOccurrence';
  readonly dueAt: string;
  readonly civil: CivilTime;
}

export interface CompleteOccurrence {
  readonly type: 'CompleteOccurrence';
  /** Default: the next one. */
  readonly occurrence: string | null;
  readonly outcome: string | null;
  readonly note: string | null;
  readonly count: number | null;
  readonly civil: CivilTime;
}

export interface CancelOccurrence {
  readonly type: 'CancelOccurrence';
  /** Null: all that is left. */
  readonly occurrence: string | null;
  readonly reason: string | null;
  readonly civil: CivilTime;
}

export type StandaloneActivityCommand =
  PlanStandaloneActivity | RescheduleOccurrence | CompleteOccurrence | CancelOccurrence;

type Changing = Exclude<StandaloneActivityCommand, PlanStandaloneActivity>;
type Next = NonNullable<StandaloneActivity['next']>;

/** What a command does to an activity that stands alone; `state` null: there is none yet. */
export function decideStandalone(
  state: StandaloneActivity | null,
  command: StandaloneActivityCommand,
  context: CommandContext,
): Decision<StandaloneActivityEvent> {
  const future = refuseFuture(context);
  if (future !== null) return future;
  const decided = decide(state, command, context);
  if (decided === null) return accept();
  if ('ok' in decided) return decided;
  const when = timeOf(context);
  return when.ok ? accept<StandaloneActivityEvent>({ ...decided, occurredAt: when.at }) : when;
}

/** Null: it is so already. */
function decide(
  state: StandaloneActivity | null,
  command: StandaloneActivityCommand,
  context: CommandContext,
): StandaloneActivityEvent | Refused | null {
  if (command.type === 'PlanStandaloneActivity') {
    return state === null ? planned(command, context) : idAlreadyUsed('activity');
  }
  if (state === null) return notFound('activity');
  if (state.next === null) return over(`The activity is ${state.status} already.`);
  return changed(state, state.next, command, context);
}

function planned(command: PlanStandaloneActivity, { actor }: CommandContext): StandaloneActivityEvent | Refused {
  const { kind, subject, dueAt, targetCount, civil } = command;
  const data = { kind, subject, dueAt, assigneeId: command.assigneeId ?? actor.id, targetCount };
  if (command.recurrence === null) return { type: 'StandaloneActivityPlanned', data: { ...data, recurrence: null } };
  const { zone, until } = command.recurrence;
  const { date, time } = civil.localOf(Date.parse(dueAt), zone);
  const days = [...command.recurrence.days].sort((a, b) => a - b);
  if (!days.includes(weekdayOf(date))) {
    return invalidRequest('/dueAt', `must be on one of the days on which it recurs, in ${zone}`);
  }
  if (until !== null && until < date) return invalidRequest('/recurrence/until', 'must not be before dueAt');
  const recurrence = { days, zone, date, time, until };
  return { type: 'StandaloneActivityPlanned', data: { ...data, recurrence } };
}

function changed(
  state: StandaloneActivity,
  next: Next,
  command: Changing,
  context: CommandContext,
): StandaloneActivityEvent | Refused | null {
  switch (command.type) {
    case 'RescheduleOccurrence':
      return rescheduled(state, next, command);
    case 'CompleteOccurrence':
      return completed(state, next, command, context);
    case 'CancelOccurrence':
      return cancelled(state, next, command);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function rescheduled(
  state: StandaloneActivity,
  { occurrence, dueAt }: Next,
  command: RescheduleOccurrence,
): StandaloneActivityEvent | Refused | null {
  const at = Date.parse(command.dueAt);
  if (at === dueAt) return null;
  const following = occurrenceDueAfter(state, occurrence, command.civil);
  if (following !== null && at >= Date.parse(following.dueAt)) {
    return invalidRequest('/dueAt', `must be before the occurrence after it, which is due at ${following.dueAt}`);
  }
  return { type: 'OccurrenceRescheduled', data: { occurrence, dueAt: command.dueAt } };
}

function completed(
  state: StandaloneActivity,
  next: Next,
  { occurrence: asked, outcome, note, count, civil }: CompleteOccurrence,
  { now }: CommandContext,
): StandaloneActivityEvent | Refused {
  const occurrence = asked ?? next.occurrence;
  const wrong = occurrenceProblem(state, next, asked);
  if (wrong !== null) return wrong;
  const isAhead = occurrence !== null && next.occurrence !== null && occurrence > next.occurrence;
  if (isAhead && state.recurrence !== null && occurrence > civil.localOf(now, state.recurrence.zone).date) {
    return invalidRequest('/occurrence', `is not due yet; the next one is ${next.occurrence}`);
  }
  const after = occurrenceDueAfter(state, occurrence, civil);
  return { type: 'OccurrenceCompleted', data: { occurrence, outcome, note, count, next: after } };
}

function cancelled(
  state: StandaloneActivity,
  next: Next,
  { occurrence, reason, civil }: CancelOccurrence,
): StandaloneActivityEvent | Refused {
  if (occurrence === null) return { type: 'StandaloneActivityCancelled', data: { reason } };
  const wrong = occurrenceProblem(state, next, occurrence);
  if (wrong !== null) return wrong;
  const stays = { occurrence: next.occurrence, dueAt: formatInstant(next.dueAt) };
  const after = occurrence === next.occurrence ? occurrenceDueAfter(state, occurrence, civil) : stays;
  return { type: 'OccurrenceCancelled', data: { occurrence, reason, next: after } };
}

/** Null: the occurrence is the next one, or one after it that is neither cancelled nor done. */
function occurrenceProblem(state: StandaloneActivity, next: Next, asked: string | null): Refused | null {
  if (asked === null) return null;
  if (state.recurrence === null || !isOccurrence(state.recurrence, asked)) {
    const detail = `The activity has no occurrence on ${asked}.`;
    return reject({ code: 'unknown-activity', detail, data: null });
  }
  const isPast = next.occurrence !== null && asked < next.occurrence;
  return isPast || state.skipped.includes(asked) ? over(`The occurrence of ${asked} is over.`) : null;
}

/** The occurrence after one of them; null: there is no more. */
function occurrenceDueAfter(
  state: StandaloneActivity,
  occurrence: string | null,
  civil: CivilTime,
): NextOccurrence | null {
  const { recurrence, skipped } = state;
  if (recurrence === null || occurrence === null) return null;
  const date = occurrenceAfter(recurrence, occurrence, skipped);
  if (date === null) return null;
  const dueAt = civil.instantOf({ date, time: recurrence.time }, recurrence.zone);
  return { occurrence: date, dueAt: formatInstant(dueAt) };
}

function over(detail: string): Refused {
  return reject({ code: 'activity-done', detail, data: null });
}
