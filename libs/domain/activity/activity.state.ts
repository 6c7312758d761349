import type { ActivityKind } from '../pipeline/pipeline.events.js';
import type { EpochMs } from '../shared/decision.js';

export type ActivityStatus = 'planned' | 'done' | 'cancelled';

/** One activity of a deal or a lead. */
export interface Activity {
  readonly activityId: string;
  readonly kind: ActivityKind;
  readonly subject: string;
  readonly status: ActivityStatus;
  readonly dueAt: EpochMs;
  readonly assigneeId: string;
  readonly doneAt: EpochMs | null;
  /** What came of it. */
  readonly outcome: string | null;
}

/** Those that are still to be done, the one that is due first on top; of equals the one that was planned first. */
export function plannedOf(activities: readonly Activity[]): readonly Activity[] {
  return activities.filter(({ status }) => status === 'planned').toSorted((a, b) => a.dueAt - b.dueAt);
}
