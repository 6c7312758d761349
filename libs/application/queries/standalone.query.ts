import { formatInstant } from '#domain/shared/instant.js';
import type { StandaloneActivity } from '#domain/standalone-activity/standalone.state.js';
import { STANDALONE_ACTIVITY } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { Streams } from '../streams.js';

/** One activity that stands alone, folded from its own stream. */
export class StandaloneQuery {
  constructor(private readonly streams: Streams) {}

  /** @throws NotFound */
  async activity(id: string) {
    const { state } = await this.streams.load(STANDALONE_ACTIVITY, id);
    if (state === null) throw new NotFound();
    return standaloneAnswer(state);
  }
}

function standaloneAnswer({ next, recurrence, skipped, lastDone, ...activity }: StandaloneActivity) {
  return {
    ...activity,
    occurrence: next?.occurrence ?? null,
    dueAt: next === null ? null : formatInstant(next.dueAt),
    recurrence: recurrence && {
      days: recurrence.days,
      time: recurrence.time,
      tz: recurrence.zone,
      from: recurrence.date,
      until: recurrence.until,
    },
    cancelledOccurrences: skipped,
    lastDone: lastDone && { ...lastDone, doneAt: formatInstant(lastDone.doneAt) },
  };
}
