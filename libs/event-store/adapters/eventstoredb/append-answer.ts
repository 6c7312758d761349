import shared from '@eventstore/db-client/generated/shared_pb.js';
import type google from '@eventstore/db-client/generated/status_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EncodedAppend } from '../../append-encoding.js';
import { AppendTooLarge, NO_STREAM, StoreUnavailable, WrongExpectedRevision } from '../../port.js';

/** Where an append was stored. */
export interface Stored {
  readonly revision: number;
  /** Null: stored before, and the server no longer knows where. */
  readonly position: bigint | null;
}

/** The id of the append that is answered. A server that gives one up writes its id as two numbers. */
export function answeredId(answer: streams.BatchAppendResp): string {
  const id = answer.getCorrelationId();
  const halves = id?.getStructured();
  if (halves === undefined) return id?.getString() ?? '';
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}

/** @throws WrongExpectedRevision, AppendTooLarge, StoreUnavailable */
export function stored(answer: streams.BatchAppendResp, append: EncodedAppend): Stored {
  const error = answer.getError();
  if (error !== undefined) throw refusal(error, append);
  const success = answer.getSuccess();
  if (success === undefined) throw new StoreUnavailable('EventStoreDB gave an answer that means nothing', false);
  const revision = Number(success.getCurrentRevision());
  const expected = append.expectedRevision + append.events.length;
  if (revision !== expected) {
    throw new StoreUnavailable(
      `${append.stream} was deleted outside of this program and went on at revision ${revision}, not ${expected}`,
      false,
    );
  }
  const position = success.getPosition();
  return { revision, position: position === undefined ? null : BigInt(position.getCommitPosition()) };
}

/** In-band errors: Status.cs of the server (src/EventStore.Core/Services/Transport/Grpc). */
function refusal(error: google.Status, append: EncodedAppend): Error {
  const { stream, expectedRevision, bytes } = append;
  const details = error.getDetails();
  const type = details?.getTypeName() ?? '';
  switch (type) {
    case 'event_store.client.WrongExpectedVersion': {
      const wrong = details?.unpack((packed) => shared.WrongExpectedVersion.deserializeBinary(packed), type);
      const actual = wrong?.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : NO_STREAM;
      return new WrongExpectedRevision(stream, expectedRevision, actual);
    }
    case 'event_store.client.MaximumAppendSizeExceeded': {
      const exceeded = details?.unpack((packed) => shared.MaximumAppendSizeExceeded.deserializeBinary(packed), type);
      return new AppendTooLarge(bytes, exceeded?.getMaxappendsize());
    }
    case 'event_store.client.StreamDeleted':
      return new StoreUnavailable(`${stream} was deleted for good outside of this program (a tombstone)`, true);
    case 'event_store.client.AccessDenied':
      return new StoreUnavailable(`EventStoreDB does not let this program write to ${stream}`, true);
    case 'event_store.client.BadRequest':
      return new StoreUnavailable(`EventStoreDB took an append to ${stream} for a bad request`, true);
    default:
      // "Timeout", "Unknown", "Server Is Not Ready" and whatever else: it may still be written.
      return new StoreUnavailable(`EventStoreDB gave an append up: ${error.getMessage()}`, false);
  }
}
