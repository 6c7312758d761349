import type { Candidate } from '../contact/contact.match.js';
import { openingIn } from '../deal/deal.opening.js';
import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { formatInstant } from '../shared/instant.js';
import { occurrence } from '../shared/occurrence.js';
import { wrongStatus } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { ContactResolution, ConvertToDeal } from './lead.commands.js';
import type { ContactDetails, LeadConverted, LeadEvent } from './lead.events.js';
import { CRITERIA } from './lead.events.js';
import type { LeadState } from './lead.state.js';

type ConvertedContact = LeadConverted['data']['contacts'][number];

/** Decides that there is exactly one conversion, with all that the deal and its contacts need. */
export function convertToDeal(state: LeadState, command: ConvertToDeal, context: CommandContext): Decision<LeadEvent> {
  if (state.status === 'converted' && state.dealId !== null) return alreadyConverted(state.dealId);
  if (state.status !== 'qualified') return wrongStatus('lead', state.status, ['qualified']);
  const person = resolve('person', state.person, command.contacts.person);
  const organization = resolve('organization', state.organization, command.contacts.organization);
  const opening = openingIn(command.pipeline, command.stageId, {
    title: command.title ?? state.title,
    kind: 'new',
    value: command.value === undefined ? state.value : command.value,
    lineItems: [],
    personId: person?.id ?? null,
    organizationId: organization?.id ?? null,
    ownerId: command.ownerId ?? state.ownerId,
    teamId: null,
    visibility: command.visibility,
    source: state.source,
    labels: state.labels,
    expectedClose: command.expectedClose,
    probability: null,
    forecastCategory: null,
    leadId: state.id,
    capturedAt: formatInstant(state.capturedAt),
    previousDealId: null,
    criteria: CRITERIA.filter((criterion) => state.qualification?.criteria[criterion]?.confirmed === true),
  });
  if (!opening.ok) return opening;
  if (opening.unmet !== null) return opening.unmet;
  const duplicates = unresolved(state, command);
  if (duplicates !== null) return duplicates;
  const when = occurrence(context, state.last.status);
  if (!when.ok) return when;
  return accept<LeadEvent>({
    type: 'LeadConverted',
    data: {
      dealId: command.dealId,
      deal: opening.data,
      contacts: [person, organization].filter((contact) => contact !== null),
    },
    occurredAt: when.at,
  });
}

/** An inline contact is registered under the id fixed at the capture, unless an existing one is to be used. */
function resolve(
  kind: ConvertedContact['kind'],
  own: ContactDetails | null,
  resolution: ContactResolution | undefined,
): ConvertedContact | null {
  if (resolution !== undefined && 'use' in resolution) return known(kind, resolution.use);
  if (resolution !== undefined && 'merge' in resolution) {
    const { emails, phones } = own ?? { emails: [], phones: [] };
    return { ...known(kind, resolution.merge), emails, phones, merge: true };
  }
  if (own === null) return null;
  const { id, name, emails, phones } = own;
  return { kind, id, name, emails, phones, create: name !== null };
}

function known(kind: ConvertedContact['kind'], id: string): ConvertedContact {
  return { kind, id, name: null, emails: [], phones: [], create: false };
}

/** An inline contact that is likely registered already has to be resolved by who converts. */
function unresolved({ person, organization }: LeadState, { contacts, duplicates }: ConvertToDeal): Refused | null {
  const asked = (own: ContactDetails | null, resolution: ContactResolution | undefined, found: readonly Candidate[]) =>
    own !== null && own.name !== null && resolution === undefined && found.length > 0 ? { candidates: found } : null;
  const data = {
    person: asked(person, contacts.person, duplicates.person),
    organization: asked(organization, contacts.organization, duplicates.organization),
  };
  if (data.person === null && data.organization === null) return null;
  const names = [data.person, data.organization].flatMap((each) => each?.candidates.map(({ name }) => name) ?? []);
  const detail = `Likely registered already: ${names.join(', ')}. Say which to use, or to create another one.`;
  return reject({ code: 'duplicate-contact', detail, data });
}

function alreadyConverted(dealId: string) {
  return reject({
    code: 'already-converted',
    detail: `The lead was converted to the deal ${dealId}.`,
    data: { dealId },
  });
}
