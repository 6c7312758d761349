import type { Money } from '../shared/money.js';
import type { LineItem } from './deal.events.js';

/** These names and shapes are the stored format: version them with care. */

/** One way of what is proposed, at the prices of that day. */
export interface ProposalOption {
  readonly optionId: string;
  readonly name: string | null;
  /** At least one. */
  readonly lineItems: readonly LineItem[];
  /** What the items are worth together. */
  readonly value: Money | null;
}

export interface ProposalRecorded {
  readonly type: 'ProposalRecorded';
  readonly data: {
    readonly proposalId: string;
    readonly options: readonly ProposalOption[];
    /** The last day on which it may be accepted, a civil date; null: it does not expire. */
    readonly validUntil: string | null;
  };
}

/** The deal has the items of the option from now on, and the value that they give. */
export interface ProposalAccepted {
  readonly type: 'ProposalAccepted';
  readonly data: {
    readonly proposalId: string;
    readonly optionId: string;
    readonly lineItems: readonly LineItem[];
    readonly value: Money | null;
  };
}

export type ProposalEvent = ProposalRecorded | ProposalAccepted;
