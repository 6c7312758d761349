import fc from 'fast-check';
import { encodeAppend, isStorable } from './append-encoding.js';
import { freshStream, sealed } from './contract/sealed-events.js';
import { AppendTooLarge, NO_STREAM } from './port.js';

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 50 }), { minLength: 1, maxLength: 5 });

describe('an encoded append', () => {
  it('counts the UTF-8 bytes of exactly what is stored', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const stream = freshStream();
        const events = sealed(
          stream,
          all.map((text) => ({ text })),
        );
        const encoded = encodeAppend(stream, NO_STREAM, events);
        const stored = encoded.events.map(({ data, metadata }) => data + metadata).join('');
        expect(encoded.bytes).toBe(Buffer.from(stored, 'utf8').length);
        expect(encoded.events.map(({ data }) => JSON.parse(data))).toEqual(events.map(({ data }) => data));
        expect(() => encodeAppend(stream, NO_STREAM, events, encoded.bytes)).not.toThrow();
        expect(() => encodeAppend(stream, NO_STREAM, events, encoded.bytes - 1)).toThrow(AppendTooLarge);
      }),
    );
  });

  it.each(['deal-1', 'settings', 'person-Ünal', 'access-auth0|1:2/3'])('may go to the stream %s', (stream) => {
    expect(isStorable(stream)).toBe(true);
  });

  it.each(['', 'invoice-1', '$settings', 'deal-\n', 'deal-1\u0000', 'deal-\udc00'])('may not go to %j', (stream) => {
    expect(isStorable(stream)).toBe(false);
  });
});
