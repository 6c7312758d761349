import { evolveLead } from '#domain/lead/lead.evolve.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import { isLeadEvent, unreadableOpening } from '../domain-event.js';
import { LEADS } from './leads.schema.js';

/** Scores are in views of their own: one for each scoring model. */
const NO_SCORE = 0;

/** The inbox. */
export const LEADS_VIEW: View<LeadState> = {
  schema: LEADS,
  states: 'stored',
  restore: {
    table: 'lead',
    id: idOf,
    // As `rows` wrote it.
    state: (row) => row['body'] as LeadState,
  },

  key: (event) => (categoryOf(event.stream) === 'lead' ? event.stream : null),

  evolve(state, event) {
    const decoded = decode(event);
    if (isLeadEvent(decoded)) return evolveLead(state, decoded, idOf(event.stream));
    if (state === null) throw unreadableOpening(event);
    return { ...state, revision: event.revision };
  },

  rows: (lead) => [
    {
      table: 'lead',
      row: { id: lead.id, ...leadColumns(lead), score: NO_SCORE, body: lead },
    },
  ],

  counters: (lead) => [
    { counter: 'status', dimensions: { status: lead.status, owner: lead.ownerId }, measures: { count: 1 } },
  ],
};

/** What the inbox is filtered and sorted by, but for the score. */
export function leadColumns(lead: LeadState) {
  return {
    status: lead.status,
    source: lead.source,
    owner: lead.ownerId,
    labels: lead.labels,
    capturedAt: lead.capturedAt,
    followUpOn: lead.followUpOn,
    search: searchText(lead),
  };
}

/** A line each, so that no search matches across two of them. */
function searchText({ title, person, organization }: LeadState): string {
  const lines = [title, person?.name, organization?.name];
  return lines
    .filter((line) => line !== null && line !== undefined)
    .join('\n')
    .toLowerCase();
}
