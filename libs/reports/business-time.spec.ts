import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { BusinessCalendar } from '#domain/settings/settings.events.js';
import { BusinessTime } from './business-time.js';

const WEEKDAYS: BusinessCalendar = { workingDays: [1, 2, 3, 4, 5], holidays: [] };
const text = (instant: number): string => new Date(instant).toISOString();
const after = (instant: string, count: number, zone = 'UTC', calendar = WEEKDAYS): string =>
  text(new BusinessTime(zone, calendar).after(Date.parse(instant), count));
const latestBefore = (instant: string, count: number, zone = 'UTC', calendar = WEEKDAYS): string =>
  text(new BusinessTime(zone, calendar).latestBefore(Date.parse(instant), count));

/** By the letter: one day after the other, on the calendar of the zone. */
function dayByDay(instant: number, count: number, zone: string, { workingDays, holidays }: BusinessCalendar): number {
  const works = (date: Temporal.PlainDate) =>
    workingDays.includes(date.dayOfWeek) && !holidays.includes(date.toString());
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  let date = local.toPlainDate();
  let time = local.toPlainTime();
  while (!works(date)) {
    date = date.add({ days: 1 });
    time = Temporal.PlainTime.from('00:00');
  }
  for (let left = count; left > 0;) {
    date = date.add({ days: 1 });
    if (works(date)) left -= 1;
  }
  return date.toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

describe('business days', () => {
  it('keep the local time over a weekend and a change of clocks', () => {
    // Friday 10:00 in Berlin, before the clocks go forward on Sunday 2026-03-29.
    const friday = '2026-03-27T09:00:00.000Z';
    expect(after(friday, 1, 'Europe/Berlin')).toBe('2026-03-30T08:00:00.000Z');
    expect(latestBefore('2026-03-30T08:00:00Z', 1, 'Europe/Berlin')).toBe(friday);
  });

  it('count whole weeks', () => {
    expect(after('2026-01-07T15:00:00Z', 10)).toBe('2026-01-21T15:00:00.000Z');
    expect(latestBefore('2026-01-21T15:00:00Z', 12)).toBe('2026-01-05T15:00:00.000Z');
  });

  it('are shifted past a gap', () => {
    // Cairo skipped 2023-04-28 (a Friday) from 00:00 to 01:00.
    expect(after('2023-04-26T22:30:00Z', 1, 'Africa/Cairo')).toBe('2023-04-27T22:30:00.000Z');
  });

  it('begin on the next business day for whatever happens on a day off', () => {
    expect(after('2026-01-10T15:00:00Z', 1)).toBe('2026-01-13T00:00:00.000Z');
    expect(after('2026-01-11T23:00:00Z', 1)).toBe('2026-01-13T00:00:00.000Z');
    const holiday = { ...WEEKDAYS, holidays: ['2026-01-12'] };
    expect(after('2026-01-10T15:00:00Z', 1, 'UTC', holiday)).toBe('2026-01-14T00:00:00.000Z');
    expect(after('2026-01-12T15:00:00Z', 1, 'UTC', holiday)).toBe('2026-01-14T00:00:00.000Z');
    expect(latestBefore('2026-01-12T15:00:00Z', 1, 'UTC', holiday)).toBe('2026-01-08T23:59:59.999Z');
  });

  it('are those of a week from Sunday to Thursday as well', () => {
    const calendar = { workingDays: [1, 2, 3, 4, 7], holidays: [] };
    expect(after('2026-01-08T10:00:00Z', 1, 'UTC', calendar)).toBe('2026-01-11T10:00:00.000Z');
    expect(after('2026-01-09T10:00:00Z', 1, 'UTC', calendar)).toBe('2026-01-12T00:00:00.000Z');
  });

  const around = Date.parse('2026-03-27T00:00:00Z');
  const minutes = fc.integer({ min: -40 * 24 * 60, max: 40 * 24 * 60 }).map((each) => around + each * 60_000);
  const calendars = fc.record({
    workingDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    holidays: fc.uniqueArray(
      fc.integer({ min: -50, max: 90 }).map((day) => text(around + day * 86_400_000).slice(0, 10)),
      { maxLength: 40 },
    ),
  });
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati');

  it('are counted as one counts them day by day, whatever the calendar', () => {
    fc.assert(
      fc.property(minutes, fc.integer({ min: 0, max: 30 }), zone, calendars, (start, count, tz, calendar) => {
        expect(text(new BusinessTime(tz, calendar).after(start, count))).toBe(
          text(dayByDay(start, count, tz, calendar)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('are counted as day by day over a thousand days and before 1970', () => {
    const calendar = { workingDays: [2, 4, 6], holidays: ['1965-01-02', '1965-01-05', '1971-07-01'] };
    for (const start of [Date.parse('1964-12-30T10:00:00Z'), Date.parse('1965-01-05T12:00:00Z')]) {
      const time = new BusinessTime('UTC', calendar);
      expect(time.after(start, 1000)).toBe(dayByDay(start, 1000, 'UTC', calendar));
    }
  });

  it('are over exactly when the clock started no later than they are counted back', () => {
    // Zones without a change of clocks, as any weekday may be a business day.
    const steady = fc.constantFrom('UTC', 'Asia/Tokyo', 'Asia/Kathmandu');
    fc.assert(
      fc.property(
        minutes,
        minutes,
        fc.integer({ min: 1, max: 12 }),
        steady,
        calendars,
        (start, now, n, tz, calendar) => {
          const time = new BusinessTime(tz, calendar);
          expect(time.after(start, n) <= now).toBe(start <= time.latestBefore(now, n));
          const due = time.after(start, n);
          expect(time.latestBefore(due, n)).toBeGreaterThanOrEqual(start);
          expect(time.latestBefore(due - 1, n)).toBeLessThan(start);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are over likewise where clocks change on a weekend', () => {
    const changing = fc.constantFrom('Europe/Berlin', 'America/New_York');
    fc.assert(
      fc.property(minutes, minutes, fc.integer({ min: 1, max: 12 }), changing, (start, now, n, tz) => {
        const time = new BusinessTime(tz, WEEKDAYS);
        expect(time.after(start, n) <= now).toBe(start <= time.latestBefore(now, n));
      }),
      { numRuns: 300 },
    );
  });
});

describe('calendar months', () => {
  const months = (instant: string, count: number, zone: string) =>
    text(new BusinessTime(zone, WEEKDAYS).monthsAfter(Date.parse(instant), count));

  it('keep the local time, over changes of clocks', () => {
    expect(months('2026-01-15T09:00:00Z', 3, 'Europe/Berlin')).toBe('2026-04-15T08:00:00.000Z');
    expect(months('2026-01-15T09:00:00Z', 6, 'UTC')).toBe('2026-07-15T09:00:00.000Z');
  });

  it('end on the last day of a month that is too short', () => {
    expect(months('2026-11-30T09:00:00Z', 3, 'UTC')).toBe('2027-02-28T09:00:00.000Z');
    // It is December already in Tokyo.
    expect(months('2026-11-30T16:00:00Z', 3, 'Asia/Tokyo')).toBe('2027-02-28T16:00:00.000Z');
  });

  it('are shifted past a gap', () => {
    expect(months('2025-12-29T01:30:00Z', 3, 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  });
});
