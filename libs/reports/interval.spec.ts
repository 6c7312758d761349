import { bucketsOf, civilDays, intervalOf, previousDates, startOfDate } from './interval.js';

describe('a civil date in a zone', () => {
  it('starts at midnight there', () => {
    expect(new Date(startOfDate('2026-01-01', 'Europe/Berlin')).toISOString()).toBe('2025-12-31T23:00:00.000Z');
    expect(new Date(startOfDate('2026-04-01', 'Europe/Berlin')).toISOString()).toBe('2026-03-31T22:00:00.000Z');
  });

  it('starts at its first existing instant where the clocks skip midnight', () => {
    expect(new Date(startOfDate('2018-11-04', 'America/Sao_Paulo')).toISOString()).toBe('2018-11-04T03:00:00.000Z');
  });
});

describe('an interval of civil dates', () => {
  it('is 25 hours long on the day that the clocks go back', () => {
    const { from, to } = intervalOf({ from: '2026-10-25', to: '2026-10-26' }, 'Europe/Berlin');
    expect((to - from) / 3_600_000).toBe(25);
    expect(civilDays({ from: '2026-10-25', to: '2026-10-26' })).toBe(1);
  });

  it('is refused when it ends before it begins', () => {
    expect(() => intervalOf({ from: '2026-02-01', to: '2026-02-01' }, 'UTC')).toThrow(RangeError);
  });

  it('comes after as many days', () => {
    expect(previousDates({ from: '2026-03-01', to: '2026-04-01' })).toEqual({ from: '2026-01-29', to: '2026-03-01' });
  });
});

describe('buckets', () => {
  it('of weeks begin on Monday and are cut to the window', () => {
    expect(bucketsOf({ from: '2026-01-01', to: '2026-01-14' }, 'week')).toEqual([
      { from: '2026-01-01', to: '2026-01-05' },
      { from: '2026-01-05', to: '2026-01-12' },
      { from: '2026-01-12', to: '2026-01-14' },
    ]);
  });

  it('of months and quarters are those of the calendar', () => {
    expect(bucketsOf({ from: '2026-01-31', to: '2026-03-01' }, 'month')).toEqual([
      { from: '2026-01-31', to: '2026-02-01' },
      { from: '2026-02-01', to: '2026-03-01' },
    ]);
    expect(bucketsOf({ from: '2025-12-15', to: '2026-07-01' }, 'quarter')).toEqual([
      { from: '2025-12-15', to: '2026-01-01' },
      { from: '2026-01-01', to: '2026-04-01' },
      { from: '2026-04-01', to: '2026-07-01' },
    ]);
  });

  it('of days are one for each date', () => {
    expect(bucketsOf({ from: '2026-02-27', to: '2026-03-02' }, 'day')).toHaveLength(3);
  });
});
