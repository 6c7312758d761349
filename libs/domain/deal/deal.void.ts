import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { wrongStatus } from '../shared/refusals.js';
import type { RevertConversion, VoidDeal } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { refusal } from './deal.merge.js';
import { LIVING } from './deal.state.js';
import type { DealState } from './deal.state.js';

/** A deal that never should have been: a test, a duplicate. */
export function voidDeal(state: DealState, { reason }: VoidDeal, context: CommandContext): Decision<DealEvent> {
  if (state.status === 'voided') return accept();
  if (!LIVING.includes(state.status)) return wrongStatus('deal', state.status, LIVING);
  if (state.pendingMerge !== null) return refusal('deal', 'merging');
  return voided(state, reason, null, context);
}

/** Takes the deal of a lead back, as long as nothing has come of it: it is still where it was opened. */
export function revertConversion(
  state: DealState,
  { leadId, reason }: RevertConversion,
  context: CommandContext,
): Decision<DealEvent> {
  if (state.voided !== null && state.voided.leadId === leadId) return accept();
  const movedOn = state.visits.some(({ visitNo, entry }) => visitNo > 1 && entry !== 'relocated');
  const merges = state.pendingMerge !== null || state.merged.length > 0;
  if (merges || state.leadId !== leadId || state.status !== 'open' || movedOn) {
    return reject({ code: 'deal-moved-on', detail: 'The deal has moved on since the conversion.', data: null });
  }
  return voided(state, reason, leadId, context);
}

function voided(state: DealState, reason: string, leadId: string | null, context: CommandContext): Decision<DealEvent> {
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;
  return accept<DealEvent>({ type: 'DealVoided', data: { reason, leadId }, occurredAt: when.at });
}
