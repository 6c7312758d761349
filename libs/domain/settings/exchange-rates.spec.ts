import fc from 'fast-check';
import {
  convertedMinor,
  isRate,
  latestRates,
  NO_RATES,
  rateOf,
  rateOn,
  ratesBetween,
  withRates,
} from './exchange-rates.js';
import type { RateChange } from './exchange-rates.js';

const usd = (date: string, rate: string | null): RateChange => ({ currency: 'USD', date, rate });
const RATES = withRates(NO_RATES, 'EUR', [
  usd('2025-12-31', '0.9'),
  usd('2026-03-01', '0.92'),
  usd('2026-02-01', '0.91'),
]);

describe('exchange rates', () => {
  it('are looked up at the latest date on or before, also of a year before', () => {
    expect(rateOn(RATES, 'EUR', 'USD', '2025-12-30')).toBeNull();
    expect(rateOn(RATES, 'EUR', 'USD', '2026-01-31')).toEqual({ date: '2025-12-31', rate: '0.9' });
    expect(rateOn(RATES, 'EUR', 'USD', '2026-02-28')).toEqual({ date: '2026-02-01', rate: '0.91' });
    expect(rateOn(RATES, 'EUR', 'USD', '2199-01-01')).toEqual({ date: '2026-03-01', rate: '0.92' });
    expect(rateOn(RATES, 'USD', 'EUR', '2026-02-28')).toBeNull();
  });

  it('can be withdrawn and corrected, a day at a time', () => {
    const changed = withRates(RATES, 'EUR', [usd('2026-02-01', null), usd('2026-03-01', '0.93')]);
    expect(rateOf(changed, 'EUR', 'USD', '2026-02-01')).toBeNull();
    expect(ratesBetween(changed, '2025-01-01', '2027-01-01').map(({ rate }) => rate)).toEqual(['0.9', '0.93']);
    expect(ratesBetween(RATES, '2026-02-01', '2026-03-01')).toEqual([
      { base: 'EUR', currency: 'USD', date: '2026-02-01', rate: '0.91' },
    ]);
    expect(latestRates(changed, '2026-02-15')).toEqual([
      { base: 'EUR', currency: 'USD', date: '2025-12-31', rate: '0.9' },
    ]);
  });

  it.each(['1', '0.5', '1234.0000000001', '999999999999'])('can be %s', (rate) => {
    expect(isRate(rate)).toBe(true);
  });
  it.each(['0', '0.000', '-1', '1e3', '01', '.5', '1.', '1.00000000001', '1000000000000', ''])(
    'cannot be %j',
    (rate) => {
      expect(isRate(rate)).toBe(false);
    },
  );

  it('say of any day what a plain search over all of them says, however they came', () => {
    const date = fc
      .tuple(fc.integer({ min: 2024, max: 2026 }), fc.integer({ min: 1, max: 28 }))
      .map(([year, day]) => `${year}-02-${String(day).padStart(2, '0')}`);
    const change = fc.record({
      currency: fc.constantFrom('USD', 'GBP'),
      date,
      rate: fc.constantFrom('1', '2', '3', null),
    });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 5 })), date, (commands, asked) => {
        let rates = NO_RATES;
        const plain = new Map<string, string | null>();
        for (const changes of commands) {
          rates = withRates(rates, 'EUR', changes);
          for (const { currency, date: on, rate } of changes) plain.set(`${currency} ${on}`, rate);
        }
        for (const currency of ['USD', 'GBP']) {
          const days = [...plain.entries()].filter(([key, rate]) => key.startsWith(currency) && rate !== null);
          const last = days
            .map(([key]) => key.slice(4))
            .filter((on) => on <= asked)
            .sort()
            .at(-1);
          expect(rateOn(rates, 'EUR', currency, asked)?.date).toBe(last);
          if (last !== undefined) {
            expect(rateOn(rates, 'EUR', currency, asked)?.rate).toBe(plain.get(`${currency} ${last}`));
          }
        }
      }),
    );
  });
});

describe('converted money', () => {
  it('is rounded half-even once, over all currencies and digits', () => {
    // 0.5 cents of each: one whole cent, where two roundings would give none.
    expect(
      convertedMinor(
        [
          { currency: 'USD', minor: 1n, rate: '0.5' },
          { currency: 'GBP', minor: 1n, rate: '0.5' },
        ],
        'EUR',
      ),
    ).toBe(1n);
    expect(convertedMinor([{ currency: 'USD', minor: 1n, rate: '0.5' }], 'EUR')).toBe(0n);
    // 100 yen have no minor digits, 1.000 dinars have three.
    expect(convertedMinor([{ currency: 'JPY', minor: 100n, rate: '0.0061' }], 'EUR')).toBe(61n);
    expect(convertedMinor([{ currency: 'KWD', minor: 1000n, rate: '3' }], 'EUR')).toBe(300n);
    expect(convertedMinor([{ currency: 'EUR', minor: 250n, rate: '160' }], 'JPY')).toBe(400n);
    expect(convertedMinor([{ currency: 'EUR', minor: 5_000n, rate: '1' }], 'EUR', 10_000n)).toBe(0n);
    expect(convertedMinor([{ currency: 'EUR', minor: 15_000n, rate: '1' }], 'EUR', 10_000n)).toBe(2n);
    expect(() => convertedMinor([{ currency: 'XXX', minor: 1n, rate: '1' }], 'EUR')).toThrow(RangeError);
  });
});
