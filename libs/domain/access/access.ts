import type { Recorded } from '../shared/decision.js';

/** These names and shapes are the stored format of `access-main`: version them with care. */
export type Role = 'rep' | 'manager' | 'analyst' | 'auditor' | 'admin';

/** The key itself is never stored, only its SHA-256 (lower-case hex). */
export interface ApiKeyIssued {
  readonly type: 'ApiKeyIssued';
  readonly data: { readonly keyId: string; readonly name: string; readonly role: Role; readonly sha256: string };
}

export type AccessEvent = ApiKeyIssued;

export interface AccessState {
  /** By the key's SHA-256. */
  readonly keys: Readonly<Record<string, { readonly keyId: string; readonly name: string; readonly role: Role }>>;
}

export function evolveAccess(state: AccessState | null, event: Recorded<AccessEvent>): AccessState {
  const { sha256, ...key } = event.data;
  return { keys: { ...state?.keys, [sha256]: key } };
}
