import type { DealState } from './deal.state.js';

type Contact = DealState['contacts'][number];

/** The contact that a deal is shown with: its primary person, or any, else its primary organisation, or any. */
export function shownContactOf(deal: DealState): Contact | null {
  return contactOf(deal, 'person') ?? contactOf(deal, 'organization');
}

/** The primary contact of a kind, or the first. */
export function contactOf({ contacts }: DealState, kind: Contact['kind']): Contact | null {
  const ofKind = contacts.filter((contact) => contact.kind === kind);
  return ofKind.find(({ role }) => role === 'primary') ?? ofKind[0] ?? null;
}
