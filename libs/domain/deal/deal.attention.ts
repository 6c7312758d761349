import type { CommandContext, Decision, EpochMs } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { dateInPast, wrongStatus } from '../shared/refusals.js';
import type { DealAttentionCommand, SnoozeDeal } from './deal.attention-commands.js';
import type { DealAttentionEvent } from './deal.attention-events.js';
import type { DealEvent } from './deal.events.js';
import { snoozedUntil } from './deal.snooze.js';
import { LIVING } from './deal.state.js';
import type { DealState } from './deal.state.js';

/** Snoozes and signs of life of an open deal; interactions with any deal that is not a closed book. */
export function attendDeal(
  state: DealState,
  command: DealAttentionCommand,
  context: CommandContext,
): Decision<DealEvent> {
  const anyTime = command.type === 'LogInteraction';
  const allowed = anyTime ? LIVING : (['open'] as const);
  if (!allowed.some((status) => status === state.status)) return wrongStatus('deal', state.status, allowed);
  const when = occurrence(context);
  if (!when.ok) return when;
  const decided = (event: DealAttentionEvent) => accept<DealEvent>({ ...event, occurredAt: when.at });
  switch (command.type) {
    case 'SnoozeDeal':
      return snooze(state, command, context, decided);
    case 'WakeDeal':
      return isAsleep(state, when.at) ? decided({ type: 'DealWoken', data: {} }) : accept();
    case 'KeepDealAlive':
      return decided({ type: 'DealKeptAlive', data: { reason: command.reason } });
    case 'LogInteraction': {
      const { kind, direction, subject, text, with: persons } = command;
      const data = { kind, direction, subject, text, with: [...new Set(persons)] };
      return decided({ type: 'InteractionLogged', data });
    }
  }
}

/** Whether an end of the snooze at this time would change anything: it holds from the last change of it at the earliest. */
function isAsleep({ snoozes, last }: DealState, at: EpochMs): boolean {
  return (snoozedUntil(snoozes) ?? -Infinity) > Math.max(at, last.snooze.at);
}

function snooze(
  state: DealState,
  { until }: SnoozeDeal,
  { now }: CommandContext,
  decided: (event: DealAttentionEvent) => Decision<DealEvent>,
): Decision<DealEvent> {
  const end = Date.parse(until);
  if (end <= now) return dateInPast(until);
  return end === snoozedUntil(state.snoozes) ? accept() : decided({ type: 'DealSnoozed', data: { until } });
}
