import { activitiesAfter } from '#domain/activity/activity.evolve.js';
import type { ActivityEvent } from '#domain/activity/activity.events.js';
import type { Activity } from '#domain/activity/activity.state.js';
import type { ActivityDue } from '#domain/alert/alert.events.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import type { LeadEvent } from '#domain/lead/lead.events.js';
import type { EpochMs, Recorded } from '#domain/shared/decision.js';
import type { Row } from '#view-store/port.js';

/** The activities of one deal or lead. */
export interface Book {
  readonly of: 'deal' | 'lead';
  readonly id: string;
  /** Nothing can be done on it any more: what is still planned is not to be done. */
  readonly closed: boolean;
  readonly activities: readonly Activity[];
  /** Times at which they were announced as due. */
  readonly announced: Readonly<Record<string, readonly EpochMs[]>>;
}

type ClosingEvent = Extract<
  DealEvent | LeadEvent,
  {
    readonly type:
      | 'DealVoided'
      | 'DealMergedInto'
      | 'DealUnmerged'
      | 'LeadConverted'
      | 'LeadConversionReverted'
      | 'LeadArchived'
      | 'LeadReopened';
  }
>;

/** After such an event nothing can be done on a deal or lead, or something can again. */
const CLOSES: Readonly<Record<ClosingEvent['type'], boolean>> = {
  DealVoided: true,
  DealMergedInto: true,
  DealUnmerged: false,
  LeadConverted: true,
  LeadConversionReverted: false,
  LeadArchived: true,
  LeadReopened: false,
};

export function bookAfter(book: Book, event: Recorded<ActivityEvent | ActivityDue | ClosingEvent>): Book {
  switch (event.type) {
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return { ...book, activities: activitiesAfter(book.activities, event) };
    case 'ActivityDue': {
      const { activityId, dueAt } = event.data;
      const before = book.announced[activityId] ?? [];
      return { ...book, announced: { ...book.announced, [activityId]: [...before, Date.parse(dueAt)] } };
    }
    default:
      return { ...book, closed: CLOSES[event.type] };
  }
}

const RELEVANT: ReadonlySet<string> = new Set([
  ...['ActivityPlanned', 'ActivityRescheduled', 'ActivityCompleted', 'ActivityCancelled'],
  ...Object.keys(CLOSES),
]);

/** Whether an event of a deal or lead changes its book. */
export function changesBook(type: string): boolean {
  return RELEVANT.has(type);
}

export function isOfBook(
  event: Recorded<DealEvent> | Recorded<LeadEvent>,
): event is Recorded<ActivityEvent | ClosingEvent> {
  return changesBook(event.type);
}

export function bookRows(book: Book): readonly Row[] {
  const shown = book.activities.filter(({ status }) => status !== 'planned' || !book.closed);
  return shown.map(({ activityId, kind, subject, status, dueAt, assigneeId, doneAt, outcome }) => ({
    id: `${book.of}-${book.id}/${activityId}`,
    activity: activityId,
    deal: book.of === 'deal' ? book.id : null,
    lead: book.of === 'lead' ? book.id : null,
    kind,
    subject,
    status,
    dueAt,
    assignee: assigneeId,
    doneAt,
    outcome,
    occurrence: null,
    targetCount: null,
    pending: status === 'planned' && book.announced[activityId]?.includes(dueAt) !== true ? dueAt : null,
  }));
}
