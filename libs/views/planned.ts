import type { ActivityEvent } from '#domain/activity/activity.events.js';
import type { EpochMs } from '#domain/shared/decision.js';

/** When planned activities fall due, as columns: sets of times, each once, ascending; null when nothing is planned. */
export interface DueColumns {
  readonly dues: readonly EpochMs[] | null;
  readonly firstDue: EpochMs | null;
  readonly lastDue: EpochMs | null;
}

/** Of a deal that nothing is planned for. */
export const NOTHING_DUE: DueColumns = { dues: null, firstDue: null, lastDue: null };

export function dueColumns(dues: Iterable<EpochMs>): DueColumns {
  const sorted = [...new Set(dues)].sort((a, b) => a - b);
  if (sorted.length === 0) return NOTHING_DUE;
  return { dues: sorted, firstDue: sorted[0] ?? null, lastDue: sorted.at(-1) ?? null };
}

/** When the activity of the event is due after it; null: no more, it is over. */
export function dueAfter(event: ActivityEvent): EpochMs | null {
  const planned = event.type === 'ActivityPlanned' || event.type === 'ActivityRescheduled';
  return planned ? Date.parse(event.data.dueAt) : null;
}
