import type { DealAttentionCommand } from '#domain/deal/deal.attention-commands.js';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { DEAL } from '../aggregate.js';
import { PipeledgerCommand } from './command.js';
import type { KeepDealAliveBody, LogInteractionBody, SnoozeDealBody, WakeDealBody } from './deal-attention.bodies.js';
import { handlersOf } from './own-state.handler.js';
import { storedInstant } from './values.js';

export class SnoozeDealCommand extends PipeledgerCommand<SnoozeDealBody> {}
export class WakeDealCommand extends PipeledgerCommand<WakeDealBody> {}
export class KeepDealAliveCommand extends PipeledgerCommand<KeepDealAliveBody> {}
export class LogInteractionCommand extends PipeledgerCommand<LogInteractionBody> {}

const onDeal = handlersOf<DealState, DealCommand>(DEAL, decideDeal);

export const DEAL_ATTENTION_HANDLERS = [
  onDeal(SnoozeDealCommand, ({ until }: SnoozeDealBody): DealAttentionCommand => {
    return { type: 'SnoozeDeal', until: storedInstant(until) };
  }),
  onDeal(WakeDealCommand, (): DealAttentionCommand => ({ type: 'WakeDeal' })),
  onDeal(KeepDealAliveCommand, ({ reason }: KeepDealAliveBody): DealAttentionCommand => {
    return { type: 'KeepDealAlive', reason: reason ?? null };
  }),
  onDeal(LogInteractionCommand, (body: LogInteractionBody): DealAttentionCommand => {
    const { kind, direction, subject, text } = body;
    const words = { subject: subject ?? null, text: text ?? null };
    return { type: 'LogInteraction', kind, direction, ...words, with: body.with ?? [] };
  }),
];
