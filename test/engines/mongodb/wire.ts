import { type Document } from 'bson';
import { decode, decodeAt, encode } from './documents.js';

/**
 * Messages of the wire protocol.
 * https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md
 * https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const LARGEST_MESSAGE_BYTES = 48_000_000;

const CHECKSUM_PRESENT = 1 << 0;
const MORE_TO_COME = 1 << 1;
const EXHAUST_ALLOWED = 1 << 16;

export interface Request {
  readonly id: number;
  readonly kind: 'msg' | 'query';
  readonly database: string;
  readonly body: Document;
  /** The client waits for no answer. */
  readonly unanswered: boolean;
  /** The client takes several answers to this one request. */
  readonly exhaustAllowed: boolean;
}

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  private buffered: Buffer = Buffer.alloc(0);

  /** @throws Error the bytes are no messages */
  push(chunk: Buffer): Request[] {
    this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk]);
    const requests: Request[] = [];
    while (this.buffered.length >= HEADER_BYTES) {
      const length = this.buffered.readInt32LE(0);
      if (length < HEADER_BYTES || length > LARGEST_MESSAGE_BYTES) throw new Error(`a message of ${length} bytes`);
      if (this.buffered.length < length) break;
      requests.push(parse(this.buffered.subarray(0, length)));
      this.buffered = this.buffered.subarray(length);
    }
    return requests;
  }
}

function parse(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  if (operation === OP_MSG) return parseMsg(id, message);
  if (operation === OP_QUERY) return parseQuery(id, message);
  throw new Error(`operation ${operation} of the wire protocol is not supported`);
}

function parseMsg(id: number, message: Buffer): Request {
  const flags = message.readUInt32LE(HEADER_BYTES);
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let body: Document = {};
  const sequences: Document = {};
  let offset = HEADER_BYTES + 4;
  while (offset < end) {
    const kind = message.readUInt8(offset);
    offset += 1;
    const size = message.readInt32LE(offset);
    if (kind === 0) body = decode(message.subarray(offset, offset + size));
    else if (kind === 1) readSequence(message.subarray(offset, offset + size), sequences);
    else throw new Error(`a section of kind ${kind}`);
    offset += size;
  }
  return {
    id,
    kind: 'msg',
    database: String(body['$db']),
    body: { ...body, ...sequences },
    unanswered: (flags & MORE_TO_COME) !== 0,
    exhaustAllowed: (flags & EXHAUST_ALLOWED) !== 0,
  };
}

function readSequence(section: Buffer, sequences: Document): void {
  const nameEnd = section.indexOf(0, 4);
  const documents: Document[] = [];
  let offset = nameEnd + 1;
  while (offset < section.length) {
    documents.push(decodeAt(section, offset));
    offset += section.readInt32LE(offset);
  }
  sequences[section.toString('utf8', 4, nameEnd)] = documents;
}

/** Only for the handshake: everything else is long removed from this operation. */
function parseQuery(id: number, message: Buffer): Request {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const name = message.toString('utf8', HEADER_BYTES + 4, nameEnd);
  const body = decode(message.subarray(nameEnd + 9));
  return {
    id,
    kind: 'query',
    database: name.split('.')[0] ?? '',
    body,
    unanswered: false,
    exhaustAllowed: false,
  };
}

let lastId = 0;

/** @param moreToCome another answer to the same request follows */
export function answerTo(request: Request, answer: Document, moreToCome = false): { id: number; bytes: Buffer } {
  const document = encode(answer);
  lastId += 1;
  const head = Buffer.alloc(request.kind === 'msg' ? HEADER_BYTES + 5 : HEADER_BYTES + 20);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(lastId, 4);
  head.writeInt32LE(request.id, 8);
  if (request.kind === 'msg') {
    head.writeInt32LE(OP_MSG, 12);
    head.writeUInt32LE(moreToCome ? MORE_TO_COME : 0, 16);
  } else {
    head.writeInt32LE(OP_REPLY, 12);
    head.writeInt32LE(8, 16); // AwaitCapable
    head.writeInt32LE(1, 32); // one document
  }
  return { id: lastId, bytes: Buffer.concat([head, document]) };
}
