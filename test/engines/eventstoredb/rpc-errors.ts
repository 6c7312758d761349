import { Metadata, status, type ServiceError } from '@grpc/grpc-js';

/**
 * The errors of the single calls with their trailers, as RpcExceptions.cs and Constants.cs of EventStoreDB 23.10.6
 * (src/EventStore.Core/Services/Transport/Grpc) make them.
 */
export class RpcError extends Error implements ServiceError {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, value);
  }
}

export function streamDeleted(stream: string): RpcError {
  return new RpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
}

export function wrongExpectedVersion(operation: string, stream: string, expected: bigint, actual: bigint): RpcError {
  return new RpcError(
    status.FAILED_PRECONDITION,
    `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': `${expected}`,
      'actual-version': `${actual}`,
    },
  );
}

export function maxAppendSizeExceeded(limit: number): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': `${limit}`,
  });
}

export function metadataMissing(property: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });
}

export function invalidArgument(argument: string): RpcError {
  return new RpcError(status.INVALID_ARGUMENT, `'${argument}' is not a valid argument`);
}

export function notReady(): RpcError {
  return new RpcError(status.UNAVAILABLE, 'Server Is Not Ready');
}

/** @param state `live` or `transitioning to live` */
export function consumerTooSlow(state: string): RpcError {
  return new RpcError(
    status.ABORTED,
    `Operation timed out: Consumer too slow to handle event while ${state}. Client resubscription required.`,
  );
}

/** What becomes of an exception that no handler of the server expects: here of a position where no record begins. */
export function unexpected(): RpcError {
  return new RpcError(status.UNKNOWN, 'Exception was thrown by handler.');
}

/** What a client sees of the calls that a server which was told to stop gives up after its grace. */
export function givenUp(): RpcError {
  return new RpcError(status.INTERNAL, 'Received RST_STREAM with code 0 (Call ended without gRPC status)');
}

/** @param what a sentence that names it */
export function unsupported(what: string): RpcError {
  return new RpcError(status.UNIMPLEMENTED, `The stand-in for EventStoreDB does not support ${what}.`);
}
