import type { RecordedEvent } from '../event.js';
import type { EventStore, SubscriptionBatch } from '../port.js';

/** Runs a subscription until `enough` says so of all that came; hands back the batches. */
export async function batchesUntil(
  store: EventStore,
  after: bigint | null,
  enough: (batches: readonly SubscriptionBatch[]) => boolean,
  handle: (batch: SubscriptionBatch) => Promise<void> = () => Promise.resolve(),
): Promise<readonly SubscriptionBatch[]> {
  const stop = new AbortController();
  const batches: SubscriptionBatch[] = [];
  for await (const batch of store.subscribe(after, stop.signal)) {
    batches.push(batch);
    await handle(batch);
    if (enough(batches)) stop.abort();
  }
  return batches;
}

export function eventsOf(batches: readonly SubscriptionBatch[]): readonly RecordedEvent[] {
  return batches.flatMap((batch) => batch.events);
}

/** True once so many events have come. */
export function holding(count: number): (batches: readonly SubscriptionBatch[]) => boolean {
  return (batches) => eventsOf(batches).length >= count;
}

/** True once the subscription has said that nothing more was stored. */
export function live(batches: readonly SubscriptionBatch[]): boolean {
  return batches.at(-1)?.live === true;
}
