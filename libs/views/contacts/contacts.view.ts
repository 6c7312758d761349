import { evolveContact } from '#domain/contact/contact.evolve.js';
import { matchKeys, type MatchType } from '#domain/contact/contact.match.js';
import type { ContactKind, ContactState } from '#domain/contact/contact.state.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { TableRow, View, ViewEvent } from '#projection/view.js';
import { isContactEvent, unreadableOpening } from '../domain-event.js';
import { CONTACTS } from './contacts.schema.js';
import { linksIn, LINKING_EVENTS } from './links.js';

/** Of a person or an organisation; or of a lead or a deal: the streams of the contacts that it was ever linked to. */
export type ContactsEntry = { readonly contact: ContactState } | { readonly links: readonly string[] };

/** People and organisations: the list, likely duplicates, and the leads and deals of each. */
export const CONTACTS_VIEW: View<ContactsEntry> = {
  schema: CONTACTS,
  states: 'stored',
  opens: ({ stream }) => isContactStream(stream),

  erases: ({ type }) => type === 'PersonErased' || type === 'OrganizationErased',

  key(event) {
    if (isContactStream(event.stream)) return event.stream;
    const category = categoryOf(event.stream);
    if (!LINKING_EVENTS.has(event.type) || (category !== 'lead' && category !== 'deal')) return null;
    // Most deals are opened without a contact: nothing is kept of them.
    return linksIn(decode(event)).length === 0 ? null : event.stream;
  },

  evolve(state, event) {
    const category = categoryOf(event.stream);
    if (category === 'lead' || category === 'deal') {
      return { links: withLinks(state !== null && 'links' in state ? state.links : [], event) };
    }
    return { contact: contactAfter(state !== null && 'contact' in state ? state.contact : null, event) };
  },

  rows(state, key) {
    if ('links' in state) return state.links.map((contact) => linkRow(contact, key));
    const { contact } = state;
    const matches = contact.erased ? [] : matchKeys(contact);
    return [contactRow(contact, key), ...matches.map((match) => keyRow(match, contact.kind, key))];
  },

  counters: () => [],
};

function isContactStream(stream: string): boolean {
  const category = categoryOf(stream);
  return category === 'person' || category === 'organization';
}

function contactAfter(state: ContactState | null, event: ViewEvent): ContactState {
  const decoded = decode({ ...event, data: event.plain ?? event.data });
  if (isContactEvent(decoded)) return evolveContact(state, decoded, idOf(event.stream));
  if (state === null) throw unreadableOpening(event);
  return { ...state, revision: event.revision };
}

function withLinks(links: readonly string[], event: RecordedEvent): readonly string[] {
  return [...new Set([...links, ...linksIn(decode(event))])];
}

function contactRow(contact: ContactState, stream: string): TableRow {
  const { kind, name, emails, phones, phonesE164, organizationId, mergedInto, erased } = contact;
  const numbers = phonesE164.filter((number) => number !== null);
  return {
    table: 'contact',
    row: {
      id: stream,
      kind,
      name: name.toLowerCase(),
      organization: organizationId,
      merged: mergedInto === null ? 0 : 1,
      erased: erased ? 1 : 0,
      // A line each, so that no search matches across two of them.
      search: erased ? '' : [name, ...emails, ...phones, ...numbers].join('\n').toLowerCase(),
      body: contact,
    },
  };
}

function keyRow(
  match: { readonly type: MatchType; readonly key: string },
  kind: ContactKind,
  stream: string,
): TableRow {
  const key = matchColumn(kind, match);
  return { table: 'key', row: { id: `${stream} ${key}`, key, contact: stream } };
}

function linkRow(contact: string, stream: string): TableRow {
  return { table: 'link', row: { id: `${stream} ${contact}`, contact, stream } };
}

/** How a key to look for is written in the column. */
export function matchColumn(
  kind: ContactKind,
  { type, key }: { readonly type: MatchType; readonly key: string },
): string {
  return `${kind} ${type} ${key}`;
}
