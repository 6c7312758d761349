import { FIRST_YEAR, LAST_YEAR, isRealDay } from './civil-date.js';
import type { EpochMs } from './decision.js';

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

const FIRST_INSTANT = Date.UTC(FIRST_YEAR, 0, 1);
const AFTER_LAST_INSTANT = Date.UTC(LAST_YEAR + 1, 0, 1);

/**
 * Reads an RFC 3339 date-time with offset, cut to milliseconds. Null: no such form, no such day or time (leap seconds
 * included), or outside of 1900 to 2200 in UTC.
 */
export function parseInstant(text: string): EpochMs | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  if (hour === undefined || minute === undefined || second === undefined) return null;
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  if (year < 1000 || !isRealDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return null;
  const offset = (match[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const instant = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) - offset;
  return instant >= FIRST_INSTANT && instant < AFTER_LAST_INSTANT ? instant : null;
}

/** `2026-03-01T09:00:00.000Z`. Throws a RangeError on what is no instant. */
export function formatInstant(instant: EpochMs): string {
  return new Date(instant).toISOString();
}
