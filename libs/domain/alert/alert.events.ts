import type { ActivityKind } from '../pipeline/pipeline.events.js';

/** These names and shapes are the stored format of `alert-<id>`: version them with care. */

/**
 * An activity has fallen due while it was planned: the only event of a stream whose id follows from the activity and
 * the time, so that it is told once. Of no deal and no lead: it stands alone.
 */
export interface ActivityDue {
  readonly type: 'ActivityDue';
  readonly data: {
    readonly activityId: string;
    readonly dealId: string | null;
    readonly leadId: string | null;
    readonly kind: ActivityKind;
    readonly assigneeId: string;
    /** Civil date of the occurrence of a series. */
    readonly occurrence: string | null;
    /** RFC 3339, UTC. */
    readonly dueAt: string;
  };
}

export type AlertEvent = ActivityDue;
