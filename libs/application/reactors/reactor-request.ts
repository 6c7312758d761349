import type { CommandRequest } from '../request.js';

/** Of no request: the fingerprint is that of nothing. */
const NO_FINGERPRINT = '0'.repeat(64);

/**
 * What comes with a command that a reactor gives by itself, in nobody's name.
 * @param commandId derived from what it is given for, if it is to be done once
 * @param correlationId of the event that it follows from
 */
export function reactorRequest(reactor: string, commandId: string, correlationId: string): CommandRequest {
  return {
    caller: { actor: { id: reactor, kind: 'reactor' }, mayOverride: false },
    commandId,
    keyed: false,
    fingerprint: NO_FINGERPRINT,
    correlationId,
  };
}
