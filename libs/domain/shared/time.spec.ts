import fc from 'fast-check';
import { isCivilDate } from './civil-date.js';
import { durationMs, monthsOf, parseDelay, parseDuration } from './duration.js';
import { formatInstant, parseInstant } from './instant.js';

describe('a civil date', () => {
  it.each(['2026-03-01', '2024-02-29', '2000-02-29', '1900-01-01', '2200-12-31'])('can be %s', (text) => {
    expect(isCivilDate(text)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '1899-12-31',
    '2201-01-01',
    '0000-01-01',
    '2026-3-1',
    '20260301',
    '2026-03-01T00:00:00Z',
    '2026-03-01\n',
    '',
  ])('cannot be %j', (text) => {
    expect(isCivilDate(text)).toBe(false);
  });

  it('is one exactly when the calendar has it', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(fc.integer({ min: 1850, max: 2250 }), part(14), part(33), (year, month, day) => {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(Date.UTC(year, month - 1, day));
        const real = date.toISOString().startsWith(text) && year >= 1900 && year <= 2200;
        expect(isCivilDate(text)).toBe(real);
      }),
    );
  });
});

describe('an instant', () => {
  it.each([
    ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01t09:00:00z', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01T10:00:00+01:00', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01T00:30:00+05:45', '2026-02-28T18:45:00.000Z'],
    ['2026-03-01T00:00:00-00:00', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T09:00:00.5Z', '2026-03-01T09:00:00.500Z'],
    ['2026-03-01T09:00:00.123999999Z', '2026-03-01T09:00:00.123Z'],
    ['1900-01-01T00:00:00Z', '1900-01-01T00:00:00.000Z'],
    ['1899-12-31T23:30:00-01:00', '1900-01-01T00:30:00.000Z'],
    ['2200-12-31T23:59:59.999Z', '2200-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, expected) => {
    expect(formatInstant(parseInstant(text) ?? NaN)).toBe(expected);
  });

  it.each([
    '2026-03-01T09:00:00',
    '2026-03-01',
    '2026-03-01 09:00:00Z',
    '2026-03-01T09:00Z',
    '2026-02-29T09:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-03-01T09:00:00+24:00',
    '2026-03-01T09:00:00+01:60',
    '2026-03-01T09:00:00+0100',
    '2026-03-01T09:00:00.Z',
    '0000-01-01T00:00:00Z',
    '0026-03-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '1900-01-01T00:00:00+01:00',
    '2200-12-31T23:59:59-01:00',
    '+002026-03-01T09:00:00Z',
    '',
  ])('is not %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it('goes there and back', () => {
    const years = { min: Date.UTC(1900, 0, 1), max: Date.UTC(2201, 0, 1) - 1 };
    fc.assert(fc.property(fc.integer(years), (ms) => parseInstant(formatInstant(ms)) === ms));
  });
});

describe('a duration', () => {
  it.each([
    ['P14D', 14 * 86_400_000],
    ['PT36H', 36 * 3_600_000],
    ['P3650D', 3650 * 86_400_000],
  ])('%s lasts %d ms', (spec, ms) => {
    expect(parseDuration(spec)).toEqual({ ok: true, duration: spec });
    expect(durationMs(spec)).toBe(ms);
  });

  it('may be in business days', () => {
    expect(parseDuration({ businessDays: 10 })).toEqual({ ok: true, duration: { businessDays: 10 } });
  });

  it.each([
    'P0D',
    'PT0H',
    'P014D',
    'P2W',
    'P1M',
    'P1DT2H',
    'PT30M',
    '-P1D',
    'P1.5D',
    'p14d',
    'P3651D',
    'PT87601H',
    'P99999999999999999999D',
    '',
    14,
    null,
    undefined,
    [],
    {},
    { businessDays: 0 },
    { businessDays: 1001 },
    { businessDays: 1.5 },
    { businessDays: '10' },
    { businessDays: 10, hours: 3 },
  ])('is not %j', (spec) => {
    expect(parseDuration(spec)).toMatchObject({ ok: false });
  });

  it('has no milliseconds when it is none', () => {
    expect(() => durationMs('P2W')).toThrow(RangeError);
  });
});

describe('a delay', () => {
  it('is a duration, or calendar months', () => {
    for (const spec of ['P14D', 'PT36H', 'P3M', 'P120M'])
      expect(parseDelay(spec)).toEqual({ ok: true, duration: spec });
    expect(parseDelay({ businessDays: 2 })).toEqual({ ok: true, duration: { businessDays: 2 } });
    expect([monthsOf('P3M'), monthsOf('P3D'), monthsOf('PT3H')]).toEqual([3, null, null]);
  });

  it.each(['P0M', 'P03M', 'P121M', 'P1Y', 'P1M1D', 'PT3M', 3, null, { months: 3 }])('is not %j', (spec) => {
    expect(parseDelay(spec)).toMatchObject({ ok: false });
  });
});
