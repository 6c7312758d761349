import fc from 'fast-check';
import { end, freshStream, notes, sealed } from '../../contract/sealed-events.js';
import { areSealedFor, refuseStoredElsewhere } from './resend-guard.js';

describe('events that are to be appended', () => {
  it('are known to be sealed for their place, and for no other stream, revision or order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 4 }), (before, count) => {
        const stream = freshStream();
        const first = sealed(stream, notes(before + 1));
        const events = sealed(stream, notes(count), end(first));
        expect(areSealedFor(stream, before, events)).toBe(true);
        expect(areSealedFor(stream, before + 1, events)).toBe(false);
        expect(areSealedFor(freshStream(), before, events)).toBe(false);
        expect(areSealedFor(stream, before, [...events, ...events])).toBe(false);
        expect(areSealedFor(stream, before, [])).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('are refused when they stand elsewhere, and only then', () => {
    const stream = freshStream();
    const events = sealed(stream, notes(4));
    const stored = events.map((event, revision) => ({ ...event, stream, revision, position: BigInt(revision) }));
    expect(() => refuseStoredElsewhere(stored, 3, events.slice(0, 2))).toThrow(RangeError);
    expect(() => refuseStoredElsewhere(stored, 0, events.slice(1, 3))).not.toThrow();
    expect(() => refuseStoredElsewhere(stored, 3, sealed(stream, notes(2), end(events)))).not.toThrow();
  });
});
