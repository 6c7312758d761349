import currencies from 'currency-codes';
import fc from 'fast-check';
import { CURRENCY_CODES } from './currency.js';
import {
  fromMinor,
  isNegative,
  minorDigits,
  parseMoney,
  roundHalfEven,
  sameMoney,
  toMinor,
  weightedMinor,
} from './money.js';

const amount = (text: string, currency = 'EUR') => parseMoney({ amount: text, currency });
const written = (text: string, currency = 'EUR') => {
  const parsed = amount(text, currency);
  return parsed.ok ? parsed.money.amount : `${parsed.path}: ${parsed.message}`;
};

describe('currencies', () => {
  // ISO 4217 gives these no minor unit ("N.A."); the package writes 0 for them.
  const withoutMinorUnit = ['XAG', 'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XPD', 'XPT', 'XSU', 'XTS', 'XUA', 'XXX'];
  // In force since 2025-03-31, after the package's list was published.
  const since = ['XCG'];

  it('are those of ISO 4217 that have a minor unit', () => {
    const listed = currencies.codes().filter((code) => !withoutMinorUnit.includes(code));
    expect(CURRENCY_CODES).toEqual([...listed, ...since].sort());
    for (const code of listed) expect([code, minorDigits(code)]).toEqual([code, currencies.code(code)?.digits]);
  });

  it('are written in capitals, and nothing else is one', () => {
    for (const code of ['eur', 'EURO', '', 'XXX', 'ABC', 'constructor']) expect(minorDigits(code)).toBeNull();
  });
});

describe('money from outside', () => {
  it.each([
    ['1', 'EUR', '1.00'],
    ['0.1', 'EUR', '0.10'],
    ['-5.25', 'EUR', '-5.25'],
    ['-0', 'EUR', '0.00'],
    ['-0.00', 'EUR', '0.00'],
    ['007', 'EUR', '7.00'],
    ['12', 'JPY', '12'],
    ['1.2345', 'CLF', '1.2345'],
    ['1.5', 'KWD', '1.500'],
    ['9999999999999.99', 'EUR', '9999999999999.99'],
  ])('writes %s %s as %s', (text, currency, expected) => {
    expect(written(text, currency)).toBe(expected);
  });

  it.each(['', ' 1', '1 ', '+1', '1e3', '.5', '5.', '1,5', '0x10', 'NaN', '--1', '١', '1\n', '1_000'])(
    'refuses the amount %j',
    (text) => {
      expect(amount(text)).toMatchObject({ ok: false, path: '/amount' });
    },
  );

  it('refuses more decimals than the currency has', () => {
    expect(written('1.000')).toBe('/amount: EUR has at most 2 decimals');
    expect(written('1.0', 'JPY')).toBe('/amount: JPY has at most 0 decimals');
  });

  it('refuses more than 15 digits, minor ones included', () => {
    expect(written('10000000000000')).toBe('/amount: must have at most 15 digits in all');
    expect(written('1000000000000000', 'JPY')).toMatch(/^\/amount/);
  });

  it('says where it is wrong', () => {
    for (const value of [null, 5, '5 EUR', [], undefined]) {
      expect(parseMoney(value)).toMatchObject({ ok: false, path: '' });
    }
    const odd = { amount: '1', currency: 'EUR', 'a/~b': 2 };
    expect(parseMoney(odd)).toMatchObject({ ok: false, path: '/a~1~0b' });
    expect(parseMoney({ amount: '1' })).toMatchObject({ ok: false, path: '/currency' });
    expect(parseMoney({ amount: '1', currency: 'XXX' })).toMatchObject({ ok: false, path: '/currency' });
    expect(parseMoney({ currency: 'EUR' })).toMatchObject({ ok: false, path: '/amount' });
    expect(parseMoney({ amount: 1, currency: 'EUR' })).toMatchObject({ ok: false, path: '/amount' });
  });

  it('takes a megabyte of zeros without hanging', () => {
    expect(amount(`${'0'.repeat(1_000_000)}x`).ok).toBe(false);
    expect(written(`${'0'.repeat(1_000_000)}1`)).toBe('1.00');
  });
});

