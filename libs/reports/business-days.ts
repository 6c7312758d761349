import { Temporal } from 'temporal-polyfill';

const FRIDAY = 5;

/**
 * `days` business days (Monday to Friday) after the instant, at the same local time; a local time that does not exist
 * that day is shifted past the gap. A weekend has no business time: any instant of it counts as the beginning of
 * Monday, so that who is touched later never falls due earlier.
 */
export function addBusinessDays(instant: number, days: number, zone: string): number {
  const local = localTime(instant, zone);
  const start = isWeekend(local) ? startOfDay(local.add({ days: 8 - local.dayOfWeek })) : local;
  return toInstant(shift(start, days), zone);
}

/**
 * The latest instant from which `days` business days are over by `instant`, the counterpart of `addBusinessDays`:
 * addBusinessDays(t, n) <= now exactly when t <= subtractBusinessDays(now, n). On a business day that is the same
 * local time so many business days before, on a weekend the last millisecond of the day that Friday comes from.
 * (In a zone that changes its clocks on a business day, the hour around the change may differ.)
 */
export function subtractBusinessDays(instant: number, days: number, zone: string): number {
  const local = localTime(instant, zone);
  if (!isWeekend(local)) return toInstant(shift(local, -days), zone);
  const friday = local.subtract({ days: local.dayOfWeek - FRIDAY });
  return toInstant(startOfDay(shift(friday, -days).add({ days: 1 })), zone) - 1;
}

function localTime(instant: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDateTime();
}

function toInstant(local: Temporal.PlainDateTime, zone: string): number {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

function startOfDay(local: Temporal.PlainDateTime): Temporal.PlainDateTime {
  return local.withPlainTime();
}

function isWeekend(local: Temporal.PlainDateTime): boolean {
  return local.dayOfWeek > FRIDAY;
}

/** From a business day to another, whole weeks at once. */
function shift(local: Temporal.PlainDateTime, days: number): Temporal.PlainDateTime {
  let shifted = local.add({ weeks: Math.trunc(days / 5) });
  const step = Math.sign(days);
  for (let left = Math.abs(days % 5); left > 0; left--) {
    do shifted = shifted.add({ days: step });
    while (isWeekend(shifted));
  }
  return shifted;
}
