import type { DurationSpec } from '#domain/pipeline/pipeline.events.js';
import { durationMs } from '#domain/shared/duration.js';
import { addBusinessDays, subtractBusinessDays } from '../business-days.js';

/** When a clock that started at `start` has run for the duration. Epoch milliseconds; the zone is for business days. */
export function runsOutAt(start: number, duration: DurationSpec, zone: string): number {
  return typeof duration === 'string'
    ? start + durationMs(duration)
    : addBusinessDays(start, duration.businessDays, zone);
}

/** The latest start of a clock that has run out by `now`: runsOutAt(start) <= now exactly when start <= cutoff. */
export function cutoff(duration: DurationSpec, now: number, zone: string): number {
  return typeof duration === 'string'
    ? now - durationMs(duration)
    : subtractBusinessDays(now, duration.businessDays, zone);
}
