import { Temporal } from 'temporal-polyfill';

/** Half-open [from, to) in epoch milliseconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Half-open [from, to) in civil dates, `2026-03-01`. */
export interface CivilInterval {
  readonly from: string;
  readonly to: string;
}

export type Bucket = 'day' | 'week' | 'month' | 'quarter';

/** The first instant that the civil date has in an IANA zone: after the gap where a change of clocks skips midnight. */
export function startOfDate(date: string, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
}

/** Throws a RangeError unless `from` is before `to`. */
export function intervalOf(dates: CivilInterval, zone: string): Interval {
  if (civilDays(dates) <= 0) throw new RangeError(`${dates.from} is not before ${dates.to}`);
  return { from: startOfDate(dates.from, zone), to: startOfDate(dates.to, zone) };
}

/** The civil date after a date. */
export function dayAfter(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}

/** Number of civil dates in the interval. */
export function civilDays(dates: CivilInterval): number {
  return Temporal.PlainDate.from(dates.from).until(Temporal.PlainDate.from(dates.to), { largestUnit: 'day' }).days;
}

/** The same number of civil dates, just before. */
export function previousDates(dates: CivilInterval): CivilInterval {
  const from = Temporal.PlainDate.from(dates.from).subtract({ days: civilDays(dates) });
  return { from: from.toString(), to: dates.from };
}

/** Buckets of whole days, ISO weeks (Monday), months or quarters, cut to the interval; in order, without gaps. */
export function bucketsOf(dates: CivilInterval, bucket: Bucket): readonly CivilInterval[] {
  const end = Temporal.PlainDate.from(dates.to);
  const buckets: CivilInterval[] = [];
  let from = Temporal.PlainDate.from(dates.from);
  while (Temporal.PlainDate.compare(from, end) < 0) {
    const next = startOfNext(from, bucket);
    const to = Temporal.PlainDate.compare(next, end) < 0 ? next : end;
    buckets.push({ from: from.toString(), to: to.toString() });
    from = to;
  }
  return buckets;
}

function startOfNext(date: Temporal.PlainDate, bucket: Bucket): Temporal.PlainDate {
  switch (bucket) {
    case 'day':
      return date.add({ days: 1 });
    case 'week':
      return date.add({ days: 8 - date.dayOfWeek });
    case 'month':
      return date.with({ day: 1 }).add({ months: 1 });
    case 'quarter':
      return date.with({ day: 1 }).add({ months: 3 - ((date.month - 1) % 3) });
  }
}

/** The instant as answers write it: RFC 3339 in UTC, with milliseconds. */
export function instantText(at: number): string {
  return new Date(at).toISOString();
}
