import type { DurationSpec } from '#domain/pipeline/pipeline.events.js';
import { durationMs } from '#domain/shared/duration.js';
import type { BusinessTime } from '../business-time.js';

/** When a clock that started at `start` has run for the duration. Epoch milliseconds. */
export function runsOutAt(start: number, duration: DurationSpec, time: BusinessTime): number {
  return typeof duration === 'string' ? start + durationMs(duration) : time.after(start, duration.businessDays);
}

/** The latest start of a clock that has run out by `now`: runsOutAt(start) <= now exactly when start <= cutoff. */
export function cutoff(duration: DurationSpec, now: number, time: BusinessTime): number {
  return typeof duration === 'string' ? now - durationMs(duration) : time.latestBefore(now, duration.businessDays);
}
