import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '#event-store/event.js';
import type { SubscriptionBatch } from '#event-store/port.js';

export interface GatheredBatch {
  readonly events: readonly RecordedEvent[];
  /** True when nothing more was stored at the time. */
  readonly live: boolean;
}

/**
 * Gathers what a subscription hands over into batches of about `size` events: large ones while catching up, as they
 * cost less for each event; what is live, at once. Reads one step ahead of the consumer.
 */
export async function* gather(
  subscription: AsyncIterable<SubscriptionBatch>,
  size: () => number,
  lingerMs: number,
): AsyncGenerator<GatheredBatch> {
  const source = subscription[Symbol.asyncIterator]();
  let events: RecordedEvent[] = [];
  let next = source.next();
  // Its error is met by whoever awaits it; a consumer that leaves before does not.
  next.catch(() => undefined);
  try {
    for (;;) {
      const step = await (events.length === 0 ? next : orTimeout(next, lingerMs));
      if (step === null) {
        yield { events, live: false };
        events = [];
        continue;
      }
      if (step.done === true) break;
      next = source.next();
      next.catch(() => undefined);
      for (const event of step.value.events) events.push(event);
      if (!step.value.live && events.length < size()) continue;
      yield { events, live: step.value.live };
      events = [];
    }
    if (events.length > 0) yield { events, live: false };
  } finally {
    await source.return?.();
  }
}

/** Null when the promise takes longer. */
async function orTimeout<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, pause(ms, null, { signal: timer.signal }).catch(() => null)]);
  } finally {
    timer.abort();
  }
}
