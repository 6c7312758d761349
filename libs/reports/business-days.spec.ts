import fc from 'fast-check';
import { addBusinessDays, subtractBusinessDays } from './business-days.js';

const text = (instant: number): string => new Date(instant).toISOString();

describe('business days', () => {
  it('keep the local time over a weekend and a change of clocks', () => {
    // Friday 10:00 in Berlin, before the clocks go forward on Sunday 2026-03-29.
    const friday = Date.parse('2026-03-27T09:00:00Z');
    expect(text(addBusinessDays(friday, 1, 'Europe/Berlin'))).toBe('2026-03-30T08:00:00.000Z');
    expect(text(subtractBusinessDays(Date.parse('2026-03-30T08:00:00Z'), 1, 'Europe/Berlin'))).toBe(text(friday));
  });

  it('count whole weeks', () => {
    expect(text(addBusinessDays(Date.parse('2026-01-07T15:00:00Z'), 10, 'UTC'))).toBe('2026-01-21T15:00:00.000Z');
    expect(text(subtractBusinessDays(Date.parse('2026-01-21T15:00:00Z'), 12, 'UTC'))).toBe('2026-01-05T15:00:00.000Z');
  });

  it('are shifted past a gap', () => {
    // Cairo skipped 2023-04-28 (a Friday) from 00:00 to 01:00.
    expect(text(addBusinessDays(Date.parse('2023-04-26T22:30:00Z'), 1, 'Africa/Cairo'))).toBe(
      '2023-04-27T22:30:00.000Z',
    );
  });

  it('begin on Monday for whatever happens on a weekend', () => {
    expect(text(addBusinessDays(Date.parse('2026-01-10T15:00:00Z'), 1, 'UTC'))).toBe('2026-01-13T00:00:00.000Z');
    expect(text(addBusinessDays(Date.parse('2026-01-11T23:00:00Z'), 1, 'UTC'))).toBe('2026-01-13T00:00:00.000Z');
  });

  it('are over exactly when the clock started no later than they are counted back', () => {
    const around = Date.parse('2026-03-27T00:00:00Z');
    const offset = fc.integer({ min: -20 * 24 * 60, max: 20 * 24 * 60 }).map((minutes) => around + minutes * 60_000);
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York');
    fc.assert(
      fc.property(offset, offset, fc.integer({ min: 1, max: 12 }), zone, (start, now, days, tz) => {
        expect(addBusinessDays(start, days, tz) <= now).toBe(start <= subtractBusinessDays(now, days, tz));
        const due = addBusinessDays(start, days, tz);
        expect(subtractBusinessDays(due, days, tz)).toBeGreaterThanOrEqual(start);
        expect(subtractBusinessDays(due - 1, days, tz)).toBeLessThan(start);
      }),
      { numRuns: 300 },
    );
  });
});
