import fc from 'fast-check';
import { DEALS } from '#views/deals/deals.schema.js';
import { InvalidInput } from '../errors.js';
import { Cursors } from './cursor.js';

describe('a cursor', () => {
  const cursors = new Cursors(DEALS, [{ owner: ['u-1'] }, 'touch']);

  it('brings back the place that it was made from', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (keyset) => {
        expect(cursors.decode(cursors.encode(keyset))).toEqual(keyset);
      }),
    );
    expect(cursors.decode(cursors.encode(null))).toBeNull();
  });

  it('belongs to its filter and sort', () => {
    const cursor = cursors.encode([1, 'a']);
    for (const other of [[{ owner: ['u-2'] }, 'touch'], [{ owner: ['u-1'] }, '-value'], []]) {
      expect(() => new Cursors(DEALS, other).decode(cursor)).toThrow(InvalidInput);
    }
  });

  it('belongs to its list', () => {
    const other = new Cursors({ ...DEALS, view: 'leads' }, [{ owner: ['u-1'] }, 'touch']);
    expect(refusal(other, cursors.encode([1, 'a']))).toBe('invalid-request');
  });

  it('expires when the view is cut over', () => {
    const cursor = cursors.encode([1, 'a']);
    const next = new Cursors({ ...DEALS, version: DEALS.version + 1 }, [{ owner: ['u-1'] }, 'touch']);
    expect(refusal(next, cursor)).toBe('cursor-expired');
  });

  it('that was made up is refused, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(() => cursors.decode(text)).toThrow(InvalidInput);
        },
      ),
    );
  });
});

/** The code of the refusal; null: the cursor was taken. */
function refusal(cursors: Cursors, cursor: string | null): string | null {
  try {
    cursors.decode(cursor);
    return null;
  } catch (error) {
    return error instanceof InvalidInput ? error.code : String(error);
  }
}
