import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { idAlreadyUsed } from '../shared/refusals.js';
import type { ActivityCommand, PlanActivity } from './activity.commands.js';
import type { ActivityEvent } from './activity.events.js';
import type { Activity } from './activity.state.js';

/** What a command does to the activities of a deal or a lead; whether that one takes any is for its decider to say. */
export function decideActivity(
  activities: readonly Activity[],
  command: ActivityCommand,
  context: CommandContext,
): Decision<ActivityEvent> {
  const when = occurrence(context);
  if (!when.ok) return when;
  const decided = (event: ActivityEvent) => accept<ActivityEvent>({ ...event, occurredAt: when.at });
  const { activityId } = command;
  const activity = activities.find((candidate) => candidate.activityId === activityId);
  if (command.type === 'PlanActivity') {
    return activity === undefined ? decided(planned(command, context)) : idAlreadyUsed('activity');
  }
  if (activity === undefined) return unknownActivity();
  if (activity.status !== 'planned') return activityDone(activity);
  switch (command.type) {
    case 'RescheduleActivity': {
      const { dueAt } = command;
      if (Date.parse(dueAt) === activity.dueAt) return accept();
      return decided({ type: 'ActivityRescheduled', data: { activityId, dueAt } });
    }
    case 'CompleteActivity': {
      const { note, outcome } = command;
      return decided({ type: 'ActivityCompleted', data: { activityId, note, outcome } });
    }
    case 'CancelActivity':
      return decided({ type: 'ActivityCancelled', data: { activityId, reason: command.reason } });
  }
}

function planned({ activityId, kind, subject, dueAt, assigneeId }: PlanActivity, { actor }: CommandContext) {
  const data = { activityId, kind, subject, dueAt, assigneeId: assigneeId ?? actor.id };
  return { type: 'ActivityPlanned' as const, data };
}

function unknownActivity() {
  return reject({ code: 'unknown-activity', detail: 'There is no such activity.', data: null });
}

function activityDone({ subject, status }: Activity) {
  const detail = `The activity ${JSON.stringify(subject)} is ${status} already.`;
  return reject({ code: 'activity-done', detail, data: null });
}
