import type { ActivityDue } from '#domain/alert/alert.events.js';
import type { EpochMs, Recorded } from '#domain/shared/decision.js';
import { evolveStandalone } from '#domain/standalone-activity/standalone.evolve.js';
import type { StandaloneActivity } from '#domain/standalone-activity/standalone.state.js';
import { decode, type DecodedEvent } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import type { Row } from '#view-store/port.js';
import { isAlertEvent, isDealEvent, isLeadEvent, isStandaloneEvent, unreadableOpening } from '../domain-event.js';
import { ACTIVITIES } from './activities.schema.js';
import { bookAfter, bookRows, changesBook, isOfBook, type Book } from './books.js';
import { pendingOf, type Announced } from './pending.js';

/** An activity of its own. */
export interface Standalone {
  readonly of: 'none';
  /** Null: it was announced, and nothing else is known of it. */
  readonly activity: StandaloneActivity | null;
  /** When the last occurrence that was left fell due. */
  readonly dueAt: EpochMs | null;
  /** Of the last occurrence that was announced, and of the next one. */
  readonly announced: readonly Announced[];
}

/** What is to be done: of a deal, of a lead, or of neither. An announcement changes what it is about. */
export const ACTIVITIES_VIEW: View<Book | Standalone> = {
  schema: ACTIVITIES,
  states: 'stored',
  key: keyOf,

  evolve(state, event) {
    const decoded = decode(event);
    if (isAlertEvent(decoded)) return announcedIn(state ?? nothingOf(keyOf(event) ?? event.stream), decoded);
    const of = state ?? nothingOf(event.stream);
    if (of.of === 'none') {
      if (of.activity === null && !isStandaloneEvent(decoded)) throw unreadableOpening(event);
      return standaloneAfter(of, decoded, idOf(event.stream));
    }
    const known = isDealEvent(decoded) || isLeadEvent(decoded);
    return known && isOfBook(decoded) ? bookAfter(of, decoded) : of;
  },

  rows(state, key) {
    const rows = state.of === 'none' ? standaloneRows(state, key) : bookRows(state);
    return rows.map((row) => ({ table: 'activity', row }));
  },

  counters: () => [],
};

/** The stream that the event is about. */
function keyOf(event: RecordedEvent): string | null {
  switch (categoryOf(event.stream)) {
    case 'activity':
      return event.stream;
    case 'deal':
    case 'lead':
      return changesBook(event.type) ? event.stream : null;
    case 'alert': {
      const decoded = decode(event);
      return isAlertEvent(decoded) ? subjectOf(decoded) : null;
    }
    default:
      return null;
  }
}

function subjectOf({ data: { dealId, leadId, activityId } }: ActivityDue): string {
  if (dealId !== null) return `deal-${dealId}`;
  return leadId === null ? `activity-${activityId}` : `lead-${leadId}`;
}

function nothingOf(stream: string): Book | Standalone {
  const of = categoryOf(stream);
  if (of !== 'deal' && of !== 'lead') return { of: 'none', activity: null, dueAt: null, announced: [] };
  return { of, id: idOf(stream), closed: false, activities: [], announced: {} };
}

function announcedIn(state: Book | Standalone, event: Recorded<ActivityDue>): Book | Standalone {
  if (state.of !== 'none') return bookAfter(state, event);
  const { occurrence, dueAt } = event.data;
  return {
    ...state,
    announced: settled(state.activity, [...state.announced, { occurrence, dueAt: Date.parse(dueAt) }]),
  };
}

function standaloneAfter(state: Standalone, decoded: DecodedEvent, id: string): Standalone {
  if (!isStandaloneEvent(decoded)) return state;
  const activity = evolveStandalone(state.activity, decoded, id);
  return {
    ...state,
    activity,
    dueAt: activity.next?.dueAt ?? state.dueAt,
    announced: settled(activity, state.announced),
  };
}

/** What was announced of occurrences long over is forgotten, but for the last. */
function settled(activity: StandaloneActivity | null, announced: readonly Announced[]): readonly Announced[] {
  const next = activity?.next?.occurrence ?? null;
  if (next === null) return announced;
  const latest = announced.reduce(
    (last, { occurrence }) => ((occurrence ?? '') > last ? (occurrence ?? '') : last),
    '',
  );
  return announced.filter(({ occurrence }) => occurrence === next || occurrence === latest);
}

function standaloneRows({ activity, dueAt, announced }: Standalone, key: string): readonly Row[] {
  if (activity === null) return [];
  const { id, kind, subject, status, assigneeId, next, lastDone, recurrence, targetCount } = activity;
  const last = recurrence === null ? null : (lastDone?.occurrence ?? null);
  return [
    {
      id: key,
      ...{ activity: id, deal: null, lead: null, kind, subject, status, dueAt, assignee: assigneeId },
      ...{ doneAt: lastDone?.doneAt ?? null, outcome: lastDone?.outcome ?? null },
      ...{ occurrence: next === null ? last : next.occurrence, targetCount },
      pending: pendingOf(activity, announced)?.dueAt ?? null,
    },
  ];
}
