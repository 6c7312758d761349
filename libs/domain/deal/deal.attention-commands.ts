import type { InteractionLogged } from './deal.attention-events.js';

export interface SnoozeDeal {
  readonly type: 'SnoozeDeal';
  /** RFC 3339, UTC. */
  readonly until: string;
}

export interface WakeDeal {
  readonly type: 'WakeDeal';
}

export interface KeepDealAlive {
  readonly type: 'KeepDealAlive';
  readonly reason: string | null;
}

export type LogInteraction = { readonly type: 'LogInteraction' } & InteractionLogged['data'];

export type DealAttentionCommand = SnoozeDeal | WakeDeal | KeepDealAlive | LogInteraction;
