/**
 * A sealed string stands in an event, a state or a row where a personal one would: `sealed:1:<key>:<bytes>`, where
 * `key` names its key in the key vault and `bytes` are base64url (nonce, ciphertext, tag). Clients cannot send one.
 */
export const SEALED = 'sealed:1:';

/** What is read where the key of a sealed string was destroyed. */
export const ERASED = '[erased]';

const FORM = /^sealed:1:([\w-]+):([\w-]+)$/u;

/** The parts of a sealed string; null: it is none, but what somebody wrote. */
export function sealedParts(value: string): { readonly key: string; readonly bytes: string } | null {
  if (!value.startsWith(SEALED)) return null;
  const [, key, bytes] = FORM.exec(value) ?? [];
  return key === undefined || bytes === undefined ? null : { key, bytes };
}

export function sealedText(key: string, bytes: string): string {
  return `${SEALED}${key}:${bytes}`;
}

/** The key that a sealed string is under; null: the string is plain. */
export function keyOfSealed(value: string): string | null {
  return sealedParts(value)?.key ?? null;
}
