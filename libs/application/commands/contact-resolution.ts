import type { ContactKind } from '#domain/contact/contact.state.js';
import type { ContactDetails } from '#domain/lead/lead.events.js';
import type { ConvertToDeal } from '#domain/lead/lead.commands.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { e164Of } from '../contact-details.js';
import type { KnownContacts } from '../contact-matches.js';
import { survivorOf } from '../contact-survivor.js';
import { InvalidInput } from '../errors.js';
import type { Streams } from '../streams.js';
import type { ContactResolutionBody } from './lead.bodies.js';

/**
 * What the body says to do about a contact. One that was merged stands for its survivor.
 * @throws InvalidInput it says more or less than one thing, or names nobody
 */
export async function resolutionOf(
  streams: Streams,
  kind: ContactKind,
  body: ContactResolutionBody | null | undefined,
): Promise<ConvertToDeal['contacts']> {
  if (body === null || body === undefined) return {};
  const [use, merge] = [body.use ?? null, body.merge ?? null];
  const given = [use !== null, merge !== null, body.create === true].filter(Boolean);
  if (given.length !== 1) throw new InvalidInput(`/contacts/${kind}`, 'give either use, create or merge');
  if (use !== null) return { [kind]: { use: await survivorId(streams, kind, use, 'use') } };
  if (merge !== null) return { [kind]: { merge: await survivorId(streams, kind, merge, 'merge') } };
  return { [kind]: { create: true } };
}

async function survivorId(streams: Streams, kind: ContactKind, id: string, field: string): Promise<string> {
  const contact = await survivorOf(streams, kind, id);
  if (contact === null || contact.erased)
    throw new InvalidInput(`/contacts/${kind}/${field}`, `there is no such ${kind}`);
  return contact.id;
}

/** Registered contacts that are likely the lead's inline ones; only those that are not resolved are looked for. */
export async function likelyDuplicates(
  known: KnownContacts,
  lead: LeadState | null,
  contacts: ConvertToDeal['contacts'],
): Promise<ConvertToDeal['duplicates']> {
  if (lead?.status !== 'qualified') return { person: [], organization: [] };
  const find = (kind: ContactKind, own: ContactDetails | null, organizationId: string | null) =>
    own === null || own.name === null || contacts[kind] !== undefined
      ? Promise.resolve([])
      : known.candidates({ ...own, name: own.name, kind, phonesE164: e164Of(own.phones), organizationId }, own.id);
  const organization = await find('organization', lead.organization, null);
  return { person: await find('person', lead.person, organizationOf(lead, contacts)), organization };
}

/** Where the person works, if that is a registered organisation. */
function organizationOf({ organization }: LeadState, contacts: ConvertToDeal['contacts']): string | null {
  const resolution = contacts.organization;
  if (resolution !== undefined && 'use' in resolution) return resolution.use;
  if (resolution !== undefined && 'merge' in resolution) return resolution.merge;
  return organization?.name === null ? organization.id : null;
}
