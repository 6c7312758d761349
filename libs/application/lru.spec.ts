import fc from 'fast-check';
import { Lru } from './lru.js';

/** Keys, the one used last at the end. */
function usedLast(keys: readonly number[]): number[] {
  return [...new Set(keys.toReversed())].toReversed();
}

describe('a map that forgets', () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 20 }), value: fc.option(fc.integer(), { nil: undefined }) });

  it('keeps what was used last, set or got, with the value set last, and not much more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 100 }), (capacity, steps) => {
        const lru = new Lru<number, number>(capacity);
        const values = new Map<number, number>();
        const used: number[] = [];
        for (const { key, value } of steps) {
          const kept = usedLast(used).slice(-capacity).includes(key);
          if (value === undefined) {
            const got = lru.get(key);
            if (kept || got !== undefined) expect(got).toBe(values.get(key));
            if (got !== undefined) used.push(key);
          } else {
            lru.set(key, value);
            values.set(key, value);
            used.push(key);
          }
        }
        const last = usedLast(used);
        const held = last.filter((key) => lru.get(key) !== undefined);
        expect(held.length).toBeLessThanOrEqual(2 * capacity);
      }),
    );
  });

  it('has each of the last used at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 20 })), (capacity, keys) => {
        const lru = new Lru<number, number>(capacity);
        for (const [index, key] of keys.entries()) lru.set(key, index);
        for (const key of usedLast(keys).slice(-capacity)) expect(lru.get(key)).toBe(keys.lastIndexOf(key));
      }),
    );
  });
});
