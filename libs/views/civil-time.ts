import { Temporal } from 'temporal-polyfill';
import type { CivilTime } from '#domain/shared/civil-time.js';

/** Clocks by the time zone database of the platform. */
export const CIVIL_TIME: CivilTime = {
  localOf(instant, zone) {
    const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
    const time = local.toPlainTime().toString({ fractionalSecondDigits: 3 });
    return { date: local.toPlainDate().toString(), time };
  },
  instantOf: ({ date, time }, zone) =>
    Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds,
};
