import { activitiesAfter } from '../activity/activity.evolve.js';
import type { LastChange, Recorded } from '../shared/decision.js';
import type { LeadCaptured, LeadEvent } from './lead.events.js';
import type { LeadState } from './lead.state.js';

/**
 * The lead after one more event of its stream. `id` is the lead's id, as the stream's name has it.
 * Throws on a history that does not begin with its only LeadCaptured and on an unknown event type.
 */
export function evolveLead(state: LeadState | null, event: Recorded<LeadEvent>, id: string): LeadState {
  if (event.type === 'LeadCaptured') {
    if (state !== null) throw new Error(`lead ${id}: LeadCaptured again at revision ${event.revision}`);
    return captured(event, id);
  }
  if (state === null) throw new Error(`lead ${id}: ${event.type} before LeadCaptured`);
  return { ...changed(state, event), revision: event.revision };
}

/** The lead that a whole history makes; null for an empty one. */
export function foldLead(events: Iterable<Recorded<LeadEvent>>, id: string): LeadState | null {
  let state: LeadState | null = null;
  for (const event of events) state = evolveLead(state, event, id);
  return state;
}

function captured(event: Recorded<LeadCaptured>, id: string): LeadState {
  const last = changeBy(event);
  const { title, source, person, organization, value, labels, ownerId } = event.data;
  // Member by member: objects with so many members that begin with a spread are twenty times slower to make.
  return {
    title,
    source,
    person,
    organization,
    value,
    labels,
    ownerId,
    teamId: null,
    attributes: event.data.attributes ?? {},
    products: event.data.products ?? [],
    referredBy: event.data.referredBy ?? null,
    engagement: {},
    activities: [],
    id,
    revision: event.revision,
    status: 'new',
    capturedAt: event.occurredAt,
    followUpOn: null,
    qualification: null,
    disqualification: null,
    dealId: null,
    notes: [],
    last: { status: last, owner: last, value: last },
  };
}

function changed(state: LeadState, event: Exclude<Recorded<LeadEvent>, Recorded<LeadCaptured>>): LeadState {
  const { occurredAt } = event;
  /** Of a change of status. */
  const next = {
    followUpOn: null,
    disqualification: null,
    last: { ...state.last, status: changeBy(event) },
  };
  switch (event.type) {
    case 'LeadEdited': {
      const last = 'value' in event.data ? { ...state.last, value: changeBy(event) } : state.last;
      return { ...state, ...event.data, last };
    }
    case 'LeadAssigned':
      return { ...state, ...event.data, last: { ...state.last, owner: changeBy(event) } };
    case 'LeadLabelled': {
      const { added, removed } = event.data;
      return { ...state, labels: [...state.labels.filter((label) => !removed.includes(label)), ...added] };
    }
    case 'LeadContactLinked':
      return { ...state, ...event.data };
    case 'LeadEngagementRecorded': {
      const { kind } = event.data;
      const count = (state.engagement[kind]?.count ?? 0) + 1;
      return { ...state, engagement: { ...state.engagement, [kind]: { count, revision: event.revision } } };
    }
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return { ...state, activities: activitiesAfter(state.activities, event) };
    case 'LeadArchived':
      return { ...state, ...next, status: 'archived' };
    case 'LeadQualified':
      return { ...state, ...next, status: 'qualified', qualification: { ...event.data, qualifiedAt: occurredAt } };
    case 'LeadNurtured':
      return { ...state, ...next, status: 'nurturing', followUpOn: event.data.followUpOn };
    case 'LeadDisqualified':
      return { ...state, ...next, status: 'disqualified', disqualification: { ...event.data, at: occurredAt } };
    case 'LeadReopened':
      return { ...state, ...next, status: 'new' };
    case 'LeadConverted':
      return { ...state, ...next, status: 'converted', dealId: event.data.dealId };
    case 'LeadConversionReverted':
      return { ...state, ...next, status: 'qualified', dealId: null };
    case 'TextRedacted':
    case 'TextsErased':
      return state;
    case 'LeadNoteAdded': {
      const { actor, revision } = event;
      return { ...state, notes: [...state.notes, { text: event.data.text, actor, occurredAt, revision }] };
    }
    default: {
      const unknown: never = event;
      throw new Error(`lead ${state.id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function changeBy(event: Recorded<LeadEvent>): LastChange {
  return { at: event.occurredAt, revision: event.revision, type: event.type };
}
