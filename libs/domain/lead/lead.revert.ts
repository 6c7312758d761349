import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import type { RevertLeadConversion } from './lead.commands.js';
import type { LeadEvent } from './lead.events.js';
import type { LeadState } from './lead.state.js';

/**
 * The second step of what the deal has decided: it cannot be refused, whatever the clock says, and where it is done
 * already it changes nothing.
 */
export function revertLeadConversion(
  state: LeadState,
  { dealId, reason }: RevertLeadConversion,
  { occurredAt, now }: CommandContext,
): Decision<LeadEvent> {
  if (state.status !== 'converted' || state.dealId !== dealId) return accept();
  return accept<LeadEvent>({
    type: 'LeadConversionReverted',
    data: { dealId, reason },
    occurredAt: Math.max(occurredAt ?? now, state.last.status.at),
  });
}
