import { openingIn } from '../deal/deal.opening.js';
import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { formatInstant } from '../shared/instant.js';
import { occurrence } from '../shared/occurrence.js';
import { wrongStatus } from '../shared/refusals.js';
import type { ConvertToDeal } from './lead.commands.js';
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
  resolution: { readonly use: string } | { readonly create: true } | undefined,
): ConvertedContact | null {
  if (resolution !== undefined && 'use' in resolution) {
    return { kind, id: resolution.use, name: null, emails: [], phones: [], create: false };
  }
  if (own === null) return null;
  const { id, name, emails, phones } = own;
  return { kind, id, name, emails, phones, create: name !== null };
}

function alreadyConverted(dealId: string) {
  return reject({
    code: 'already-converted',
    detail: `The lead was converted to the deal ${dealId}.`,
    data: { dealId },
  });
}
