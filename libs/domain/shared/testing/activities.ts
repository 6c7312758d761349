import type {
  CancelActivity,
  CompleteActivity,
  PlanActivity,
  RescheduleActivity,
} from '../../activity/activity.commands.js';
import type {
  ActivityCancelled,
  ActivityCompleted,
  ActivityPlanned,
  ActivityRescheduled,
} from '../../activity/activity.events.js';
import { formatInstant } from '../instant.js';
import { day } from './given.js';

/** Events and commands of activities, on a deal or a lead. By default a demo, due on day 20. */
export const DUE = formatInstant(day(20));

export function planned(activityId: string, change: Partial<ActivityPlanned['data']> = {}): ActivityPlanned {
  const data = { activityId, kind: 'demo', subject: 'Show it', dueAt: DUE, assigneeId: 'u-ada' } as const;
  return { type: 'ActivityPlanned', data: { ...data, ...change } };
}

export function putOff(activityId: string, dueAt: string): ActivityRescheduled {
  return { type: 'ActivityRescheduled', data: { activityId, dueAt } };
}

export function done(activityId: string, note: string | null = null, outcome: string | null = null): ActivityCompleted {
  return { type: 'ActivityCompleted', data: { activityId, note, outcome } };
}

export function cancelled(activityId: string, reason: string | null = null): ActivityCancelled {
  return { type: 'ActivityCancelled', data: { activityId, reason } };
}

export function plan(activityId: string, change: Partial<PlanActivity> = {}): PlanActivity {
  const command = { type: 'PlanActivity', activityId, kind: 'demo', subject: 'Show it', dueAt: DUE } as const;
  return { ...command, assigneeId: null, ...change };
}

export function reschedule(activityId: string, dueAt: string): RescheduleActivity {
  return { type: 'RescheduleActivity', activityId, dueAt };
}

export function complete(
  activityId: string,
  note: string | null = null,
  outcome: string | null = null,
): CompleteActivity {
  return { type: 'CompleteActivity', activityId, note, outcome };
}

export function cancel(activityId: string, reason: string | null = null): CancelActivity {
  return { type: 'CancelActivity', activityId, reason };
}
