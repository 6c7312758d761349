import { decideStandalone } from '../../standalone-activity/standalone.decide.js';
import type {
  CancelOccurrence,
  CompleteOccurrence,
  PlanStandaloneActivity,
  RescheduleOccurrence,
  StandaloneActivityCommand,
} from '../../standalone-activity/standalone.decide.js';
import type {
  OccurrenceCompleted,
  StandaloneActivityEvent,
  StandaloneActivityPlanned,
} from '../../standalone-activity/standalone.events.js';
import { evolveStandalone } from '../../standalone-activity/standalone.evolve.js';
import type { Recurrence } from '../../standalone-activity/recurrence.js';
import type { StandaloneActivity } from '../../standalone-activity/standalone.state.js';
import type { CivilTime } from '../civil-time.js';
import { formatInstant } from '../instant.js';
import type { Decider } from './given.js';

/** Commands and events of activities that stand alone. By default sixty calls on every weekday from 2026-03-02 on. */
export const standalone: Decider<StandaloneActivity, StandaloneActivityCommand, StandaloneActivityEvent> = {
  id: 'prospecting',
  decide: decideStandalone,
  evolve: evolveStandalone,
};

/** A clock that is one hour ahead of UTC, in every zone. */
export const HOUR_AHEAD: CivilTime = {
  localOf(instant) {
    const [date = '', time = ''] = formatInstant(instant + 3_600_000)
      .slice(0, -1)
      .split('T');
    return { date, time };
  },
  instantOf: ({ date, time }) => Date.parse(`${date}T${time}Z`) - 3_600_000,
};

export const WEEKDAYS: Recurrence = {
  days: [1, 2, 3, 4, 5],
  zone: 'Europe/Berlin',
  date: '2026-03-02',
  time: '09:00:00.000',
  until: null,
};

/** When the occurrence of a date is due. */
export const dueOn = (date: string): string => `${date}T08:00:00.000Z`;
export const next = (date: string) => ({ occurrence: date, dueAt: dueOn(date) });

export function planned(change: Partial<StandaloneActivityPlanned['data']> = {}): StandaloneActivityPlanned {
  const data = { kind: 'call', subject: 'Prospecting', dueAt: dueOn('2026-03-02'), assigneeId: 'u-ada' } as const;
  return { type: 'StandaloneActivityPlanned', data: { ...data, targetCount: 60, recurrence: WEEKDAYS, ...change } };
}

/** Once, on 2026-03-02. */
export const once = planned({ recurrence: null, targetCount: null });

export function done(
  occurrence: string | null,
  after: string | null,
  change: Partial<OccurrenceCompleted['data']> = {},
): OccurrenceCompleted {
  const data = { occurrence, outcome: null, note: null, count: null, next: after === null ? null : next(after) };
  return { type: 'OccurrenceCompleted', data: { ...data, ...change } };
}

export function cancelled(occurrence: string, after: string | null): StandaloneActivityEvent {
  const data = { occurrence, reason: null, next: after === null ? null : next(after) };
  return { type: 'OccurrenceCancelled', data };
}

export function putOff(occurrence: string | null, dueAt: string): StandaloneActivityEvent {
  return { type: 'OccurrenceRescheduled', data: { occurrence, dueAt } };
}

export const ended: StandaloneActivityEvent = { type: 'StandaloneActivityCancelled', data: { reason: null } };

export function plan(change: Partial<PlanStandaloneActivity> = {}): PlanStandaloneActivity {
  const { days, zone, until } = WEEKDAYS;
  return {
    ...{ type: 'PlanStandaloneActivity', id: standalone.id, kind: 'call', subject: 'Prospecting' },
    ...{ dueAt: dueOn('2026-03-02'), assigneeId: null, targetCount: 60 },
    recurrence: { days, zone, until },
    civil: HOUR_AHEAD,
    ...change,
  };
}

export function complete(occurrence: string | null, change: Partial<CompleteOccurrence> = {}): CompleteOccurrence {
  const said = { outcome: null, note: null, count: null };
  return { type: 'CompleteOccurrence', occurrence, ...said, civil: HOUR_AHEAD, ...change };
}

export function cancel(occurrence: string | null): CancelOccurrence {
  return { type: 'CancelOccurrence', occurrence, reason: null, civil: HOUR_AHEAD };
}

export function reschedule(dueAt: string): RescheduleOccurrence {
  return { type: 'RescheduleOccurrence', dueAt, civil: HOUR_AHEAD };
}
