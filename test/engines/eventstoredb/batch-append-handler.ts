import type { ServerDuplexStream } from '@grpc/grpc-js';
import code from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import googleStatus from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './commit-check.js';
import { expectedPosition } from './expected-revision.js';
import type { Faults } from './faults.js';
import { sizeOfAppend, type ProposedEvent } from './stored-event.js';
import { identifierOf, nameOf, proposed } from './wire.js';
import type { Writes, Written } from './writes.js';

type Call = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

interface Pending {
  readonly stream: string;
  readonly expected: bigint;
  readonly events: ProposedEvent[];
}

/**
 * `Streams.BatchAppend`: many appends on one call, each with an id of its own, its errors in-band
 * (Streams.BatchAppend.cs and Status.cs of EventStoreDB 23.10.6).
 */
export function batchAppendHandler(writes: Writes, faults: Faults): (call: Call) => void {
  return (call) => {
    const pending = new Map<string, Pending>();
    let order = Promise.resolve();
    call.on('data', (request: streams.BatchAppendReq) => {
      const id = request.getCorrelationId();
      const append = collect(pending, id?.getString() ?? '', request, writes.maxAppendSize);
      if (append === null) return;
      if ('refused' in append) return void call.write(refusal(id, append.stream, append.refused));
      const answer = (written: Written | null) => {
        if (written !== null && !call.cancelled && !call.destroyed) call.write(response(id, append, written));
      };
      if (!faults.active) return answer(writes.appendNow(append.stream, append.expected, append.events));
      order = order.then(async () => answer(await writes.append(append.stream, append.expected, append.events)));
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  };
}

/** The append, when it is complete; null while it is not, or was refused before. */
function collect(
  pending: Map<string, Pending>,
  id: string,
  request: streams.BatchAppendReq,
  limit: number,
): Pending | { readonly stream: string; readonly refused: googleStatus.Status } | null {
  const options = request.getOptions();
  if (options !== undefined) {
    const stream = nameOf(options.getStreamIdentifier());
    const deadline = options.getDeadline()?.toDate().getTime() ?? Infinity;
    if (deadline <= Date.now()) return { stream, refused: timeout() };
    pending.set(id, { stream, expected: expectedPosition(options), events: [] });
  }
  const append = pending.get(id);
  if (append === undefined) return null;
  append.events.push(...request.getProposedMessagesList().map(proposed));
  if (sizeOfAppend(append.events) > limit) {
    pending.delete(id);
    return { stream: append.stream, refused: tooLarge(limit) };
  }
  if (!request.getIsFinal()) return null;
  pending.delete(id);
  return append;
}

function response(id: shared.UUID | undefined, append: Pending, written: Written): streams.BatchAppendResp {
  switch (written.result) {
    case 'success': {
      const success = new streams.BatchAppendResp.Success();
      if (written.revision < 0n) success.setNoStream(new empty.Empty());
      else success.setCurrentRevision(`${written.revision}`);
      const position = new shared.AllStreamPosition();
      position.setCommitPosition(`${written.position}`);
      position.setPreparePosition(`${written.position}`);
      success.setPosition(position);
      const answer = answerTo(id, append.stream);
      answer.setSuccess(success);
      return answer;
    }
    case 'wrong-version':
      return refusal(id, append.stream, wrongVersion(append.expected, written.current));
    case 'deleted':
      return refusal(id, append.stream, deleted(append.stream));
    case 'failed':
      return refusal(
        id,
        append.stream,
        written.error.details.startsWith('Operation timed out') ? timeout() : notReady(),
      );
  }
}

function answerTo(id: shared.UUID | undefined, stream: string): streams.BatchAppendResp {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(id);
  answer.setStreamIdentifier(identifierOf(stream));
  return answer;
}

function refusal(id: shared.UUID | undefined, stream: string, error: googleStatus.Status): streams.BatchAppendResp {
  const answer = answerTo(id, stream);
  answer.setError(error);
  return answer;
}

function wrongVersion(expected: bigint, current: bigint): googleStatus.Status {
  const details = new shared.WrongExpectedVersion();
  if (current < 0n) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(`${current}`);
  if (expected === ANY) details.setExpectedAny(new empty.Empty());
  else if (expected === STREAM_EXISTS) details.setExpectedStreamExists(new empty.Empty());
  else if (expected === NO_STREAM) details.setExpectedNoStream(new empty.Empty());
  else details.setExpectedStreamPosition(`${expected}`);
  return statusOf(code.Code.ALREADY_EXISTS, 'WrongExpectedVersion', details.serializeBinary());
}

function deleted(stream: string): googleStatus.Status {
  const details = new shared.StreamDeleted();
  details.setStreamIdentifier(identifierOf(stream));
  return statusOf(code.Code.NOT_FOUND, 'StreamDeleted', details.serializeBinary());
}

function tooLarge(limit: number): googleStatus.Status {
  const details = new shared.MaximumAppendSizeExceeded();
  details.setMaxappendsize(limit);
  return statusOf(code.Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details.serializeBinary());
}

function timeout(): googleStatus.Status {
  return statusOf(code.Code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout().serializeBinary());
}

function notReady(): googleStatus.Status {
  return statusOf(code.Code.OK, 'Server Is Not Ready', new Uint8Array(), 'google.protobuf.Empty');
}

function statusOf(
  number: number,
  message: string,
  details: Uint8Array,
  type = `event_store.client.${message}`,
): googleStatus.Status {
  const packed = new any.Any();
  packed.pack(details, type);
  const status = new googleStatus.Status();
  status.setCode(number);
  status.setMessage(message);
  status.setDetails(packed);
  return status;
}
