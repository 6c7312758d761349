import type { CommandContext, Decided, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import type { OpenDeal } from './deal.commands.js';
import type { DealEvent, DealOpened } from './deal.events.js';
import { factsOfOpening, missingGates } from './deal.gates.js';
import { productsKnown, worthOf } from './deal.line-items.js';
import { openingIn } from './deal.opening.js';
import { letPast } from './deal.override.js';

/** An import may open a deal in a stage whose gates it does not meet: GateOverridden then follows the opening. */
export function openDeal(command: OpenDeal, context: CommandContext): Decision<DealEvent> {
  const unknown = productsKnown(command.lineItems, command.products ?? new Set());
  if (unknown !== null) return unknown;
  const worth = worthOf(command.lineItems);
  if (!worth.ok) return worth;
  const opening = openingIn(command.pipeline, command.stageId, {
    title: command.title,
    kind: 'new',
    value: worth.value ?? command.value,
    lineItems: command.lineItems,
    personId: command.personId,
    organizationId: command.organizationId,
    ownerId: command.ownerId ?? context.actor.id,
    teamId: null,
    visibility: command.visibility,
    source: command.source,
    labels: [...new Set(command.labels)],
    expectedClose: command.expectedClose,
    probability: command.probability,
    forecastCategory: command.forecastCategory,
    leadId: null,
    capturedAt: null,
    previousDealId: null,
    criteria: [],
  });
  if (!opening.ok) return opening;
  const when = occurrence(context);
  if (!when.ok) return when;
  const { data, stage, unmet } = opening;
  const opened: Decided<DealOpened> = { type: 'DealOpened', data, occurredAt: when.at };
  if (unmet === null) return accept<DealEvent>(opened);
  const past = letPast(unmet, null, context);
  if (!past.ok) return past;
  return accept<DealEvent>(opened, {
    type: 'GateOverridden',
    data: { stageId: stage.id, missing: missingGates(stage.gates, factsOfOpening(data)), reason: past.reason },
    occurredAt: when.at,
  });
}
