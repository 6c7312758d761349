import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { checkLimit, checkRevision, encodeAppend, isStorable, type EncodedAppend } from '../../append-encoding.js';
import type { EventData, RecordedEvent } from '../../event.js';
import {
  NO_STREAM,
  StoreUnavailable,
  WrongExpectedRevision,
  type AppendResult,
  type EventStore,
  type ReadStreamOptions,
  type SubscriptionBatch,
} from '../../port.js';
import { closeClient } from './append-call.js';
import { AppendStream } from './append-stream.js';
import { clientFor } from './connection-string.js';
import { closed } from './eventstoredb-errors.js';
import { follow, type Interruption } from './follow.js';
import { LogReader } from './log-reader.js';
import { areSealedFor, refuseStoredElsewhere } from './resend-guard.js';
import { ServerSubscription } from './server-subscription.js';

export interface EventStoreDbOptions {
  /** Milliseconds that an append, and each event of a read, may take; default 3,000. */
  readonly timeoutMs?: number;
  /** Milliseconds that `open` waits for a server that is starting; default 30,000. */
  readonly readyMs?: number;
  /** Events in one batch of a subscription at most; default 500. */
  readonly batchSize?: number;
  /** Milliseconds between attempts to subscribe again: the first pause, and the longest; default 100 and 10,000. */
  readonly backoffMs?: readonly [first: number, longest: number];
  /** Called when a subscription loses the server, and at each attempt that fails; with null when it is back. */
  readonly onInterruption?: (interruption: Interruption | null) => void;
}

/** A write to this stream with a revision that it cannot have is refused: that is how a server shows that it is ready. */
const PROBE = { stream: 'operations-readiness', expectedRevision: Number.MAX_SAFE_INTEGER - 1 };
const CLOSE_MS = 2_000;

/**
 * The production event store: EventStoreDB 23.10 or newer. Positions are commit positions of its $all stream. It may
 * hold events of others; which are ours is told by the names of their streams.
 *
 * A subscription survives every loss of the server; `interruptions` says which are without one. An append is sent once:
 * the caller resends the same events while the outcome is unknown. A resend whose events stand elsewhere in the stream,
 * which the server would store a second time, is refused with a RangeError.
 */
export class EventStoreDbEventStore implements EventStore {
  readonly #client: EventStoreDBClient;
  readonly #reader: LogReader;
  readonly #appends: AppendStream;
  readonly #options: Required<Omit<EventStoreDbOptions, 'readyMs' | 'onInterruption'>> & EventStoreDbOptions;
  readonly #ending = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #interrupted = new Map<symbol, Interruption>();
  #closing: Promise<void> | undefined;

  private constructor(client: EventStoreDBClient, options: EventStoreDbOptions) {
    this.#client = client;
    this.#options = { timeoutMs: 3_000, batchSize: 500, backoffMs: [100, 10_000], ...options };
    this.#reader = new LogReader(client, this.#options.timeoutMs);
    this.#appends = new AppendStream(client, this.#options.timeoutMs);
  }

  /**
   * Connects, and waits until the server reads and writes.
   * @param connectionString `esdb://...` or `esdb+discover://...`, with the credentials
   * @throws InvalidConnectionString
   * @throws StoreUnavailable it is not ready in time
   */
  static async open(connectionString: string, options: EventStoreDbOptions = {}): Promise<EventStoreDbEventStore> {
    const store = new EventStoreDbEventStore(clientFor(connectionString), options);
    const deadline = performance.now() + (options.readyMs ?? 30_000);
    for (let pause = 50; ; pause = Math.min(1_000, pause * 2)) {
      try {
        await store.#probe();
        return store;
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || performance.now() + pause > deadline) {
          await store.close();
          throw error;
        }
        await sleep(pause);
      }
    }
  }

  /** The subscriptions that have lost the server and are trying again, for a report of health. */
  get interruptions(): readonly Interruption[] {
    return [...this.#interrupted.values()];
  }

  async append(stream: string, expectedRevision: number, events: readonly EventData[]): Promise<AppendResult> {
    this.#assertOpen();
    const append = encodeAppend(stream, expectedRevision, events);
    const sending = this.#send(append, events);
    this.#underWay.add(sending);
    try {
      return await sending;
    } finally {
      this.#underWay.delete(sending);
    }
  }

  async readStream(stream: string, options: ReadStreamOptions = {}): Promise<readonly RecordedEvent[]> {
    this.#assertOpen();
    if (options.from !== undefined) checkRevision(options.from);
    if (options.limit !== undefined) checkLimit(options.limit);
    return isStorable(stream) ? this.#reader.stream(stream, options) : [];
  }

  async readAll(after: bigint | null, limit: number): Promise<readonly RecordedEvent[]> {
    this.#assertOpen();
    checkLimit(limit);
    return this.#reader.after(after, limit);
  }

  async *subscribe(after: bigint | null, signal: AbortSignal): AsyncGenerator<SubscriptionBatch, void, void> {
    this.#assertOpen();
    const { batchSize, backoffMs, timeoutMs, onInterruption } = this.#options;
    const key = Symbol('subscription');
    const first = after === null ? null : await this.#firstAfter(after);
    if (first !== null && !signal.aborted) yield { events: [first], position: first.position, live: false };
    yield* follow(first?.position ?? after, AbortSignal.any([signal, this.#ending.signal]), {
      open: (from) => new ServerSubscription(this.#client, from, batchSize, Math.max(timeoutMs, 10_000)),
      batchSize,
      backoffMs,
      onInterruption: (interruption) => {
        if (interruption === null) this.#interrupted.delete(key);
        else this.#interrupted.set(key, interruption);
        onInterruption?.(interruption);
      },
    });
    if (this.#ending.signal.aborted && !signal.aborted) throw closed();
  }

  async head(): Promise<bigint | null> {
    this.#assertOpen();
    return this.#reader.head();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#underWay);
    this.#appends.close();
    await closeClient(this.#client, CLOSE_MS);
  }

  /**
   * The first event that a subscription has to hand over: the server goes on only from where an event is. Null: none
   * yet, or the server is lost, which the subscription will bear.
   */
  async #firstAfter(position: bigint): Promise<RecordedEvent | null> {
    try {
      return (await this.#reader.after(position, 1))[0] ?? null;
    } catch (error) {
      if (error instanceof StoreUnavailable) return null;
      throw error;
    }
  }

  async #send(append: EncodedAppend, events: readonly EventData[]): Promise<AppendResult> {
    const { stream, expectedRevision } = append;
    if (expectedRevision !== NO_STREAM && !areSealedFor(stream, expectedRevision, events)) {
      refuseStoredElsewhere(await this.#reader.stream(stream, {}), expectedRevision, events);
    }
    const { revision, position } = await this.#appends.send(append);
    return { revision, position: position ?? (await this.#reader.positionOf(stream, revision)) };
  }

  async #probe(): Promise<void> {
    await this.#reader.head();
    const event = { id: randomUUID(), type: 'Probe', data: '{}', metadata: '{}' };
    try {
      await this.#appends.send({ ...PROBE, events: [event], bytes: 4 });
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw closed();
  }
}
