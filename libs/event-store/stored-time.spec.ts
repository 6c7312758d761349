import fc from 'fast-check';
import { parseStoredTime } from './stored-time.js';

describe('a stored time', () => {
  it('is read as Date.parse reads it', () => {
    const instant = fc.oneof(
      fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
    );
    const property = fc.property(instant, (ms) => {
      expect(parseStoredTime(new Date(ms).toISOString())).toBe(ms);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('of another or a broken form is what Date.parse says of it', () => {
    const stored = '2026-03-01T09:30:15.250Z';
    const broken = fc
      .tuple(fc.nat(stored.length - 1), fc.constantFrom('0', '2', '6', '9', 'T', ':', '.', 'Z', ' ', '-', 'x'))
      .map(([at, character]) => stored.slice(0, at) + character + stored.slice(at + 1));
    const other = fc.constantFrom('2026-03-01', '2026-03-01T09:30:00Z', '2026-03-01T09:30:15.250+02:00', '', 'soon');
    const property = fc.property(fc.oneof(broken, other), (time) => {
      expect(parseStoredTime(time)).toBe(Date.parse(time));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
