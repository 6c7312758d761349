import fc from 'fast-check';
import { decodeText, encodeText, endOfPrefix } from './text.js';

describe('texts in SQLite', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('\u0000', '\u0001', '\u0002', '\u0003', '\u0004'), fc.string()),
  });

  it('come back as they were, and keep their order and their parts', () => {
    const order = (a: string, b: string): number => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const property = fc.property(text, text, (a, b) => {
      expect(decodeText(encodeText(a))).toBe(a);
      expect(encodeText(a)).not.toContain('\u0000');
      expect(order(encodeText(a), encodeText(b))).toBe(order(a, b));
      expect(encodeText(a).includes(encodeText(b))).toBe(a.includes(b));
      expect(encodeText(a + b).includes(encodeText(b))).toBe(true);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('with a prefix are those from it up to its end', () => {
    const any = fc.string({ unit: fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}') });
    const property = fc.property(any, any, (prefix, value) => {
      const bytes = (one: string): Buffer => Buffer.from(one);
      const end = endOfPrefix(prefix);
      const inRange =
        Buffer.compare(bytes(value), bytes(prefix)) >= 0 &&
        (end === null || Buffer.compare(bytes(value), bytes(end)) < 0);
      expect(inRange).toBe(value.startsWith(prefix));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
