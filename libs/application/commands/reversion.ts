import { decode } from '#event-store/codec.js';
import type { EventData, RecordedEvent } from '#event-store/event.js';
import type { DealVoided } from '#domain/deal/deal.events.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { LEAD } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import type { Outcome } from '../execute.js';
import type { Streams } from '../streams.js';
import { takeStep, type Cause } from './second-step.js';

/** The lead whose conversion an event of a deal takes back; null: none. */
export function leadTakenBack(event: Pick<EventData, 'type' | 'data'>): string | null {
  if (event.type !== 'DealVoided') return null;
  const leadId = event.data['leadId'];
  return typeof leadId === 'string' ? leadId : null;
}

/**
 * The second step of taking a conversion back: tells the lead what DealVoided has decided. It cannot be refused, and
 * taking it again changes nothing; the command itself, its replay and the reactor may all take it.
 * @throws OutcomeUnknown the deal is voided, and the lead will be told later
 */
export async function finishReversion(
  streams: Streams,
  dealId: string,
  leadId: string,
  voided: RecordedEvent,
  deadlineMs?: number,
): Promise<Outcome<LeadState>> {
  // The caller gives an event of type DealVoided; its shape is the stored format of that type.
  const { reason } = decode(voided).data as DealVoided['data'];
  return tellLead(streams, leadId, dealId, reason, voided, voided.metadata.commandId, deadlineMs);
}

/** Takes back the conversion of a lead to a deal that turned out to be somebody else's. */
export async function undoConversion(
  streams: Streams,
  leadId: string,
  dealId: string,
  converted: Cause,
  deadlineMs: number,
): Promise<void> {
  const reason = 'Another command had opened a deal with this id.';
  // Not under the id of the conversion's own command, which this stream holds already.
  const commandId = derivedId('undo conversion', converted.id);
  await tellLead(streams, leadId, dealId, reason, converted, commandId, deadlineMs);
}

function tellLead(
  streams: Streams,
  leadId: string,
  dealId: string,
  reason: string,
  cause: Cause,
  commandId: string,
  deadlineMs?: number,
): Promise<Outcome<LeadState>> {
  const command = { type: 'RevertLeadConversion', dealId, reason } as const;
  return takeStep(
    streams,
    LEAD,
    leadId,
    cause,
    commandId,
    (state, context) => decideLead(state, command, context),
    deadlineMs,
  );
}