describe('minor units', () => {
  it('go there and back for every amount and currency', () => {
    const units = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 });
    fc.assert(
      fc.property(units, fc.constantFrom(...CURRENCY_CODES), (minor, currency) => {
        const money = fromMinor(minor, currency);
        expect(parseMoney(money)).toEqual({ ok: true, money });
        expect(toMinor(money)).toBe(minor);
      }),
    );
  });

  it('of a sum may be larger than a single amount', () => {
    expect(fromMinor(-123_456_789_012_345_678_901n, 'EUR').amount).toBe('-1234567890123456789.01');
  });

  it('never has a negative zero', () => {
    expect(Object.is(toMinor({ amount: '-0.00', currency: 'EUR' }), 0)).toBe(true);
    expect(fromMinor(-0, 'EUR').amount).toBe('0.00');
  });

  it('refuses what is no money', () => {
    expect(() => toMinor({ amount: '1e3', currency: 'EUR' })).toThrow(RangeError);
    expect(() => fromMinor(1, 'XXX')).toThrow(RangeError);
    expect(() => fromMinor(0.5, 'EUR')).toThrow(RangeError);
  });

  it('compare by amount and currency', () => {
    const [one, other] = [
      { amount: '1.00', currency: 'EUR' },
      { amount: '1.00', currency: 'USD' },
    ];
    expect([sameMoney(one, { ...one }), sameMoney(one, other), sameMoney(one, null), sameMoney(null, null)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect([isNegative(null), isNegative(one), isNegative({ ...one, amount: '-0.01' })]).toEqual([false, false, true]);
  });
});

describe('rounding', () => {
  it('takes halves to the even one, on both sides of zero', () => {
    const halves = [-5n, -3n, -1n, 1n, 3n, 5n].map((n) => roundHalfEven(n, 2n));
    expect(halves).toEqual([-2n, -2n, 0n, 0n, 2n, 2n]);
    expect([roundHalfEven(7n, -2n), roundHalfEven(-7n, -3n), roundHalfEven(8n, 3n)]).toEqual([-4n, 2n, 3n]);
  });

  it('is never further off than a half, and even at a half', () => {
    const denominator = fc.bigInt({ min: -1_000n, max: 1_000n }).filter((d) => d !== 0n);
    fc.assert(
      fc.property(fc.bigInt(), denominator, (n, d) => {
        const rounded = roundHalfEven(n, d);
        const [off, half] = [abs((n - rounded * d) * 2n), abs(d)];
        expect(off <= half).toBe(true);
        if (off === half) expect(rounded % 2n).toBe(0n);
      }),
    );
  });

  it('has no ratio to nothing', () => {
    expect(() => roundHalfEven(1n, 0n)).toThrow(RangeError);
  });

  const abs = (n: bigint) => (n < 0n ? -n : n);
});

describe('weighted value', () => {
  it('of ten deals of 100,000 at 60 % is 600,000', () => {
    const deals = Array.from({ length: 10 }, () => ({ minor: 10_000_000, probability: 0.6 }));
    expect(weightedMinor(deals)).toBe(60_000_000n);
  });

  it('is rounded once, at the end', () => {
    expect(weightedMinor([{ minor: 1, probability: 0.5 }])).toBe(0n);
    const three = Array.from({ length: 3 }, () => ({ minor: 1, probability: 0.5 }));
    expect(weightedMinor(three)).toBe(2n);
    expect(weightedMinor([{ minor: 100n, probability: 0.0049 }])).toBe(0n);
    expect(weightedMinor([])).toBe(0n);
  });

  it('is exact for every probability of four decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (parts) => {
        expect(weightedMinor([{ minor: 10_000, probability: parts / 10_000 }])).toBe(BigInt(parts));
      }),
    );
  });
});
