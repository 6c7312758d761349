import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { PAGE } from './event-filter.js';
import type { Faults } from './faults.js';
import { feedLive } from './live-feed.js';
import type { Log } from './log.js';
import type { Outlet } from './outlet.js';
import { START, type AllRead, type StreamRead } from './read-options.js';
import { isFound } from './reads.js';
import { consumerTooSlow, unexpected } from './rpc-errors.js';
import type { Position } from './stored-event.js';
import { firstReadable } from './stream-metadata.js';
import { caughtUp, checkpoint, confirmation, eventResponse } from './wire.js';

/**
 * A subscription to $all as in Enumerators.AllSubscription and AllSubscriptionFiltered of 23.10.6: the confirmation,
 * the history in pages of 32 with their checkpoints, "caught up", then what is stored.
 */
export async function subscribeToAll(log: Log, faults: Faults, outlet: Outlet, read: AllRead): Promise<void> {
  const { filter, resolveLinks } = read;
  await faults.pass();
  if (read.from === 'end') {
    outlet.send(confirmation(randomUUID()));
    return goLive(log, faults, outlet, { stream: null, filter, resolveLinks, considered: 0 });
  }
  let page = read.from === null ? START : positionAfter(log, read.from);
  outlet.send(confirmation(randomUUID()));
  let considered = 0;
  const interval = filter?.checkpointInterval ?? Infinity;
  while (!outlet.ended) {
    let last = page;
    let found = 0;
    let index = log.indexOf(page);
    const end = index + (filter?.window ?? PAGE);
    for (; index < end && found < PAGE; index += 1) {
      const event = log.at(index);
      if (event === undefined) break;
      considered += 1;
      page = { commit: event.end, prepare: 0n };
      if (filter !== null && !filter.allows(event)) continue;
      found += 1;
      last = { commit: event.position, prepare: event.position };
      outlet.send(eventResponse(log, event, resolveLinks));
    }
    if (log.at(index) === undefined && index < end && found < PAGE) {
      return goLive(log, faults, outlet, { stream: null, filter, resolveLinks, considered });
    }
    if (considered >= interval) {
      considered %= interval;
      outlet.send(checkpoint(last));
    }
    await paused(faults, outlet);
  }
}

/** Exclusive: after the first event at or after the position, which is how 23.10.6 steps over it. */
function positionAfter(log: Log, from: Position): Position {
  if (!log.isBoundary(from)) throw unexpected();
  const event = log.at(log.indexOf(from));
  return event === undefined ? from : { commit: event.end, prepare: 0n };
}

/** A subscription to one stream (Enumerators.StreamSubscription): waits for a stream that is not there yet. */
export async function subscribeToStream(log: Log, faults: Faults, outlet: Outlet, read: StreamRead): Promise<void> {
  const { stream, resolveLinks } = read;
  await faults.pass();
  outlet.send(confirmation(randomUUID()));
  const live = { stream, filter: null, resolveLinks, considered: 0 };
  if (read.from === 'end') return goLive(log, faults, outlet, live);
  let next = read.from === null ? 0 : Number(read.from) + 1;
  while (!outlet.ended) {
    if (!isFound(log, stream)) {
      await sleep(50);
      continue;
    }
    const events = log.eventsOf(stream);
    next = Math.max(next, firstReadable(log.metadataOf(stream), events));
    for (const end = next + PAGE; next < end; next += 1) {
      const event = events[next];
      if (event === undefined) return goLive(log, faults, outlet, live);
      outlet.send(eventResponse(log, event, resolveLinks));
    }
    await paused(faults, outlet);
  }
}

function goLive(log: Log, faults: Faults, outlet: Outlet, options: Parameters<typeof feedLive>[3]): void {
  if (faults.take('abortTransitions')) return outlet.fail(consumerTooSlow('transitioning to live'));
  outlet.send(caughtUp());
  feedLive(log, faults, outlet, options);
}

/** Between two pages: others get their turn, and the reader takes what was sent. */
async function paused(faults: Faults, outlet: Outlet): Promise<void> {
  if (faults.active) await faults.pass();
  if (outlet.isBlocked) await outlet.taken();
  else await nextTurn();
}
