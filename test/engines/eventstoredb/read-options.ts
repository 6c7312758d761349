import streams from '@eventstore/db-client/generated/streams_pb.js';
import { filterOf, type EventFilter } from './event-filter.js';
import { invalidArgument } from './rpc-errors.js';
import { TOMBSTONE_REVISION, type Position } from './stored-event.js';
import { nameOf } from './wire.js';

export const START: Position = { commit: 0n, prepare: 0n };
export const END: Position = { commit: 2n ** 63n - 1n, prepare: 2n ** 63n - 1n };

interface Common {
  readonly backwards: boolean;
  readonly resolveLinks: boolean;
  /** Events at most; null for a subscription. */
  readonly count: bigint | null;
}

export interface StreamRead extends Common {
  readonly stream: string;
  /** `null`: before the first. */
  readonly from: bigint | 'end' | null;
}

export interface AllRead extends Common {
  readonly stream: null;
  readonly from: Position | 'end' | null;
  readonly filter: EventFilter | null;
}

/** @throws RpcError the request is incomplete */
export function readOptions(request: streams.ReadReq): StreamRead | AllRead {
  const options = request.getOptions();
  if (options === undefined || !options.hasUuidOption()) throw invalidArgument('uuidOption');
  const common = {
    backwards: options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS,
    resolveLinks: options.getResolveLinks(),
    count: options.hasSubscription() ? null : BigInt(options.getCount()),
  };
  const stream = options.getStream();
  if (stream !== undefined) {
    const revision = stream.hasRevision() ? BigInt(stream.getRevision()) : null;
    if (revision !== null && revision > TOMBSTONE_REVISION) throw invalidArgument('revision');
    return { ...common, stream: nameOf(stream.getStreamIdentifier()), from: stream.hasEnd() ? 'end' : revision };
  }
  const all = options.getAll();
  if (all === undefined) throw invalidArgument('streamOption');
  const position = all.getPosition();
  const filter = options.getFilter();
  return {
    ...common,
    stream: null,
    filter: filter === undefined ? null : filterOf(filter),
    from: all.hasEnd() ? 'end' : position === undefined ? null : positionOf(position),
  };
}

function positionOf(position: streams.ReadReq.Options.Position): Position {
  return {
    commit: BigInt.asIntN(64, BigInt(position.getCommitPosition())),
    prepare: BigInt.asIntN(64, BigInt(position.getPreparePosition())),
  };
}
