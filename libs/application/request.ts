import type { Actor, EpochMs } from '#domain/shared/decision.js';

/** Who calls, and what he may. */
export interface Caller {
  readonly actor: Actor;
  readonly mayOverride: boolean;
}

/** What comes with a command, beside its body. */
export interface CommandRequest {
  readonly caller: Caller;
  /** UUIDv5 of actor, method, path and Idempotency-Key; random without a key. */
  readonly commandId: string;
  /** It came with a key: what it creates gets an id that a retry finds again. */
  readonly keyed: boolean;
  /** HMAC of the canonical request body and query: lower-case hex. */
  readonly fingerprint: string;
  readonly correlationId: string;
  /** The event that this follows from; left out: it was sent by itself. */
  readonly causationId?: string;
  readonly occurredAt?: EpochMs;
  /** Revision that the client has seen. */
  readonly ifMatch?: number;
}
