import type { DurationSpec } from '../pipeline/pipeline.events.js';

const MONTHS = /^P([1-9]\d{0,2})M$/;
const DAYS_OR_HOURS = /^P(?:([1-9]\d{0,5})D|T([1-9]\d{0,5})H)$/;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Ten years of 365 days. */
export const LONGEST_DURATION_MS = 3650 * DAY_MS;
export const MOST_BUSINESS_DAYS = 1000;
export const MOST_MONTHS = 120;

export type ParsedDuration =
  { readonly ok: true; readonly duration: DurationSpec } | { readonly ok: false; readonly message: string };

/**
 * Reads a length of time as the wire has it: whole days or hours of ISO 8601 (`P14D`, `PT36H`), at most ten years, or
 * `{"businessDays": 10}`, at most 1000. There is one way to write each, so it is kept as it came.
 */
export function parseDuration(spec: unknown): ParsedDuration {
  if (typeof spec === 'string') {
    const ms = milliseconds(spec);
    if (ms === null) return { ok: false, message: 'must be whole days or hours like P14D or PT36H, more than none' };
    if (ms > LONGEST_DURATION_MS) return { ok: false, message: 'must be at most ten years' };
    return { ok: true, duration: spec };
  }
  if (typeof spec !== 'object' || spec === null || !('businessDays' in spec) || Object.keys(spec).length !== 1) {
    return { ok: false, message: 'must be a duration like P14D, PT36H or {"businessDays":10}' };
  }
  const { businessDays } = spec;
  if (
    typeof businessDays !== 'number' ||
    !Number.isInteger(businessDays) ||
    businessDays < 1 ||
    businessDays > MOST_BUSINESS_DAYS
  ) {
    return { ok: false, message: `must be 1 to ${MOST_BUSINESS_DAYS} whole business days` };
  }
  return { ok: true, duration: { businessDays } };
}

/** Reads how long after an occasion something is due: a duration, or calendar months (`P3M`), at most ten years. */
export function parseDelay(spec: unknown): ParsedDuration {
  const months = typeof spec === 'string' ? monthsOf(spec) : null;
  if (typeof spec !== 'string' || months === null) return parseDuration(spec);
  return months > MOST_MONTHS ? { ok: false, message: 'must be at most ten years' } : { ok: true, duration: spec };
}

/** Calendar months of `P3M`; null: it is given in something else. */
export function monthsOf(spec: string): number | null {
  const match = MONTHS.exec(spec);
  return match === null ? null : Number(match[1]);
}

/** Milliseconds of days (86,400 s) or hours. Throws a RangeError on what `parseDuration` refuses as a string. */
export function durationMs(spec: string): number {
  const ms = milliseconds(spec);
  if (ms === null) throw new RangeError(`not a duration in days or hours: ${spec}`);
  return ms;
}

function milliseconds(spec: string): number | null {
  const match = DAYS_OR_HOURS.exec(spec);
  if (match === null) return null;
  return match[1] !== undefined ? Number(match[1]) * DAY_MS : Number(match[2]) * HOUR_MS;
}
