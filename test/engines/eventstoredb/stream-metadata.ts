import type { StoredEvent } from './stored-event.js';

/** What the stream `$$name` says about the stream `name`. */
export interface StreamMetadata {
  readonly maxCount?: number;
  /** Seconds. */
  readonly maxAge?: number;
  readonly truncateBefore?: number;
  readonly softDeleted: boolean;
}

/** `$tb` of a soft-deleted stream: long.MaxValue, which JSON.parse rounds up. */
export const DELETED = '9223372036854775807';

export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

/** The stream that a metastream is about; null for any other. */
export function originalOf(stream: string): string | null {
  return stream.startsWith('$$') ? stream.slice(2) : null;
}

/** @param last the last event of the metastream */
export function readMetadata(last: StoredEvent | undefined): StreamMetadata {
  const raw = parsed(last);
  const truncateBefore = whole(raw.$tb);
  return {
    maxCount: whole(raw.$maxCount),
    maxAge: whole(raw.$maxAge),
    truncateBefore,
    softDeleted: truncateBefore !== undefined && truncateBefore >= Number(DELETED),
  };
}

/** The metadata of a stream that is written to again after a soft delete: all as before, but truncated to here. */
export function recreatedFrom(last: StoredEvent | undefined, revision: bigint): string {
  return JSON.stringify({ ...parsed(last), $tb: Number(revision) });
}

/** First revision that may be read. */
export function firstReadable({ maxCount, maxAge, truncateBefore }: StreamMetadata, events: readonly StoredEvent[]) {
  let first = Math.max(0, truncateBefore ?? 0);
  if (maxCount !== undefined) first = Math.max(first, events.length - maxCount);
  if (maxAge !== undefined) {
    const oldest = Date.now() - maxAge * 1_000;
    while (first < events.length && (events[first]?.created ?? 0) < oldest) first += 1;
  }
  return first;
}

function parsed(last: StoredEvent | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(last?.data ?? []).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function whole(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
