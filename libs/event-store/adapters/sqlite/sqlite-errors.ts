import { StoreUnavailable } from '../../port.js';

/** The SQLite result code of an error, `SQLITE_BUSY`; empty when it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** Another connection holds the lock; asking again later may succeed. */
export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

/** The disk, or the size that the database is allowed, is full. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_FULL';
}

/** An operator's sentence for an error of the database. */
export function describeFailure(error: unknown, file = 'event log'): string {
  const code = codeOf(error);
  if (isBusy(error)) return `the ${file} is locked by another process`;
  if (isFull(error)) return `the disk of the ${file} is full`;
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return `the ${file} is damaged`;
  return `the ${file} failed: ${messageOf(error)}`;
}

/** A read that failed. */
export function readFailure(error: unknown): StoreUnavailable {
  return new StoreUnavailable(describeFailure(error), true, { cause: error });
}
