import { derivedId } from '../command-id.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';

/** Captures a lead with a person and an organisation of its own, to be registered at the conversion. */
export function captureLead(id: string): LeadCommand {
  const details = { emails: ['ada@acme.test'], phones: [] };
  return {
    type: 'CaptureLead',
    id,
    title: 'Boiler',
    source: 'website',
    person: { id: derivedId('person of', id), name: 'Ada Byron', ...details },
    organization: { id: derivedId('organization of', id), name: 'Acme', ...details },
    value: null,
    labels: [],
    ownerId: null,
    attributes: {},
    products: [],
    knownProducts: new Set(),
    referredBy: null,
  };
}

export function addNote(text: string): LeadCommand {
  return { type: 'AddLeadNote', text };
}
