import { createHash } from 'node:crypto';
import { commandIdOf } from '../command-id.js';
import type { CommandRequest } from '../request.js';

/** A request as it comes over HTTP from `u-1`, under a key; the body is told by `fingerprint` alone. */
export function keyedRequest(key: string, more: Partial<CommandRequest> = {}): CommandRequest {
  const actor = { id: 'u-1', kind: 'user' } as const;
  return {
    caller: { actor, mayOverride: false },
    commandId: commandIdOf(actor, 'POST', '/v1/test', key),
    keyed: true,
    fingerprint: fingerprint(key),
    correlationId: '00000000-0000-4000-8000-000000000001',
    ...more,
  };
}

/** A digest in place of the HMAC of a body. */
export function fingerprint(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
