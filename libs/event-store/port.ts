import type { EventData, RecordedEvent } from './event.js';

/** The expected revision of a stream that must not exist yet. */
export const NO_STREAM = -1;

/** An append holds at most this many bytes of data and metadata on every engine. */
export const MAX_APPEND_BYTES = 900_000;

/** What an append answers: the place of its last event. */
export interface AppendResult {
  readonly revision: number;
  readonly position: bigint;
}

export interface ReadStreamOptions {
  /** First revision that is read; default: the first (forward) or the last (backward). */
  readonly from?: number;
  readonly direction?: 'forward' | 'backward';
  /** At most this many events; default: all. */
  readonly limit?: number;
}

/** What a subscription hands over, in the order of the log. */
export interface SubscriptionBatch {
  /** May be empty when only the place to resume from has moved. */
  readonly events: readonly RecordedEvent[];
  /** Safe to resume after, once the events of this batch are handled. */
  readonly position: bigint | null;
  /** False while catching up; true when, at the time of this batch, nothing more was stored. */
  readonly live: boolean;
}

/**
 * The event-store port. Positions are one total order, assigned at commit: a reader that has seen a position will
 * never later find a smaller one that it has not seen.
 */
export interface EventStore {
  /**
   * Appends all events or none, durably, at `expectedRevision + 1`.
   * An identical resend (same expected revision, same event ids) succeeds with the first answer.
   * @param expectedRevision revision of the stream's last event, or NO_STREAM
   * @throws WrongExpectedRevision the stream is elsewhere; nothing was stored
   * @throws AppendTooLarge more than MAX_APPEND_BYTES; nothing was stored
   * @throws StoreUnavailable the outcome is unknown unless `nothingWritten`
   */
  append(stream: string, expectedRevision: number, events: readonly EventData[]): Promise<AppendResult>;
  /** A stream that does not exist reads as empty. */
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly RecordedEvent[]>;
  /** Events of all our streams after a position (exclusive), at most `limit`. `null` = from the first. */
  readAll(after: bigint | null, limit: number): Promise<readonly RecordedEvent[]>;
  /** History after `after`, then live; ends when the signal aborts. Never returns to an earlier position. */
  subscribe(after: bigint | null, signal: AbortSignal): AsyncIterable<SubscriptionBatch>;
  /** Position of the last event, null when there is none. */
  head(): Promise<bigint | null>;
  /** Answers only when everything that was accepted is durable; later calls are refused. */
  close(): Promise<void>;
}

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: number,
    /** Revision of the last event, NO_STREAM when the stream does not exist. */
    readonly actual: number,
  ) {
    super(`stream ${stream} is at revision ${actual}, not ${expected}`);
  }
}

export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
  constructor(
    readonly bytes: number,
    readonly limit: number = MAX_APPEND_BYTES,
  ) {
    super(`an append of ${bytes} bytes is over the limit of ${limit}`);
  }
}

/** The store could not be asked or did not answer. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(
    message: string,
    /** True when it is certain that nothing was stored. */
    readonly nothingWritten: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A stored event that cannot be told any more: its text is damaged. Those around it can still be read. */
export class UnreadableEvent extends StoreUnavailable {
  constructor(
    readonly stream: string,
    readonly revision: number,
    readonly position: bigint,
    options?: ErrorOptions,
  ) {
    super(`the event at revision ${revision} of ${stream} is damaged`, true, options);
  }
}
