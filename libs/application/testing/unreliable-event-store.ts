import type { EventData, RecordedEvent } from '#event-store/event.js';
import {
  StoreUnavailable,
  WrongExpectedRevision,
  type AppendResult,
  type EventStore,
  type ReadStreamOptions,
  type SubscriptionBatch,
} from '#event-store/port.js';

/**
 * What happens to one append. `lost`: the answer is an unknown outcome, `before` the store saw it or `after` it stored
 * it; `hung`: the same, but no answer ever comes; `held`: it waits for `release`, before or after; `refused`: the store
 * cannot be reached; `conflict`: it claims that the stream is elsewhere.
 */
export type AppendFault =
  | 'none'
  | 'refused'
  | 'conflict'
  | 'lost-before'
  | 'lost-after'
  | 'hung-before'
  | 'hung-after'
  | 'held-before'
  | 'held-after';

export interface SentAppend {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly EventData[];
}

/** A real event store behind a connection that fails as it is told. */
export class UnreliableEventStore implements EventStore {
  /** What happens to the next appends, in order; those after the last one go well. */
  readonly faults: AppendFault[] = [];
  /** Everything that was asked to be appended, in order. */
  readonly sent: SentAppend[] = [];
  /** What happens to every read, until it is changed. */
  reads: 'answered' | 'failed' | 'hung' = 'answered';
  readonly #held: (() => Promise<unknown>)[] = [];

  constructor(private readonly store: EventStore) {}

  async append(stream: string, expectedRevision: number, events: readonly EventData[]): Promise<AppendResult> {
    this.sent.push({ stream, expectedRevision, events });
    const write = (): Promise<AppendResult> => this.store.append(stream, expectedRevision, events);
    switch (this.faults.shift() ?? 'none') {
      case 'none':
        return write();
      case 'refused':
        throw new StoreUnavailable('connection refused', true);
      case 'conflict':
        throw new WrongExpectedRevision(stream, expectedRevision, expectedRevision + 1);
      case 'lost-before':
        throw new StoreUnavailable('connection lost', false);
      case 'lost-after':
        await write();
        throw new StoreUnavailable('connection lost', false);
      case 'hung-before':
        return never();
      case 'hung-after':
        await write();
        return never();
      case 'held-before':
        return this.#hold(write);
      case 'held-after': {
        const result = await write();
        return this.#hold(() => Promise.resolve(result));
      }
    }
  }

  /** Lets what is held go on; resolves when all of it has come to its end. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#held.splice(0).map((goOn) => goOn()));
  }

  async readStream(stream: string, options?: ReadStreamOptions): Promise<readonly RecordedEvent[]> {
    await this.#read();
    return this.store.readStream(stream, options);
  }

  async readAll(after: bigint | null, limit: number): Promise<readonly RecordedEvent[]> {
    await this.#read();
    return this.store.readAll(after, limit);
  }

  subscribe(after: bigint | null, signal: AbortSignal): AsyncIterable<SubscriptionBatch> {
    return this.store.subscribe(after, signal);
  }

  async head(): Promise<bigint | null> {
    await this.#read();
    return this.store.head();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  #hold<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#held.push(() => {
        const done = work();
        done.then(resolve, reject);
        return done;
      });
    });
  }

  async #read(): Promise<void> {
    if (this.reads === 'failed') throw new StoreUnavailable('connection refused', true);
    if (this.reads === 'hung') await never();
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
