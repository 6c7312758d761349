import type { EventData, RecordedEvent } from '#event-store/event.js';
import { type AppendResult, type EventStore, StoreUnavailable, type SubscriptionBatch } from '#event-store/port.js';

/** A log in memory that can be told to fail, to fall silent and to be restored from a backup. */
export class MemoryEventStore implements EventStore {
  private readonly waiting = new Set<() => void>();
  private broken = false;
  private silent = false;

  constructor(
    private log: RecordedEvent[] = [],
    private readonly eventsPerBatch = 7,
  ) {}

  /** Adds events as they are. */
  add(events: readonly RecordedEvent[]): void {
    this.log.push(...events);
    this.wake();
  }

  /** The log as it was, or another one. */
  restore(events: readonly RecordedEvent[]): void {
    this.log = [...events];
  }

  /** While down, everything fails, open subscriptions included. */
  setDown(down: boolean): void {
    this.broken = down;
    this.wake();
  }

  /** While silent, subscriptions hand over nothing, and say nothing. Those that are open stay silent for ever. */
  setSilent(silent: boolean): void {
    this.silent = silent;
  }

  async append(_stream: string, _expected: number, _events: readonly EventData[]): Promise<AppendResult> {
    throw new Error('this log is filled by `add`');
  }

  async readStream(stream: string): Promise<readonly RecordedEvent[]> {
    this.check();
    return this.log.filter((event) => event.stream === stream);
  }

  async readAll(after: bigint | null, limit: number): Promise<readonly RecordedEvent[]> {
    this.check();
    return this.log.filter(({ position }) => after === null || position > after).slice(0, limit);
  }

  async *subscribe(after: bigint | null, signal: AbortSignal): AsyncGenerator<SubscriptionBatch> {
    let last = after;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!signal.aborted) {
      const from = last;
      this.check();
      if (this.silent) {
        yield* this.fallSilent(signal);
        return;
      }
      const rest = this.log.filter(({ position }) => from === null || position > from);
      const events = rest.slice(0, this.eventsPerBatch);
      last = events.at(-1)?.position ?? last;
      const live = events.length === rest.length;
      yield { events, position: last, live };
      // Events may have come while the consumer was at work.
      if (live && (this.log.at(-1)?.position ?? last) === last) await this.news(signal);
    }
  }

  private async *fallSilent(signal: AbortSignal): AsyncGenerator<SubscriptionBatch> {
    while (!signal.aborted) await this.news(signal);
  }

  async head(): Promise<bigint | null> {
    this.check();
    return this.log.at(-1)?.position ?? null;
  }

  async close(): Promise<void> {}

  private check(): void {
    if (this.broken) throw new StoreUnavailable('the log is down', true);
  }

  private async news(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
