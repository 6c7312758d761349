import { StoreUnavailable } from '../../port.js';

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Errors that the server answers in-band have a class, but no message.
  return error.message === '' ? error.name : error.message;
}

export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(messageOf(reason));
}

/** A read that failed; nothing is ever written by one. */
export function readFailure(error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error;
  return new StoreUnavailable(`EventStoreDB cannot be read: ${messageOf(error)}`, true, { cause: error });
}

/**
 * Whether a read may have failed because no record begins at its position: the server answers UNKNOWN, newer ones
 * INVALID_ARGUMENT (gRPC codes 2 and 3), and is well otherwise.
 */
export function mayBeginNowhere(error: unknown): boolean {
  if (!(error instanceof StoreUnavailable)) return false;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && (cause.code === 2 || cause.code === 3);
}

export function closed(): StoreUnavailable {
  return new StoreUnavailable('the event store is closed', true);
}
