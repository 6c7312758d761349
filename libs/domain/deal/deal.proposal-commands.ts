import type { ProposalOption } from './deal.proposal-events.js';

export interface RecordProposal {
  readonly type: 'RecordProposal';
  readonly proposalId: string;
  readonly options: readonly Omit<ProposalOption, 'value'>[];
  readonly validUntil: string | null;
  /** The organisation's civil date when it was made. */
  readonly today: string;
  /** Ids of products that can be sold, those of the items among them. */
  readonly products: ReadonlySet<string>;
}

export interface AcceptProposal {
  readonly type: 'AcceptProposal';
  readonly proposalId: string;
  readonly optionId: string;
  /** The organisation's civil date when it was accepted. */
  readonly today: string;
}

export type ProposalCommand = RecordProposal | AcceptProposal;
