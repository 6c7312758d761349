import { InvalidBody } from '#application/validation/validate.js';
import {
  CommandConflict,
  CommandRejected,
  IdempotencyKeyReused,
  InvalidInput,
  NotFound,
  OutcomeUnknown,
  StaleRevision,
  ViewBehind,
} from '#application/errors.js';
import { REJECTION_CODES } from '#domain/shared/rejection.js';
import { AppendTooLarge, StoreUnavailable } from '#event-store/port.js';
import { KeyVaultUnusable } from '#platform/key-vault/port.js';
import { UnsupportedCombination } from '#reports/filters.js';
import { InvalidKeyset, ViewStoreUnavailable, ViewStoreUnusable } from '#view-store/port.js';

/** Status and title of every code (contract.md, "Errors"); 409 for what a decider refuses. */
const CODES: Readonly<Record<string, readonly [status: number, title: string]>> = {
  'invalid-request': [400, 'Invalid request'],
  'unknown-parameter': [400, 'Unknown parameter'],
  'unsupported-combination': [400, 'Unsupported combination'],
  'occurred-in-future': [400, 'Occurred in the future'],
  'cursor-expired': [400, 'Cursor expired'],
  unauthenticated: [401, 'Unauthenticated'],
  forbidden: [403, 'Forbidden'],
  'override-not-allowed': [403, 'Override not allowed'],
  'not-found': [404, 'Not found'],
  'unknown-revision': [404, 'Unknown revision'],
  'method-not-allowed': [405, 'Method not allowed'],
  'stale-revision': [412, 'Changed meanwhile'],
  'body-too-large': [413, 'Body too large'],
  'append-too-large': [413, 'Append too large'],
  'unsupported-media-type': [415, 'Unsupported media type'],
  'idempotency-key-reused': [422, 'Idempotency key reused'],
  'invalid-idempotency-key': [422, 'Invalid idempotency key'],
  'rate-limited': [429, 'Too many requests'],
  internal: [500, 'Internal error'],
  'view-behind': [503, 'View is behind'],
  'view-parked': [503, 'View is parked'],
  'store-unavailable': [503, 'Store unavailable'],
  'outcome-unknown': [503, 'Outcome unknown'],
};

/** Every code with its status. */
export const PROBLEM_CODES: ReadonlyMap<string, number> = new Map([
  ...Object.entries(CODES).map(([code, [status]]) => [code, status] as const),
  ...[...Object.keys(REJECTION_CODES), 'conflict']
    .filter((code) => !Object.hasOwn(CODES, code))
    .map((code) => [code, 409] as const),
]);

/** An error as the client sees it (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly more: {
      readonly errors?: readonly { readonly path: string; readonly message: string }[];
      readonly data?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
  }

  get status(): number {
    return CODES[this.code]?.[0] ?? 409;
  }

  body(traceId: string): Record<string, unknown> {
    return {
      type: `urn:pipeledger:problem:${this.code}`,
      title: CODES[this.code]?.[1] ?? titleOf(this.code),
      status: this.status,
      code: this.code,
      detail: this.detail,
      errors: this.more.errors ?? [],
      data: this.more.data ?? null,
      traceId,
    };
  }
}

/** What the client is told of an error; null when it is a bug of ours. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof CommandRejected) {
    const { rejection } = error;
    const errors = 'path' in rejection ? [{ path: rejection.path, message: rejection.detail }] : [];
    return new Problem(rejection.code, rejection.detail, { errors, data: rejection.data });
  }
  if (error instanceof InvalidBody) return new Problem('invalid-request', error.message, { errors: error.faults });
  if (error instanceof InvalidInput) {
    return new Problem(error.code, '1 field is wrong.', { errors: [{ path: error.path, message: error.message }] });
  }
  if (error instanceof NotFound) return new Problem(error.code, error.message);
  if (error instanceof StaleRevision) {
    const { expected, actual, since } = error;
    return new Problem('stale-revision', 'Somebody changed it meanwhile.', { data: { expected, actual, since } });
  }
  if (error instanceof IdempotencyKeyReused) return new Problem('idempotency-key-reused', error.message);
  if (error instanceof CommandConflict) return new Problem('conflict', 'Too many writers at once: send it again.');
  if (error instanceof AppendTooLarge) return new Problem('append-too-large', error.message);
  if (error instanceof OutcomeUnknown) {
    return new Problem('outcome-unknown', 'Whether it was stored is not known: send it again with the same key.', {
      headers: { 'Retry-After': '1' },
    });
  }
  if (error instanceof ViewBehind) {
    const { view, position, head, seconds } = error;
    return new Problem('view-behind', `The view ${view} has not reached this position yet.`, {
      data: { view, position: String(position ?? 0n), head: String(head ?? 0n), events: null, seconds },
      headers: { 'Retry-After': '1' },
    });
  }
  if (error instanceof StoreUnavailable) {
    return error.nothingWritten
      ? new Problem('store-unavailable', 'The store is out of reach; nothing was written.', {
          headers: { 'Retry-After': '1' },
        })
      : problemOf(new OutcomeUnknown());
  }
  if (error instanceof ViewStoreUnusable) {
    return new Problem('store-unavailable', 'The views are out of order until the operator has them rebuilt.');
  }
  if (error instanceof KeyVaultUnusable) {
    return new Problem(
      'store-unavailable',
      'Keys of personal data are out of order until the operator mends the vault.',
    );
  }
  if (error instanceof ViewStoreUnavailable) {
    return new Problem('store-unavailable', 'The views are out of reach.', { headers: { 'Retry-After': '1' } });
  }
  if (error instanceof UnsupportedCombination) return new Problem('unsupported-combination', error.message);
  if (error instanceof InvalidKeyset) {
    return new Problem('invalid-request', '1 field is wrong.', {
      errors: [{ path: '?cursor', message: 'is not a cursor of this list' }],
    });
  }
  // Nest wraps what Fastify raised.
  return fastifyProblem(error) ?? (error instanceof Error ? fastifyProblem(error.cause) : null);
}

/** Errors that Fastify itself raises before a handler runs. */
function fastifyProblem(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('body-too-large', 'A body holds at most 1 MiB.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported-media-type', 'Send application/json.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_BAD_URL':
      return new Problem('invalid-request', error.message);
    default:
      return null;
  }
}

function titleOf(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
