import type { DecodedEvent } from '#event-store/codec.js';
import { isDealEvent, isLeadEvent } from '../domain-event.js';

/** The events of leads and deals that name contacts as theirs. */
export const LINKING_EVENTS: ReadonlySet<string> = new Set([
  'LeadCaptured',
  'LeadContactLinked',
  'LeadConverted',
  'DealOpened',
  'DealContactLinked',
]);

/** The streams of the contacts that an event links its lead or deal to. */
export function linksIn(event: DecodedEvent): readonly string[] {
  if (isLeadEvent(event)) {
    if (event.type === 'LeadCaptured' || event.type === 'LeadContactLinked') {
      return streamsOf(event.data.person?.id ?? null, event.data.organization?.id ?? null);
    }
    if (event.type === 'LeadConverted') return streamsOf(event.data.deal.personId, event.data.deal.organizationId);
  }
  if (isDealEvent(event) && event.type === 'DealOpened') {
    return streamsOf(event.data.personId, event.data.organizationId);
  }
  return listed(event.data);
}

function streamsOf(personId: string | null, organizationId: string | null): readonly string[] {
  return [
    ...(personId === null ? [] : [`person-${personId}`]),
    ...(organizationId === null ? [] : [`organization-${organizationId}`]),
  ];
}

/** Of an event that names any number of contacts, each with its kind. */
function listed(data: object): readonly string[] {
  const contacts: unknown = 'contacts' in data ? data.contacts : [];
  return (Array.isArray(contacts) ? (contacts as unknown[]) : []).flatMap((contact) => {
    if (typeof contact !== 'object' || contact === null || !('kind' in contact) || !('id' in contact)) return [];
    const { kind, id } = contact;
    return typeof id === 'string' && (kind === 'person' || kind === 'organization') ? [`${kind}-${id}`] : [];
  });
}
