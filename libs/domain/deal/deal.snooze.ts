import type { EpochMs } from '../shared/decision.js';

/** The deal sleeps in [from, to); `to` lies ahead while it does. */
export interface Snooze {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What can happen to a snooze, in the order of the stream. `at`: from when on it holds. */
export type SnoozeChange =
  | { readonly kind: 'snoozed'; readonly at: EpochMs; readonly until: EpochMs }
  /** Woken, or closed. */
  | { readonly kind: 'ended'; readonly at: EpochMs };

/** The snoozes of a deal after one more change, in time and without overlap: a new one ends the one before. */
export function snoozesAfter(snoozes: readonly Snooze[], change: SnoozeChange): readonly Snooze[] {
  const last = snoozes.at(-1);
  const before =
    last === undefined || last.to <= change.at
      ? snoozes
      : [...snoozes.slice(0, -1), { from: last.from, to: Math.max(last.from, change.at) }];
  if (change.kind === 'ended') return before;
  return [...before, { from: change.at, to: Math.max(change.at, change.until) }];
}

/** Milliseconds that the deal slept, or will have slept, within [from, to). */
export function snoozedWithin(snoozes: readonly Snooze[], from: EpochMs, to: EpochMs): number {
  return snoozes.reduce((sum, snooze) => {
    return sum + Math.max(0, Math.min(snooze.to, to) - Math.max(snooze.from, from));
  }, 0);
}

/** When the last snooze ended, or will end; null: there was none. */
export function snoozedUntil(snoozes: readonly Snooze[]): EpochMs | null {
  return snoozes.at(-1)?.to ?? null;
}

/** Where the stall clock starts: a snooze that ends begins a full new threshold (metrics.md, "Stalled deals"). */
export function stallClockFrom(touch: EpochMs, snoozes: readonly Snooze[]): EpochMs {
  return Math.max(touch, snoozedUntil(snoozes) ?? touch);
}

/** Where the stay clock starts: the beginning of the stay, put off by what was slept of it, to the end of the snooze. */
export function stayClockFrom(began: EpochMs, snoozes: readonly Snooze[]): EpochMs {
  return began + snoozedWithin(snoozes, began, Infinity);
}
