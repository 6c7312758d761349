import type { RecordedEvent } from '#event-store/event.js';
import type { SubscriptionBatch } from '#event-store/port.js';

export interface GatheredBatch {
  readonly events: readonly RecordedEvent[];
  /** True when nothing more was stored at the time. */
  readonly live: boolean;
  /** True when more is on its way: what is folded of this batch may wait for it. */
  readonly more: boolean;
}

/** From so many events on a live batch is worth waiting for the next. */
const BUSY = 4;

/** A consumer that takes its time gets so many times that time until the next batch. */
const REST = 5;

/**
 * Gathers what a subscription hands over into batches of about `size` events while catching up. What is live is handed
 * over at once, but for a log that is busy: then the ends of what may wait are apart by at least the first of
 * `liveLingerMs`, and up to the second when the consumer is slow, so that it spends a sixth of its time on them: the
 * more events are committed together, the less each of them costs. Reads one step ahead of the consumer.
 */
export async function* gather(
  subscription: AsyncIterable<SubscriptionBatch>,
  size: () => number,
  lingerMs: number,
  [leastMs, mostMs]: readonly [least: number, most: number],
): AsyncGenerator<GatheredBatch> {
  const source = subscription[Symbol.asyncIterator]();
  let events: RecordedEvent[] = [];
  let live = false;
  /** It has been live: a busy log may be ahead by a page now and then. */
  let caughtUp = false;
  /** A busy log's next end is due then. */
  let dueAt = -Infinity;
  let busy = false;
  /** Events that were handed over since the last end, and the time that they took; none before it has caught up. */
  let waiting = 0;
  let spentMs = 0;
  let next = source.next();
  // Its error is met by whoever awaits it; a consumer that leaves before does not.
  next.catch(() => undefined);
  async function* hand(more: boolean): AsyncGenerator<GatheredBatch> {
    const handed = { events, live, more };
    caughtUp ||= live;
    if (caughtUp) waiting += events.length;
    events = [];
    const startedAt = performance.now();
    yield handed;
    const endedAt = performance.now();
    spentMs += endedAt - startedAt;
    if (caughtUp && more) return;
    busy = waiting > BUSY;
    dueAt = endedAt + Math.min(mostMs, Math.max(leastMs, REST * spentMs));
    waiting = 0;
    spentMs = 0;
  }
  try {
    for (;;) {
      const patience: number = live ? Math.max(0, dueAt - performance.now()) : lingerMs;
      const step: IteratorResult<SubscriptionBatch> | null = await (events.length === 0 && waiting === 0
        ? next
        : orTimeout(next, patience));
      if (step === null) {
        yield* hand(false);
        continue;
      }
      if (step.done === true) break;
      next = source.next();
      next.catch(() => undefined);
      live = step.value.live;
      if (events.length === 0) events = [...step.value.events];
      else for (const event of step.value.events) events.push(event);
      const mayLinger = live ? busy && performance.now() < dueAt : true;
      if (mayLinger && events.length < size() && !(live && events.length === 0)) continue;
      yield* hand(mayLinger && !(live && events.length === 0));
    }
    if (events.length > 0 || waiting > 0) yield* hand(false);
  } finally {
    await source.return?.();
  }
}

/** Null when the promise takes longer. */
async function orTimeout<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
