import type { ActivityKind } from '../pipeline/pipeline.events.js';
import type { Recurrence } from './recurrence.js';

/**
 * What happens to an activity that is of no deal and no lead. These names and shapes are the stored format of
 * `activity-<id>`: version them with care. An occurrence is called by its civil date; that of an activity that does
 * not recur is null. Instants are RFC 3339 in UTC.
 */

/** The occurrence that is to be done next. */
export interface NextOccurrence {
  readonly occurrence: string | null;
  readonly dueAt: string;
}

export interface StandaloneActivityPlanned {
  readonly type: 'StandaloneActivityPlanned';
  readonly data: {
    readonly kind: ActivityKind;
    readonly subject: string;
    /** Of the first occurrence. */
    readonly dueAt: string;
    readonly assigneeId: string;
    /** How often it is to be done in each occurrence: sixty calls. Null: it is one thing. */
    readonly targetCount: number | null;
    /** Null: once. */
    readonly recurrence: Recurrence | null;
  };
}

/** The next occurrence is put off, or brought forward; those after it stay. */
export interface OccurrenceRescheduled {
  readonly type: 'OccurrenceRescheduled';
  readonly data: NextOccurrence;
}

/** Done when the event occurred. What lay before it and was not done is missed. */
export interface OccurrenceCompleted {
  readonly type: 'OccurrenceCompleted';
  readonly data: {
    readonly occurrence: string | null;
    readonly outcome: string | null;
    readonly note: string | null;
    /** How often it was done; null: nobody counted. */
    readonly count: number | null;
    /** Null: there is no more. */
    readonly next: NextOccurrence | null;
  };
}

/** One occurrence of a series falls out. */
export interface OccurrenceCancelled {
  readonly type: 'OccurrenceCancelled';
  readonly data: {
    readonly occurrence: string;
    readonly reason: string | null;
    readonly next: NextOccurrence | null;
  };
}

/** The whole of it: what is not done yet will not be. */
export interface StandaloneActivityCancelled {
  readonly type: 'StandaloneActivityCancelled';
  readonly data: { readonly reason: string | null };
}

export type StandaloneActivityEvent =
  | StandaloneActivityPlanned
  | OccurrenceRescheduled
  | OccurrenceCompleted
  | OccurrenceCancelled
  | StandaloneActivityCancelled;
