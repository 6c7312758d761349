import type { handleUnaryCall } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expectedVersion } from './expected-revision.js';
import { invalidArgument, RpcError, streamDeleted, unexpected, wrongExpectedVersion } from './rpc-errors.js';
import type { Log, WriteResult } from './log.js';
import { nameOf } from './wire.js';

interface Position {
  setCommitPosition(value: string): unknown;
  setPreparePosition(value: string): unknown;
}

/** `Streams.Delete`: the soft delete. */
export function deleteHandler(log: Log): handleUnaryCall<streams.DeleteReq, streams.DeleteResp> {
  return ({ request }, respond) => {
    try {
      const position = new streams.DeleteResp.Position();
      place(position, request.getOptions(), (stream, expected) => log.softDelete(stream, expected));
      const response = new streams.DeleteResp();
      response.setPosition(position);
      respond(null, response);
    } catch (error) {
      respond(error instanceof RpcError ? error : unexpected());
    }
  };
}

/** `Streams.Tombstone`: the hard delete. */
export function tombstoneHandler(log: Log): handleUnaryCall<streams.TombstoneReq, streams.TombstoneResp> {
  return ({ request }, respond) => {
    try {
      const position = new streams.TombstoneResp.Position();
      place(position, request.getOptions(), (stream, expected) => log.tombstone(stream, expected));
      const response = new streams.TombstoneResp();
      response.setPosition(position);
      respond(null, response);
    } catch (error) {
      respond(error instanceof RpcError ? error : unexpected());
    }
  };
}

function place(
  position: Position,
  options: streams.DeleteReq.Options | streams.TombstoneReq.Options | undefined,
  remove: (stream: string, expected: bigint) => WriteResult,
): void {
  if (options === undefined) throw invalidArgument('options');
  const stream = nameOf(options.getStreamIdentifier());
  const expected = expectedVersion(options);
  const removed = remove(stream, expected);
  if (removed.result === 'deleted') throw streamDeleted(stream);
  if (removed.result === 'wrong-version') throw wrongExpectedVersion('Delete', stream, expected, removed.current);
  position.setCommitPosition(`${removed.position}`);
  position.setPreparePosition(`${removed.position}`);
}
