import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { keyFor } from '../master-key.js';

/** A key of personal data, in bytes. */
export const KEY_BYTES = 32;

const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D, 8.2.2: random, for less than 2^32 keys under one master key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts keys under the master key: nonce, ciphertext, tag. Each is bound to its id, so that one cannot be put in the
 * place of another.
 */
export class KeyWrap {
  readonly #key: KeyObject;

  constructor(master: Buffer) {
    this.#key = createSecretKey(keyFor(master, 'key-vault'));
  }

  wrap(id: string, key: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(id));
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  }

  /** Null: wrapped under another master key, for another id, or damaged. */
  unwrap(id: string, wrapped: Uint8Array): KeyObject | null {
    if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) return null;
    const decipher = createDecipheriv(ALGORITHM, this.#key, wrapped.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(id)).setAuthTag(wrapped.subarray(-TAG_BYTES));
    const key = decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      decipher.final();
      return createSecretKey(key);
    } catch {
      return null;
    } finally {
      key.fill(0);
    }
  }
}
