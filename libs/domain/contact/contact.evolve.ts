import type { Recorded } from '../shared/decision.js';
import { ERASED } from '../personal/sealed-text.js';
import type { ContactErased, ContactEvent, OrganizationRegistered, PersonRegistered } from './contact.events.js';
import type { ContactKind, ContactState } from './contact.state.js';

/**
 * The person or organisation after one more event of its stream. `id` is the contact's id, as the stream's name has it.
 * Throws on a history that does not begin with its only registration and on an unknown event type.
 */
export function evolveContact(state: ContactState | null, event: Recorded<ContactEvent>, id: string): ContactState {
  switch (event.type) {
    case 'PersonRegistered':
    case 'OrganizationRegistered':
      if (state !== null) throw new Error(`${state.kind} ${id}: ${event.type} again at revision ${event.revision}`);
      return registered(event.type === 'PersonRegistered' ? 'person' : 'organization', event, id);
    case 'PersonErased':
    case 'OrganizationErased':
      return erased(state, event, id);
    default:
      if (state === null) throw new Error(`contact ${id}: ${event.type} before it was registered`);
      return { ...changed(state, event), revision: event.revision };
  }
}

type Erased = Recorded<ContactErased>;
type Registered = PersonRegistered | OrganizationRegistered;

function registered(kind: ContactKind, { data, revision }: Recorded<Registered>, id: string): ContactState {
  return {
    id,
    erased: false,
    revision,
    kind,
    name: data.name,
    emails: data.emails,
    phones: data.phones,
    phonesE164: data.phonesE164 ?? data.phones.map(() => null),
    organizationId: 'organizationId' in data ? (data.organizationId ?? null) : null,
    mergedInto: null,
    merged: [],
    pending: null,
  };
}

/** One that was never registered is there from then on, and can never be. */
function erased(state: ContactState | null, { type, revision }: Erased, id: string): ContactState {
  const nothing = { name: ERASED, emails: [], phones: [], phonesE164: [], organizationId: null };
  const links = { mergedInto: null, merged: [], pending: null };
  const kind = type === 'PersonErased' ? 'person' : 'organization';
  return { ...links, ...state, ...nothing, id, kind, revision, erased: true };
}

function changed(
  state: ContactState,
  event: Exclude<Recorded<ContactEvent>, Recorded<Registered> | Erased>,
): ContactState {
  switch (event.type) {
    case 'ContactEdited':
      return { ...state, ...event.data };
    case 'ContactMergeStarted':
      return { ...state, pending: { ...event.data, unmerge: false } };
    case 'ContactUnmergeStarted':
      return { ...state, pending: { ...event.data, unmerge: true } };
    case 'ContactMergedInto':
      return { ...state, mergedInto: event.data.survivorId };
    case 'ContactUnmerged':
      return { ...state, mergedInto: null };
    case 'ContactMergeRefused':
      return state;
    case 'ContactMergeCompleted':
      return { ...state, pending: null, merged: [...state.merged, event.data.otherId] };
    case 'ContactMergeAbandoned':
      return { ...state, pending: null };
    case 'ContactUnmergeCompleted':
      return { ...state, pending: null, merged: state.merged.filter((id) => id !== event.data.otherId) };
    default: {
      const unknown: never = event;
      throw new Error(`contact ${state.id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
