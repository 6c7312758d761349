import type { ActivityKind } from '../pipeline/pipeline.events.js';

/**
 * What is planned and done, on a deal or a lead: the same events in either stream. These names and shapes are the
 * stored format: version them with care. `activityId` is the client's or derived from the command.
 */
export interface ActivityPlanned {
  readonly type: 'ActivityPlanned';
  readonly data: {
    readonly activityId: string;
    readonly kind: ActivityKind;
    readonly subject: string;
    /** RFC 3339, UTC. */
    readonly dueAt: string;
    readonly assigneeId: string;
  };
}

export interface ActivityRescheduled {
  readonly type: 'ActivityRescheduled';
  readonly data: {
    readonly activityId: string;
    /** RFC 3339, UTC. */
    readonly dueAt: string;
  };
}

/** Done when the event occurred. */
export interface ActivityCompleted {
  readonly type: 'ActivityCompleted';
  readonly data: {
    readonly activityId: string;
    readonly note: string | null;
    /** What came of it; events of the first releases have none. */
    readonly outcome?: string | null;
  };
}

export interface ActivityCancelled {
  readonly type: 'ActivityCancelled';
  readonly data: { readonly activityId: string; readonly reason: string | null };
}

export type ActivityEvent = ActivityPlanned | ActivityRescheduled | ActivityCompleted | ActivityCancelled;

export const ACTIVITY_KINDS = [
  'call',
  'meeting',
  'demo',
  'email',
  'task',
  'proposal',
] as const satisfies readonly ActivityKind[];
