import type { LineItem } from '../../deal/deal.events.js';
import type { AcceptProposal, RecordProposal } from '../../deal/deal.proposal-commands.js';
import type { ProposalAccepted, ProposalOption, ProposalRecorded } from '../../deal/deal.proposal-events.js';
import { euro } from './deals.js';

/** Of the proposal `offer`, with the options `small` and `large`, for histories and commands. */
export const item = (quantity: string, price = '100.00'): LineItem => {
  return { productId: 'boiler', quantity, unitPrice: euro(price), discount: 0 };
};
const SMALL: ProposalOption = { optionId: 'small', name: 'One', lineItems: [item('1')], value: euro('100.00') };
const LARGE: ProposalOption = { optionId: 'large', name: null, lineItems: [item('3')], value: euro('300.00') };

export function propose(change: Partial<RecordProposal> = {}): RecordProposal {
  const options = [SMALL, LARGE].map(({ value: _, ...option }) => option);
  const products = new Set(['boiler']);
  return {
    type: 'RecordProposal',
    proposalId: 'offer',
    options,
    validUntil: null,
    today: '2026-03-12',
    products,
    ...change,
  };
}

export function proposed(change: Partial<ProposalRecorded['data']> = {}): ProposalRecorded {
  const data = { proposalId: 'offer', options: [SMALL, LARGE], validUntil: null, ...change };
  return { type: 'ProposalRecorded', data };
}

export function acceptProposal(proposalId = 'offer', optionId = 'small', today = '2026-03-12'): AcceptProposal {
  return { type: 'AcceptProposal', proposalId, optionId, today };
}

export function accepted(proposalId = 'offer', option = SMALL): ProposalAccepted {
  const { optionId, lineItems, value } = option;
  return { type: 'ProposalAccepted', data: { proposalId, optionId, lineItems, value } };
}

export { LARGE, SMALL };
