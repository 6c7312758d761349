import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { sealedText } from '#domain/personal/sealed-text.js';

/** AES-256-GCM: nonce of 12 bytes, tag of 16; the key's id is authenticated as well. */
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a string under a key of 32 bytes. */
export function seal(plain: string, keyId: string, key: KeyObject): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(keyId));
  const bytes = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return sealedText(keyId, bytes.toString('base64url'));
}

/** Null: the bytes are not what was sealed under this key. */
export function unseal(
  { key: keyId, bytes }: { readonly key: string; readonly bytes: string },
  key: KeyObject,
): string | null {
  const sealed = Buffer.from(bytes, 'base64url');
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(keyId))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8');
  try {
    return plain + decipher.final('utf8');
  } catch {
    return null;
  }
}
