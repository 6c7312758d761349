import { snoozedUntil, stallClockFrom, stayClockFrom } from '#domain/deal/deal.snooze.js';
import type { Snooze } from '#domain/deal/deal.snooze.js';
import type { EpochMs } from '#domain/shared/decision.js';

/** The clocks of a deal, as columns that a comparison with `now` is enough for. */
export interface ClockColumns {
  /** max(touch, snoozedUntil): the stall clock starts here. */
  readonly clockFrom: EpochMs;
  /** The beginning of the stay, put off by what is slept of it, to the end of the snooze; null: the deal is nowhere. */
  readonly stayFrom: EpochMs | null;
  /** When the last snooze ended, or will end. */
  readonly snoozedUntil: EpochMs | null;
  /** How long the stay has lasted while the deal sleeps: its clock stands still until `snoozedUntil`. */
  readonly stayed: number | null;
}

export function clockColumns(touch: EpochMs, stayBegan: EpochMs | null, snoozes: readonly Snooze[]): ClockColumns {
  // Most deals never sleep.
  if (snoozes.length === 0) return { clockFrom: touch, stayFrom: stayBegan, snoozedUntil: null, stayed: null };
  const until = snoozedUntil(snoozes);
  const stayFrom = stayBegan === null ? null : stayClockFrom(stayBegan, snoozes);
  return {
    clockFrom: stallClockFrom(touch, snoozes),
    stayFrom,
    snoozedUntil: until,
    stayed: until === null || stayFrom === null || until < stayFrom ? null : until - stayFrom,
  };
}
