import { evolveLead } from '#domain/lead/lead.evolve.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View, ViewEvent } from '#projection/view.js';
import { isLeadEvent, unreadableOpening } from '../domain-event.js';
import { text } from '../stored-row.js';
import { LEADS } from './leads.schema.js';
import { linesAfter, NO_LINES, SEARCHED_EVENTS, searchColumn, searchLines, type SearchLines } from './search-lines.js';

/** Scores are in views of their own: one for each scoring model. */
const NO_SCORE = 0;

/** A lead with its personal strings sealed, and what it is found by, as it can be read. */
export interface InboxEntry {
  readonly lead: LeadState;
  readonly lines: SearchLines;
}

/** The inbox. */
export const LEADS_VIEW: View<InboxEntry> = {
  schema: LEADS,
  states: 'stored',
  opens: ({ stream, type }) => categoryOf(stream) === 'lead' && SEARCHED_EVENTS.has(type),
  erases: ({ stream, type }) => categoryOf(stream) === 'lead' && (type === 'TextsErased' || type === 'TextRedacted'),
  restore: {
    table: 'lead',
    id: idOf,
    // As `rows` wrote it.
    state: (row) => ({ lead: row['body'] as LeadState, lines: searchLines(text(row, 'search')) }),
  },

  key: (event) => (categoryOf(event.stream) === 'lead' ? event.stream : null),

  evolve(state, event) {
    const lead = leadAfter(state?.lead ?? null, event);
    const plain = decode({ ...event, data: event.plain ?? event.data });
    return { lead, lines: linesAfter(state?.lines ?? NO_LINES, plain, lead) };
  },

  rows: (entry) => [
    {
      table: 'lead',
      row: { id: entry.lead.id, ...leadColumns(entry), score: NO_SCORE, body: entry.lead },
    },
  ],

  counters: ({ lead }) => [
    { counter: 'status', dimensions: { status: lead.status, owner: lead.ownerId }, measures: { count: 1 } },
  ],
};

function leadAfter(state: LeadState | null, event: ViewEvent): LeadState {
  const decoded = decode(event);
  if (isLeadEvent(decoded)) return evolveLead(state, decoded, idOf(event.stream));
  if (state === null) throw unreadableOpening(event);
  return { ...state, revision: event.revision };
}

/** What the inbox is filtered and sorted by, but for the score. */
export function leadColumns({ lead, lines }: InboxEntry) {
  return {
    status: lead.status,
    source: lead.source,
    owner: lead.ownerId,
    labels: lead.labels,
    capturedAt: lead.capturedAt,
    followUpOn: lead.followUpOn,
    search: searchColumn(lines),
  };
}
