import type { ActivityStatus } from '../activity/activity.state.js';
import type { ActivityKind } from '../pipeline/pipeline.events.js';
import type { EpochMs } from '../shared/decision.js';
import type { Recurrence } from './recurrence.js';

/** An activity that is of no deal and no lead. It stays small however long it recurs: occurrences are computed. */
export interface StandaloneActivity {
  readonly id: string;
  readonly revision: number;
  readonly kind: ActivityKind;
  readonly subject: string;
  readonly assigneeId: string;
  readonly targetCount: number | null;
  readonly recurrence: Recurrence | null;
  /** Planned while an occurrence is left. */
  readonly status: ActivityStatus;
  /** The first occurrence that is neither done, missed nor cancelled; null: none is left. */
  readonly next: { readonly occurrence: string | null; readonly dueAt: EpochMs } | null;
  /** Cancelled occurrences after the next one, ascending. */
  readonly skipped: readonly string[];
  /** Occurrences that were done. */
  readonly timesDone: number;
  /** The sum of what was counted in them. */
  readonly counted: number;
  readonly lastDone: {
    readonly occurrence: string | null;
    readonly doneAt: EpochMs;
    readonly count: number | null;
    readonly outcome: string | null;
  } | null;
}
