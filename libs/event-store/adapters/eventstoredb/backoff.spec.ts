import fc from 'fast-check';
import { Backoff } from './backoff.js';

describe('the pause before another attempt', () => {
  it('doubles up to the longest, is random in its upper half, and starts over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 500, max: 60_000 }), (first, longest) => {
        const backoff = new Backoff(first, longest);
        for (let attempt = 0; attempt < 40; attempt += 1) {
          const full = Math.min(longest, first * 2 ** attempt);
          const pause = backoff.next();
          expect(pause >= full / 2 && pause <= full).toBe(true);
        }
        backoff.reset();
        expect(backoff.next()).toBeLessThanOrEqual(first);
      }),
      { numRuns: 30 },
    );
  });
});
