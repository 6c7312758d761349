import { accept, type CommandContext, type Decision } from '../shared/decision.js';
import type { ContactState, OrganizationRegistered } from './contact.events.js';

export interface RegisterOrganization {
  readonly type: 'RegisterOrganization';
  readonly name: string;
}

/** Registering an organisation that is there changes nothing. */
export function decideContact(
  state: ContactState | null,
  command: RegisterOrganization,
  { now }: CommandContext,
): Decision<OrganizationRegistered> {
  if (state !== null) return accept();
  return accept({
    type: 'OrganizationRegistered',
    data: { name: command.name, emails: [], phones: [] },
    occurredAt: now,
  });
}
