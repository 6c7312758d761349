import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Binary } from 'bson';
import type { Document } from './documents.js';
import { CommandError } from './errors.js';

/** The one user of a stand-in. */
export interface User {
  readonly name: string;
  /** Printable ASCII, so that SASLprep (RFC 4013) leaves it as it is. */
  readonly password: string;
}

interface Conversation {
  readonly clientFirst: string;
  readonly serverFirst: string;
  readonly nonce: string;
  readonly salted: Buffer;
}

const ITERATIONS = 4_096;

/** Logins by SCRAM-SHA-256 (RFC 5802, RFC 7677). Without a user everybody may do everything, and every login is wrong. */
export class Logins {
  private readonly conversations = new Map<number, Conversation>();
  private readonly loggedIn = new Set<number>();

  constructor(private readonly user: User | null) {}

  /** @throws CommandError the connection has not logged in, though there is a user */
  check(connection: number, command: string): void {
    if (this.user === null || this.loggedIn.has(connection)) return;
    throw new CommandError(13, `Command ${command} requires authentication`);
  }

  /** What `hello` tells of a user's mechanisms. */
  mechanisms(): Document {
    return this.user === null ? {} : { saslSupportedMechs: ['SCRAM-SHA-256'] };
  }

  start(connection: number, { mechanism, payload }: Document): Document {
    const clientFirst = textOf(payload).replace(/^n,,/u, '');
    const { n: name, r: clientNonce } = fieldsOf(clientFirst);
    const { user } = this;
    if (user === null || mechanism !== 'SCRAM-SHA-256' || name !== user.name) throw refused();
    const salt = randomBytes(28);
    const nonce = `${clientNonce ?? ''}${randomBytes(18).toString('base64')}`;
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
    const salted = pbkdf2Sync(user.password, salt, ITERATIONS, 32, 'sha256');
    this.conversations.set(connection, { clientFirst, serverFirst, nonce, salted });
    return { conversationId: 1, done: false, payload: new Binary(Buffer.from(serverFirst)) };
  }

  finish(connection: number, { payload }: Document): Document {
    const conversation = this.conversations.get(connection);
    this.conversations.delete(connection);
    const text = textOf(payload);
    const { r: nonce, p: proof } = fieldsOf(text);
    if (conversation === undefined || nonce !== conversation.nonce) throw refused();
    const { clientFirst, serverFirst, salted } = conversation;
    const message = `${clientFirst},${serverFirst},${text.slice(0, text.lastIndexOf(',p='))}`;
    const clientKey = hmac(salted, 'Client Key');
    const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
    const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    const given = Buffer.from(proof ?? '', 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refused();
    this.loggedIn.add(connection);
    const verifier = hmac(hmac(salted, 'Server Key'), message).toString('base64');
    return { conversationId: 1, done: true, payload: new Binary(Buffer.from(`v=${verifier}`)) };
  }
}

function refused(): CommandError {
  return new CommandError(18, 'Authentication failed.');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function textOf(payload: unknown): string {
  if (!(payload instanceof Binary)) throw refused();
  return Buffer.from(payload.value()).toString('utf8');
}

/** `n=user,r=nonce` */
function fieldsOf(message: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
}
