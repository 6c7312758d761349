import type { Log } from './log.js';
import { END, START, type AllRead, type StreamRead } from './read-options.js';
import { streamDeleted, unexpected } from './rpc-errors.js';
import type { StoredEvent } from './stored-event.js';
import { firstReadable } from './stream-metadata.js';

/**
 * What a read of one stream gives, in order; null: the stream is not found.
 * @throws RpcError the stream has a tombstone
 */
export function* readStream(log: Log, read: StreamRead): Generator<StoredEvent, void, void> {
  const events = log.eventsOf(read.stream);
  const first = firstReadable(log.metadataOf(read.stream), events);
  let left = read.count ?? 0n;
  if (read.backwards) {
    let index = read.from === 'end' ? events.length - 1 : Math.min(Number(read.from ?? 0n), events.length - 1);
    for (; index >= first && left > 0n; index -= 1, left -= 1n) yield events[index] as StoredEvent;
    return;
  }
  if (read.from === 'end') return;
  let index = Math.max(Number(read.from ?? 0n), first);
  for (; index < events.length && left > 0n; index += 1, left -= 1n) yield events[index] as StoredEvent;
}

/** @throws RpcError the stream has a tombstone */
export function isFound(log: Log, stream: string): boolean {
  if (log.isTombstoned(stream)) throw streamDeleted(stream);
  return log.eventsOf(stream).length > 0 && !log.metadataOf(stream).softDeleted;
}

/**
 * What a read of $all gives, in order. Forwards from a position: inclusive; backwards: exclusive, as the position is
 * compared with where the records end (AllReader.cs of 23.10.6).
 * @throws RpcError no record begins at the position
 */
export function* readAll(log: Log, read: AllRead): Generator<StoredEvent, void, void> {
  const from = read.from === 'end' ? END : (read.from ?? START);
  if (!log.isBoundary(from)) throw unexpected();
  let left = read.count ?? 0n;
  const step = read.backwards ? -1 : 1;
  let index = read.backwards ? log.indexOf({ commit: from.commit, prepare: 0n }) - 1 : log.indexOf(from);
  for (; left > 0n; index += step) {
    const event = log.at(index);
    if (event === undefined) return;
    if (read.filter !== null && !read.filter.allows(event)) continue;
    left -= 1n;
    yield event;
  }
}
