import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { RpcError } from './rpc-errors.js';

export type ReadCall = ServerWritableStream<streams.ReadReq, Uint8Array>;

/** The way out to one reader: knows whether the reader keeps up, and whether it is still there. */
export class Outlet {
  #ended = false;
  #blockedSince: number | null = null;

  constructor(private readonly call: ReadCall) {
    call.on('cancelled', () => (this.#ended = true));
    call.on('error', () => (this.#ended = true));
    call.on('close', () => (this.#ended = true));
    call.on('drain', () => (this.#blockedSince = null));
  }

  get ended(): boolean {
    return this.#ended || this.call.cancelled || this.call.destroyed;
  }

  /** Milliseconds since the reader has stopped taking what is sent; 0 when it takes it. */
  get blockedMs(): number {
    return this.#blockedSince === null ? 0 : performance.now() - this.#blockedSince;
  }

  get isBlocked(): boolean {
    return this.#blockedSince !== null;
  }

  onEnd(listener: () => void): void {
    this.call.once('cancelled', listener);
    this.call.once('close', listener);
    this.call.once('error', listener);
  }

  onDrain(listener: () => void): void {
    this.call.on('drain', listener);
  }

  send(bytes: Uint8Array): void {
    if (this.ended) return;
    if (!this.call.write(bytes)) this.#blockedSince ??= performance.now();
  }

  /** Resolves when the reader takes more, or has gone. */
  async taken(): Promise<void> {
    if (this.ended || !this.isBlocked) return;
    const gone = new AbortController();
    this.onEnd(() => gone.abort());
    await once(this.call, 'drain', { signal: gone.signal }).catch(() => undefined);
  }

  end(): void {
    if (this.ended) return;
    this.#ended = true;
    this.call.end();
  }

  fail(error: RpcError): void {
    if (this.ended) return;
    this.#ended = true;
    this.call.emit('error', error);
  }
}
