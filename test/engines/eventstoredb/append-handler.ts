import type { handleClientStreamingCall, sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from './commit-check.js';
import { expectedVersion } from './expected-revision.js';
import { invalidArgument, maxAppendSizeExceeded, RpcError, streamDeleted, unexpected } from './rpc-errors.js';
import { sizeOfAppend, type ProposedEvent } from './stored-event.js';
import { EMPTY, nameOf, proposed } from './wire.js';
import type { Writes, Written } from './writes.js';

type Call = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/** `Streams.Append`: one append a call, its options first, then its events. The client uses it with credentials. */
export function appendHandler(writes: Writes): handleClientStreamingCall<streams.AppendReq, streams.AppendResp> {
  return (call, respond) => {
    receive(writes, call).then(
      (response) => {
        if (response !== null) respond(null, response);
      },
      (error: unknown) => fail(respond, error),
    );
  };
}

async function receive(writes: Writes, call: Call): Promise<streams.AppendResp | null> {
  let options: streams.AppendReq.Options | undefined;
  const events: ProposedEvent[] = [];
  for await (const request of call as AsyncIterable<streams.AppendReq>) {
    const message = request.getProposedMessage();
    options ??= request.getOptions();
    if (message === undefined) continue;
    events.push(proposed(message));
    if (sizeOfAppend(events) > writes.maxAppendSize) throw maxAppendSizeExceeded(writes.maxAppendSize);
  }
  if (options === undefined) throw invalidArgument('options');
  const stream = nameOf(options.getStreamIdentifier());
  const expected = expectedVersion(options);
  const written = await writes.append(stream, expected, events);
  return written === null ? null : response(stream, expected, written);
}

function response(stream: string, expected: bigint, written: Written): streams.AppendResp {
  const answer = new streams.AppendResp();
  switch (written.result) {
    case 'success': {
      const success = new streams.AppendResp.Success();
      if (written.revision < 0n) success.setNoStream(EMPTY);
      else success.setCurrentRevision(`${written.revision}`);
      const position = new streams.AppendResp.Position();
      position.setCommitPosition(`${written.position}`);
      position.setPreparePosition(`${written.position}`);
      success.setPosition(position);
      answer.setSuccess(success);
      return answer;
    }
    case 'wrong-version':
      answer.setWrongExpectedVersion(wrongVersion(expected, written.current));
      return answer;
    case 'deleted':
      throw streamDeleted(stream);
    case 'failed':
      throw written.error;
  }
}

function wrongVersion(expected: bigint, current: bigint): streams.AppendResp.WrongExpectedVersion {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0n) wrong.setCurrentNoStream(EMPTY);
  else wrong.setCurrentRevision(`${current}`);
  if (expected === ANY) wrong.setExpectedAny(EMPTY);
  else if (expected === STREAM_EXISTS) wrong.setExpectedStreamExists(EMPTY);
  else if (expected === NO_STREAM) wrong.setExpectedNoStream(EMPTY);
  else wrong.setExpectedRevision(`${expected}`);
  return wrong;
}

function fail(respond: sendUnaryData<streams.AppendResp>, error: unknown): void {
  respond(error instanceof RpcError ? error : unexpected());
}
