import { InvalidKeyset, type ReadRequest, ViewSchemaConflict, type ViewSchema, ViewStoreUnusable } from '../../port.js';
import type { ScanRequest } from './view-reads.js';

/** What is asked of the reading thread. `scan` opens a scan under its id; `next` asks for its next chunk. */
export type ReadsCall =
  | { readonly kind: 'read'; readonly view: ViewSchema; readonly requests: readonly ReadRequest[] }
  | { readonly kind: 'checkpoint'; readonly view: ViewSchema }
  | { readonly kind: 'scan'; readonly scan: number; readonly view: ViewSchema; readonly request: ScanRequest }
  | { readonly kind: 'next'; readonly scan: number }
  | { readonly kind: 'return'; readonly scan: number }
  | { readonly kind: 'close' };

export interface ReadsMessage {
  readonly id: number;
  readonly call: ReadsCall;
}

/** The answer to a call by its id; `opened` is sent once, before all others, when the file is open or refused. */
export type ReadsAnswer =
  | { readonly id: number | 'opened'; readonly value: unknown }
  | { readonly id: number | 'opened'; readonly error: ThrownError };

/** An error on its way between threads, which keeps only plain objects. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
}

export function toThrown(error: unknown): ThrownError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, code: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, stack: error.stack, code };
}

/** The error with its class, and with the stack of the thread that threw it. */
export function fromThrown({ name, message, stack, code }: ThrownError): Error {
  const error = create(name, message);
  if (stack !== undefined) error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}

function create(name: string, message: string): Error {
  switch (name) {
    case 'InvalidKeyset':
      return new InvalidKeyset(message);
    case 'ViewSchemaConflict':
      return new ViewSchemaConflict(message);
    case 'ViewStoreUnusable':
      return new ViewStoreUnusable(message);
    case 'TypeError':
      return new TypeError(message);
    case 'RangeError':
      return new RangeError(message);
    default:
      return Object.assign(new Error(message), { name });
  }
}
