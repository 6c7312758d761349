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

export function closed(): StoreUnavailable {
  return new StoreUnavailable('the event store is closed', true);
}
