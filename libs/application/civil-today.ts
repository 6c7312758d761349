import { Temporal } from 'temporal-polyfill';
import type { EpochMs } from '#domain/shared/decision.js';

/** The civil date that it is in an IANA zone at an instant. */
export function civilDateAt(instant: EpochMs, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
