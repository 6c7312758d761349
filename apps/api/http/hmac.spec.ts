import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { hmacOf } from './hmac.js';

describe('the fingerprint of requests', () => {
  it('is the HMAC-SHA-256 that node:crypto computes, under keys and of texts of any length', () => {
    const key = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(key, fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 3 }), (secret, texts) => {
        const hmac = hmacOf(secret);
        for (const text of texts) {
          expect(hmac(text)).toBe(createHmac('sha256', secret).update(text, 'utf8').digest('hex'));
        }
      }),
    );
  });
});
