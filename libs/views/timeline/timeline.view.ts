import type { DealEvent } from '#domain/deal/deal.events.js';
import type { LeadEvent } from '#domain/lead/lead.events.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import type { Row } from '#view-store/port.js';
import { isDealEvent, isLeadEvent } from '../domain-event.js';
import { TIMELINE } from './timeline.schema.js';

export interface TimelineEntry {
  readonly row: Row;
}

const CATEGORIES: ReadonlySet<string | null> = new Set(['lead', 'deal', 'person', 'organization']);

/** Everything that happened to leads, deals and contacts, event by event. */
export const TIMELINE_VIEW: View<TimelineEntry> = {
  schema: TIMELINE,
  states: 'none',

  key(event) {
    return CATEGORIES.has(categoryOf(event.stream)) ? String(event.position) : null;
  },

  evolve: (_, event) => ({ row: entry(event) }),
  rows: ({ row }) => [{ table: 'entry', row }],
  counters: () => [],
};

function entry(event: RecordedEvent): Row {
  if (event.position > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`position ${event.position} of ${event.stream} is too large for the id of a row`);
  }
  const decoded = decode(event);
  return {
    id: Number(event.position),
    stream: event.stream,
    revision: event.revision,
    type: event.type,
    actorId: decoded.actor.id,
    actorKind: decoded.actor.kind,
    occurredAt: decoded.occurredAt,
    recordedAt: decoded.recordedAt,
    text: isDealEvent(decoded) || isLeadEvent(decoded) ? freeText(decoded) : null,
  };
}

function freeText(event: DealEvent | LeadEvent): string | null {
  switch (event.type) {
    case 'NoteAdded':
    case 'LeadNoteAdded':
      return event.data.text;
    case 'DealLost':
    case 'LeadDisqualified':
      return event.data.note;
    case 'ActivityCompleted':
      return event.data.note ?? event.data.outcome ?? null;
    case 'ActivityPlanned':
      return event.data.subject;
    case 'CriterionConfirmed':
      return event.data.facts;
    case 'InteractionLogged':
      return event.data.text ?? event.data.subject;
    case 'FileLinked':
      return event.data.name;
    case 'LeadEngagementRecorded':
      return event.data.detail;
    case 'GateOverridden':
    case 'DealKeptAlive':
    case 'ActivityCancelled':
    case 'DealVoided':
    case 'DealCorrected':
    case 'LeadConversionReverted':
      return event.data.reason;
    default:
      return null;
  }
}
