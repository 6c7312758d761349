import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { unknownReason, wrongStatus } from '../shared/refusals.js';
import { contactOf } from './deal.contact.js';
import type { AbandonWinBack, RecordChurn, WinBackCustomer } from './deal.customer-commands.js';
import type { DealEvent } from './deal.events.js';
import { openingIn } from './deal.opening.js';
import type { DealState } from './deal.state.js';

/** A customer that is lost leaves the stages after the sale; the win stays what it was. */
export function recordChurn(
  state: DealState,
  { reason, settings }: RecordChurn,
  context: CommandContext,
): Decision<DealEvent> {
  if (state.status !== 'won') return wrongStatus('deal', state.status, ['won']);
  if (!settings.churnReasons.includes(reason)) return unknownReason(reason, settings.churnReasons);
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;
  return accept<DealEvent>({ type: 'CustomerChurned', data: { reason }, occurredAt: when.at });
}

/**
 * Decides that there is exactly one deal, voided ones aside, that wins the customer back, with all that it needs: owner, audience, source,
 * labels and primary contacts are those of the churned deal. What is to be bought is yet to be found out, so it has no
 * line items, and the value of before only until it is said.
 */
export function winBackCustomer(
  state: DealState,
  command: WinBackCustomer,
  context: CommandContext,
): Decision<DealEvent> {
  if (state.status !== 'churned') return wrongStatus('deal', state.status, ['churned']);
  if (state.wonBackBy !== null && !command.inVain) return alreadyWonBack(state.wonBackBy);
  const opening = openingIn(command.pipeline, command.stageId, {
    title: state.title,
    kind: 'win-back',
    value: command.value === undefined ? state.value : command.value,
    lineItems: [],
    personId: contactOf(state, 'person')?.id ?? null,
    organizationId: contactOf(state, 'organization')?.id ?? null,
    ownerId: state.ownerId,
    teamId: state.teamId,
    visibility: state.visibility,
    source: state.source,
    labels: state.labels,
    expectedClose: null,
    probability: null,
    forecastCategory: null,
    leadId: null,
    capturedAt: null,
    previousDealId: state.id,
    criteria: [],
  });
  if (!opening.ok) return opening;
  if (opening.unmet !== null) return opening.unmet;
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;
  const data = { dealId: command.dealId, deal: opening.data };
  return accept<DealEvent>({ type: 'CustomerWonBack', data, occurredAt: when.at });
}

/** Cannot be refused, whatever the clock says; where it is done already it changes nothing. */
export function abandonWinBack(
  state: DealState,
  { dealId }: AbandonWinBack,
  { occurredAt, now }: CommandContext,
): Decision<DealEvent> {
  if (state.wonBackBy !== dealId) return accept();
  const at = Math.max(occurredAt ?? now, state.last.stage.at);
  return accept<DealEvent>({ type: 'WinBackAbandoned', data: { dealId }, occurredAt: at });
}

function alreadyWonBack(dealId: string) {
  const detail = `The customer is won back by the deal ${dealId}.`;
  return reject({ code: 'already-won-back', detail, data: { dealId } });
}
