import type { DealOpened } from './deal.events.js';

/** What became of a customer after the sale. These names and shapes are the stored format: version them with care. */

/** The customer is lost. `reason`: a key of the settings. */
export interface CustomerChurned {
  readonly type: 'CustomerChurned';
  readonly data: { readonly reason: string };
}

/** The customer is won back by a deal of its own, which is opened as this says. */
export interface CustomerWonBack {
  readonly type: 'CustomerWonBack';
  readonly data: { readonly dealId: string; readonly deal: DealOpened['data'] };
}

/** The deal that was to win the customer back is another one's: it may be tried again under another id. */
export interface WinBackAbandoned {
  readonly type: 'WinBackAbandoned';
  readonly data: { readonly dealId: string };
}

export type CustomerEvent = CustomerChurned | CustomerWonBack | WinBackAbandoned;
