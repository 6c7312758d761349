import type { ActivityKind } from '../pipeline/pipeline.events.js';

/** `dueAt` as stored: RFC 3339 in UTC. */
export interface PlanActivity {
  readonly type: 'PlanActivity';
  readonly activityId: string;
  readonly kind: ActivityKind;
  readonly subject: string;
  readonly dueAt: string;
  /** Default: the actor. */
  readonly assigneeId: string | null;
}

export interface RescheduleActivity {
  readonly type: 'RescheduleActivity';
  readonly activityId: string;
  readonly dueAt: string;
}

export interface CompleteActivity {
  readonly type: 'CompleteActivity';
  readonly activityId: string;
  readonly note: string | null;
  readonly outcome: string | null;
}

export interface CancelActivity {
  readonly type: 'CancelActivity';
  readonly activityId: string;
  readonly reason: string | null;
}

export type ActivityCommand = PlanActivity | RescheduleActivity | CompleteActivity | CancelActivity;
