import fc from 'fast-check';
import { MoneySums } from './money-list.js';
import { daysOfRatio, Durations, percentileInHundredths } from './percentiles.js';
import { ratio } from './ratio.js';
import { LowestIds } from './lowest-ids.js';

describe('a ratio', () => {
  it('has six decimals, rounded half-even', () => {
    expect(ratio(2, 3)).toBe(0.666667);
    expect(ratio(1, 2_000_000)).toBe(0);
    expect(ratio(3, 2_000_000)).toBe(0.000002);
    expect(ratio(-1, 3)).toBe(-0.333333);
  });

  it('is nothing, not 0 and not 100 %, of nothing', () => {
    expect(ratio(0, 0)).toBeNull();
    expect(ratio(5, 0n)).toBeNull();
  });
});

describe('percentiles', () => {
  it('interpolate between the closest ranks', () => {
    // R: quantile(c(1, 2, 3, 4), c(.5, .9), type = 7)
    expect(percentileInHundredths([1, 2, 3, 4], 50)).toBe(250n);
    expect(percentileInHundredths([1, 2, 3, 4], 90)).toBe(370n);
    expect(percentileInHundredths([7], 90)).toBe(700n);
    expect(percentileInHundredths([], 50)).toBeNull();
  });

  it('lie between the smallest and the largest, whatever they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const sorted = [...values].sort((a, b) => a - b);
        const percentile = Number(percentileInHundredths(sorted, percent)) / 100;
        expect(percentile).toBeGreaterThanOrEqual(sorted[0] ?? 0);
        expect(percentile).toBeLessThanOrEqual(sorted.at(-1) ?? 0);
      }),
    );
  });

  it('are days of 86,400 s with four decimals', () => {
    const durations = new Durations();
    for (const days of [1, 2, 4]) durations.add(days * 86_400_000);
    expect(durations.meanDays()).toBe(2.3333);
    expect(durations.percentileDays(50)).toBe(2);
    expect(durations.percentileDays(90)).toBe(3.6);
    expect(daysOfRatio(4320n, 1n)).toBe(0);
    expect(new Durations().meanDays()).toBeNull();
  });
});

describe('sums of money', () => {
  it('never add one currency to another', () => {
    const sums = new MoneySums();
    sums.add('USD', 5n);
    sums.add('EUR', 100);
    sums.add('EUR', 2n ** 70n);
    expect(sums.list()).toEqual([
      { amount: '11805916207174113035.24', currency: 'EUR' },
      { amount: '0.05', currency: 'USD' },
    ]);
  });

  it('round what is weighted half-even, once', () => {
    const sums = new MoneySums();
    sums.add('EUR', 25_000n);
    expect(sums.weightedList()).toEqual([{ amount: '0.02', currency: 'EUR' }]);
    sums.add('EUR', 10_000n);
    expect(sums.weightedList()).toEqual([{ amount: '0.04', currency: 'EUR' }]);
  });
});

describe('the lowest ids of a stream', () => {
  it('are the pages of the sorted list, whatever the order they come in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 5 }), (ids, limit) => {
        const pages: string[] = [];
        for (let after: string | null = null; ;) {
          const lowest: LowestIds<null> = new LowestIds(after, limit);
          for (const id of ids) lowest.add(id, null);
          const { items, isLast } = lowest.result();
          expect(lowest.n).toBe(ids.length);
          pages.push(...items.map(([id]) => id));
          if (isLast) break;
          after = items.at(-1)?.[0] ?? null;
        }
        expect(pages).toEqual([...ids].sort());
      }),
    );
  });
});
