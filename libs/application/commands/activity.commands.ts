import type {
  ActivityCommand,
  CancelActivity,
  CompleteActivity,
  PlanActivity,
  RescheduleActivity,
} from '#domain/activity/activity.commands.js';
import { createdId } from '../command-id.js';
import type { CommandRequest } from '../request.js';
import type {
  CancelActivityBody,
  CompleteActivityBody,
  PlanActivityBody,
  RescheduleActivityBody,
} from './activity.bodies.js';
import { storedInstant } from './values.js';

/** What the bodies ask for, of a deal or a lead. An id that is left out is found again by a retry with the same key. */
export function planActivity(body: PlanActivityBody, request: CommandRequest): PlanActivity {
  const { kind, subject, assigneeId } = body;
  const activityId = body.activityId ?? createdId(request, 'activity');
  return {
    type: 'PlanActivity',
    activityId,
    kind,
    subject,
    dueAt: storedInstant(body.dueAt),
    assigneeId: assigneeId ?? null,
  };
}

export function rescheduleActivity({ activityId, dueAt }: RescheduleActivityBody): RescheduleActivity {
  return { type: 'RescheduleActivity', activityId, dueAt: storedInstant(dueAt) };
}

export function completeActivity({ activityId, note, outcome }: CompleteActivityBody): CompleteActivity {
  return { type: 'CompleteActivity', activityId, note: note ?? null, outcome: outcome ?? null };
}

export function cancelActivity({ activityId, reason }: CancelActivityBody): CancelActivity {
  return { type: 'CancelActivity', activityId, reason: reason ?? null };
}

/** Every command on an activity answers its id. */
export function activityAnswer({ activityId }: ActivityCommand) {
  return { activityId };
}
