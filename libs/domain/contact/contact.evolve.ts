import type { Recorded } from '../shared/decision.js';
import type { ContactEvent, ContactState } from './contact.events.js';

/**
 * The person or organisation after one more event of its stream. `id` is the contact's id, as the stream's name has it.
 * Throws on a second registration and on an unknown event type.
 */
export function evolveContact(state: ContactState | null, event: Recorded<ContactEvent>, id: string): ContactState {
  if (state !== null) throw new Error(`${state.kind} ${id}: ${event.type} again at revision ${event.revision}`);
  switch (event.type) {
    case 'PersonRegistered':
      return { ...event.data, id, revision: event.revision, kind: 'person' };
    case 'OrganizationRegistered':
      return { ...event.data, id, revision: event.revision, kind: 'organization' };
    default: {
      const unknown: never = event;
      throw new Error(`contact ${id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
