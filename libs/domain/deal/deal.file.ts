import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { occurrence } from '../shared/occurrence.js';
import { wrongStatus } from '../shared/refusals.js';
import type { LinkFile } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { LIVING } from './deal.state.js';
import type { DealState } from './deal.state.js';

/** The same file, said to prove the same, is linked once. */
export function linkFile(state: DealState, { file }: LinkFile, context: CommandContext): Decision<DealEvent> {
  if (!LIVING.includes(state.status)) return wrongStatus('deal', state.status, LIVING);
  if (state.files.some((linked) => sameJson(linked, file))) return accept();
  const when = occurrence(context);
  return when.ok ? accept<DealEvent>({ type: 'FileLinked', data: file, occurredAt: when.at }) : when;
}
