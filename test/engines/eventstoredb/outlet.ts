import type { ServerWritableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { RpcError } from './rpc-errors.js';

export type ReadCall = ServerWritableStream<streams.ReadReq, Uint8Array>;

/** The way out to one reader: knows whether the reader keeps up, and whether it is still there. */
export class Outlet {
  /** Called when the reader takes more, or has gone. */
  onChange: () => void = () => undefined;
  #ended = false;
  #blockedSince: number | null = null;

  constructor(private readonly call: ReadCall) {
    const gone = () => {
      this.#ended = true;
      this.onChange();
    };
    call.on('cancelled', gone).on('error', gone).on('close', gone);
    call.on('drain', () => {
      this.#blockedSince = null;
      this.onChange();
    });
  }

  get ended(): boolean {
    return this.#ended || this.call.cancelled || this.call.destroyed;
  }

  get isBlocked(): boolean {
    return this.#blockedSince !== null;
  }

  /** Milliseconds since the reader has stopped taking what is sent; 0 when it takes it. */
  get blockedMs(): number {
    return this.#blockedSince === null ? 0 : performance.now() - this.#blockedSince;
  }

  send(bytes: Uint8Array): void {
    if (this.ended) return;
    if (!this.call.write(bytes)) this.#blockedSince ??= performance.now();
  }

  /** Resolves when the reader takes more, or has gone. */
  async taken(): Promise<void> {
    while (!this.ended && this.isBlocked) await new Promise<void>((resolve) => (this.onChange = resolve));
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
