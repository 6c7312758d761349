import { PAGE, type EventFilter } from './event-filter.js';
import type { Faults } from './faults.js';
import type { Log } from './log.js';
import type { Outlet } from './outlet.js';
import { consumerTooSlow, streamDeleted } from './rpc-errors.js';
import { TOMBSTONE_REVISION, type StoredEvent } from './stored-event.js';
import { checkpoint, eventResponse } from './wire.js';

/** The live events and the response channel of a subscription hold 32 each (Enumerators.cs of 23.10.6). */
const BUFFERED = 2 * PAGE;

export interface LiveOptions {
  /** Null: $all. */
  readonly stream: string | null;
  readonly filter: EventFilter | null;
  readonly resolveLinks: boolean;
  /** Events that were considered since the last checkpoint. */
  readonly considered: number;
}

/**
 * The live part of a subscription: every event as it is stored, and, with a filter, a checkpoint after each interval
 * of considered events (SubscriptionsService.cs of 23.10.6). A consumer that lets too many wait is sent away.
 */
export function feedLive(log: Log, faults: Faults, outlet: Outlet, options: LiveOptions): void {
  const { stream, filter, resolveLinks } = options;
  let considered = options.considered;
  const waiting: Uint8Array[] = [];
  let watch: NodeJS.Timeout | undefined;

  const end = () => {
    unlisten();
    clearInterval(watch);
  };
  const push = (bytes: Uint8Array) => {
    waiting.push(bytes);
    pump();
  };
  const pump = () => {
    if (faults.hang) watch ??= setInterval(pump, 5);
    else while (waiting.length > 0 && !outlet.isBlocked) outlet.send(waiting.shift() as Uint8Array);
    if (waiting.length === 0) {
      clearInterval(watch);
      watch = undefined;
    } else if (outlet.isBlocked) {
      watch ??= setInterval(pump, 5);
      if (waiting.length > BUFFERED && outlet.blockedMs >= faults.slowConsumerMs) {
        end();
        outlet.fail(consumerTooSlow('live'));
      }
    }
  };
  const unlisten = log.listen((event: StoredEvent) => {
    if (stream !== null && event.stream !== stream) return;
    if (stream !== null && event.revision === TOMBSTONE_REVISION) {
      end();
      return outlet.fail(streamDeleted(stream));
    }
    if (filter === null || filter.allows(event)) push(eventResponse(log, event, resolveLinks));
    if (filter === null) return;
    considered += 1;
    if (considered < filter.checkpointInterval) return;
    considered = 0;
    push(checkpoint({ commit: event.position, prepare: event.position }));
  });
  outlet.onChange = () => (outlet.ended ? end() : pump());
}
