import type { EventStore } from '#event-store/port.js';
import { waitForPosition } from '#projection/wait-for.js';
import type { ViewReads, ViewSchema } from '#view-store/port.js';
import { ViewBehind } from './errors.js';

/**
 * Waits until views have folded in the event at `position`.
 * @throws ViewBehind one of them has not in time
 */
export async function awaitViews(
  events: EventStore,
  views: ViewReads,
  schemas: readonly ViewSchema[],
  position: bigint,
  timeoutMs: number,
): Promise<void> {
  const waited = await waitForPosition(views, schemas, position, timeoutMs);
  if (waited.ok) return;
  const head = await events.head();
  const [next] = await events.readAll(waited.position, 1);
  const seconds = next === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(next.metadata.recordedAt)) / 1_000);
  throw new ViewBehind(waited.view, waited.position, head, seconds);
}
