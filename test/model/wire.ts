import type { LeadCommand } from './lead-model.js';

const CRITERIA = ['budget', 'authority', 'need', 'timeline'];

export const money = (amount: string | null): object | null => (amount === null ? null : { amount, currency: 'EUR' });

/** What a command on a lead sends. */
export function leadBody(command: LeadCommand): object {
  switch (command.name) {
    case 'edit':
      return { value: money(command.value) };
    case 'assign':
      return { ownerId: command.owner };
    case 'label':
      return command.remove ? { remove: [command.label] } : { add: [command.label] };
    case 'qualify': {
      const asked = command.complete ? CRITERIA : CRITERIA.slice(1);
      return { criteria: Object.fromEntries(asked.map((each) => [each, { confirmed: true, facts: 'asked' }])) };
    }
    case 'disqualify':
      return { reason: command.reason };
    case 'nurture':
      return { followUpOn: command.followUpOn };
    case 'add-note':
      return { text: 'noted' };
    case 'record-engagement':
      return { kind: 'link-clicked' };
    default:
      return {};
  }
}

/** An id that belongs to the deal: it ends with the name. */
export function derived(deal: string, name: string): string {
  return deal.slice(0, -2) + name.padStart(2, '0');
}

/** The name that an id ends with. */
export function nameOf(deal: string, id: string): string {
  if (id.slice(0, -2) !== deal.slice(0, -2)) throw new Error(`${id} is none of the deal ${deal}`);
  return id.slice(-2).replace(/^0/u, '');
}
