import { status } from '@grpc/grpc-js';
import type { Faults } from './faults.js';
import type { Log, WriteResult } from './log.js';
import { notReady, RpcError } from './rpc-errors.js';
import type { ProposedEvent } from './stored-event.js';

/** What becomes of a write: that of the log, or an error of the server. */
export type Written = WriteResult | { readonly result: 'failed'; readonly error: RpcError };

/** Brings writes to the log, through whatever faults are switched on. */
export class Writes {
  constructor(
    private readonly log: Log,
    private readonly faults: Faults,
    /** Cuts all connections. */
    private readonly cut: () => void,
    readonly maxAppendSize: number,
  ) {}

  /** Null: there will never be an answer. */
  async append(stream: string, expected: bigint, events: readonly ProposedEvent[]): Promise<Written | null> {
    if (this.faults.active) await this.faults.pass();
    return this.appendNow(stream, expected, events);
  }

  appendNow(stream: string, expected: bigint, events: readonly ProposedEvent[]): Written | null {
    const { faults } = this;
    if (faults.notReady) return { result: 'failed', error: notReady() };
    if (faults.take('dropBeforeWrite')) {
      this.cut();
      return null;
    }
    const written = this.log.append(stream, expected, events);
    if (faults.take('dropAfterWrite')) {
      this.cut();
      return null;
    }
    if (faults.take('timeOut')) return { result: 'failed', error: timedOut() };
    return faults.take('swallowAnswers') ? null : written;
  }
}

function timedOut(): RpcError {
  return new RpcError(status.ABORTED, 'Operation timed out: Commit phase timeout.');
}
