import { isCivilDate } from '../shared/civil-date.js';

const DAY_MS = 86_400_000;

/** When an activity comes again: at the same local time on some days of the week. Stored in events. */
export interface Recurrence {
  /** ISO weekdays, Monday is 1; ascending, at least one. */
  readonly days: readonly number[];
  /** IANA time zone: the organisation's when it was planned. */
  readonly zone: string;
  /** Civil date of the first occurrence, which is on one of the days. */
  readonly date: string;
  /** Local time of every occurrence, `09:00:00.000`. */
  readonly time: string;
  /** Civil date of the last day that may have one; null: for ever. */
  readonly until: string | null;
}

/** ISO weekday of a civil date: Monday is 1. */
export function weekdayOf(date: string): number {
  return new Date(Date.parse(date)).getUTCDay() || 7;
}

/** Whether there is an occurrence on the civil date. */
export function isOccurrence({ days, date: first, until }: Recurrence, date: string): boolean {
  return isCivilDate(date) && date >= first && (until === null || date <= until) && days.includes(weekdayOf(date));
}

/** The first occurrence after a civil date that is not among those skipped; null: there is no more. */
export function occurrenceAfter(recurrence: Recurrence, date: string, skipped: readonly string[]): string | null {
  for (let next = dayAfter(date); ; next = dayAfter(next)) {
    if (!isCivilDate(next) || (recurrence.until !== null && next > recurrence.until)) return null;
    if (isOccurrence(recurrence, next) && !skipped.includes(next)) return next;
  }
}

function dayAfter(date: string): string {
  return new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
}
