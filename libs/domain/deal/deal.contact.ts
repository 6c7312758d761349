import type { DealState } from './deal.state.js';

/** The contact that a deal is shown with: its primary person, or any, else its primary organisation, or any. */
export function contactOf({ contacts }: DealState): DealState['contacts'][number] | null {
  for (const kind of ['person', 'organization']) {
    const ofKind = contacts.filter((contact) => contact.kind === kind);
    const shown = ofKind.find(({ role }) => role === 'primary') ?? ofKind[0];
    if (shown !== undefined) return shown;
  }
  return null;
}
