import type { EventStore } from '#event-store/port.js';
import type { Checkpoint } from '#view-store/port.js';

/**
 * Whether the event that a checkpoint names is in the log: the same place, the same hash. It is not when the log was
 * restored from a backup that is older than the view.
 */
export async function isInLog(events: Pick<EventStore, 'readAll'>, checkpoint: Checkpoint): Promise<boolean> {
  const before = checkpoint.position > 0n ? checkpoint.position - 1n : null;
  const [event] = await events.readAll(before, 1);
  return event?.position === checkpoint.position && event.metadata.hash === checkpoint.hash;
}
