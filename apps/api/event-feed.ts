import type { EventStore, SubscriptionBatch } from '#event-store/port.js';

/** The log for readers outside; its live readers end when the server stops. */
export class EventFeed {
  readonly #stop = new AbortController();

  constructor(readonly events: EventStore) {}

  subscribe(after: bigint | null, signal: AbortSignal): AsyncIterable<SubscriptionBatch> {
    return this.events.subscribe(after, AbortSignal.any([signal, this.#stop.signal]));
  }

  close(): void {
    this.#stop.abort();
  }
}
