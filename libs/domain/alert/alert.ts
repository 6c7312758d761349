import type { CommandContext, Decision, Recorded } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import type { ActivityDue, AlertEvent } from './alert.events.js';

/** A stream of alerts has one event: what it says was said. */
export interface AlertState {
  readonly id: string;
  readonly revision: number;
}

export interface AnnounceActivity {
  readonly type: 'AnnounceActivity';
  readonly due: ActivityDue['data'];
}

/** Announces once; it happened when the activity fell due. */
export function decideAlert(
  state: AlertState | null,
  { due }: AnnounceActivity,
  { now }: CommandContext,
): Decision<AlertEvent> {
  if (state !== null) return accept();
  return accept<AlertEvent>({ type: 'ActivityDue', data: due, occurredAt: Math.min(now, Date.parse(due.dueAt)) });
}

export function evolveAlert(_: AlertState | null, { revision }: Recorded<AlertEvent>, id: string): AlertState {
  return { id, revision };
}
