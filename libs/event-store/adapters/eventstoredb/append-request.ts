import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { EncodedAppend, EncodedEvent } from '../../append-encoding.js';
import { NO_STREAM } from '../../port.js';

/**
 * An append as one message. It carries no deadline: the server would compare it with its own clock.
 * @param id by which the answer is known
 */
export function appendRequest(id: string, { stream, expectedRevision, events }: EncodedAppend): streams.BatchAppendReq {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  const options = new streams.BatchAppendReq.Options();
  options.setStreamIdentifier(identifier);
  if (expectedRevision === NO_STREAM) options.setNoStream(new empty.Empty());
  else options.setStreamPosition(String(expectedRevision));
  const request = new streams.BatchAppendReq();
  request.setCorrelationId(uuid(id));
  request.setOptions(options);
  request.setProposedMessagesList(events.map(message));
  request.setIsFinal(true);
  return request;
}

function message({ id, type, data, metadata }: EncodedEvent): streams.BatchAppendReq.ProposedMessage {
  const proposed = new streams.BatchAppendReq.ProposedMessage();
  proposed.setId(uuid(id));
  proposed.getMetadataMap().set('type', type).set('content-type', 'application/json');
  proposed.setData(Buffer.from(data, 'utf8'));
  proposed.setCustomMetadata(Buffer.from(metadata, 'utf8'));
  return proposed;
}

function uuid(text: string): shared.UUID {
  const id = new shared.UUID();
  id.setString(text);
  return id;
}
