import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Log } from './log.js';
import type { Position, ProposedEvent, StoredEvent } from './stored-event.js';
import { metadataMissing } from './rpc-errors.js';

export const EMPTY = new shared.Empty();

export function nameOf(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function identifierOf(stream: string): shared.StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  return identifier;
}

interface ProposedMessage {
  getId(): shared.UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

/** @throws RpcError a property is missing */
export function proposed(message: ProposedMessage): ProposedEvent {
  const type = message.getMetadataMap().get('type');
  const contentType = message.getMetadataMap().get('content-type');
  if (type === undefined) throw metadataMissing('type');
  if (contentType === undefined) throw metadataMissing('content-type');
  return {
    id: message.getId()?.getString() ?? '',
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/**
 * An event as a reader gets it, as the bytes of a ReadResp. A link is resolved, if the reader asks for it and its
 * target is there.
 */
export function eventResponse(log: Log, event: StoredEvent, resolveLinks: boolean): Uint8Array {
  const target = resolveLinks && event.type === '$>' ? linked(log, event) : undefined;
  if (target === undefined && (!resolveLinks || event.type !== '$>')) return cached(event);
  return readEvent(event, target, event);
}

const responses = new WeakMap<StoredEvent, Uint8Array>();

function cached(event: StoredEvent): Uint8Array {
  let bytes = responses.get(event);
  if (bytes === undefined) {
    bytes = readEvent(event, event, undefined);
    responses.set(event, bytes);
  }
  return bytes;
}

function readEvent(original: StoredEvent, event: StoredEvent | undefined, link: StoredEvent | undefined): Uint8Array {
  const read = new streams.ReadResp.ReadEvent();
  if (event !== undefined) read.setEvent(recorded(event));
  if (link !== undefined) read.setLink(recorded(link));
  read.setCommitPosition(`${original.position}`);
  const response = new streams.ReadResp();
  response.setEvent(read);
  return response.serializeBinary();
}

function recorded(event: StoredEvent): streams.ReadResp.ReadEvent.RecordedEvent {
  const record = new streams.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString(event.id);
  record.setId(id);
  record.setStreamIdentifier(identifierOf(event.stream));
  record.setStreamRevision(`${event.revision}`);
  record.setCommitPosition(`${event.position}`);
  record.setPreparePosition(`${event.position}`);
  const metadata = record.getMetadataMap();
  metadata.set('type', event.type);
  metadata.set('created', `${BigInt(event.created) * 10_000n}`);
  metadata.set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  record.setData(event.data);
  record.setCustomMetadata(event.metadata);
  return record;
}

function linked(log: Log, link: StoredEvent): StoredEvent | undefined {
  const [revision = '', ...stream] = Buffer.from(link.data).toString('utf8').split('@');
  return log.eventsOf(stream.join('@'))[Number(revision)];
}

export function confirmation(id: string): Uint8Array {
  const message = new streams.ReadResp.SubscriptionConfirmation();
  message.setSubscriptionId(id);
  const response = new streams.ReadResp();
  response.setConfirmation(message);
  return response.serializeBinary();
}

export function caughtUp(): Uint8Array {
  const response = new streams.ReadResp();
  response.setCaughtUp(new streams.ReadResp.CaughtUp());
  return response.serializeBinary();
}

export function checkpoint({ commit, prepare }: Position): Uint8Array {
  const message = new streams.ReadResp.Checkpoint();
  message.setCommitPosition(`${commit}`);
  message.setPreparePosition(`${prepare}`);
  const response = new streams.ReadResp();
  response.setCheckpoint(message);
  return response.serializeBinary();
}

export function streamNotFound(stream: string): Uint8Array {
  const message = new streams.ReadResp.StreamNotFound();
  message.setStreamIdentifier(identifierOf(stream));
  const response = new streams.ReadResp();
  response.setStreamNotFound(message);
  return response.serializeBinary();
}
