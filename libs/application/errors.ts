import type { Rejection } from '#domain/shared/rejection.js';
import type { Actor } from '#domain/shared/decision.js';

/** A decider said no. */
export class CommandRejected extends Error {
  override readonly name = 'CommandRejected';
  constructor(readonly rejection: Rejection) {
    super(rejection.detail);
  }
}

/** The client's `If-Match` is not the present revision. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision';
  constructor(
    readonly expected: number,
    readonly actual: number,
    /** What happened since, as far as it is known. */
    readonly since: readonly { revision: number; type: string; actor: Actor; occurredAt: string }[],
  ) {
    super(`the resource is at revision ${actual}, not ${expected}`);
  }
}

/** The key was used for another request. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';
  constructor() {
    super('this Idempotency-Key was used for another request');
  }
}

/** Every retry met another writer. */
export class CommandConflict extends Error {
  override readonly name = 'CommandConflict';
  constructor(readonly stream: string) {
    super(`too many writers on ${stream}`);
  }
}

/** The store did not say whether the events were stored; the same key will tell. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  constructor(options?: ErrorOptions) {
    super('the event store did not confirm the append in time', options);
  }
}

/** A view has not come so far in time; nothing was written. */
export class ViewBehind extends Error {
  override readonly name = 'ViewBehind';
  constructor(
    readonly view: string,
    /** Where it is; null: nowhere yet. */
    readonly position: bigint | null,
    /** The log's end. */
    readonly head: bigint | null,
    /** The age of the first event that the view lacks. */
    readonly seconds: number,
  ) {
    super(`the view ${view} is behind`);
  }
}

/** There is no such resource, or the caller may not see it. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  constructor(
    readonly code: 'not-found' | 'unknown-revision' = 'not-found',
    message = 'There is no such resource.',
  ) {
    super(message);
  }
}

/** Input that only the application can judge. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  constructor(
    /** JSON pointer into the body, or `?name` for a query parameter. */
    readonly path: string,
    message: string,
    readonly code:
      'invalid-request' | 'unsupported-combination' | 'cursor-expired' | 'occurred-in-future' = 'invalid-request',
  ) {
    super(message);
  }
}
