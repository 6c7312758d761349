/** Expected versions as the server numbers them (EventStore.Core.Data.ExpectedVersion). */
export const ANY = -2n;
export const NO_STREAM = -1n;
export const STREAM_EXISTS = -4n;

export type CommitDecision =
  | { readonly decision: 'store' }
  /** The very same events stand there: their last one's revision. */
  | { readonly decision: 'idempotent'; readonly revision: bigint }
  | { readonly decision: 'wrong-version'; readonly current: bigint }
  | { readonly decision: 'deleted' };

/** What the check needs to know of the stream. */
export interface StreamState {
  /** Revision of the last event, -1n without any. */
  readonly current: bigint;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  readonly hasMetadata: boolean;
  idAt(revision: bigint): string | undefined;
  /** Where an event of this id was last written to this stream. */
  revisionOf(id: string): bigint | undefined;
}

/**
 * The idempotence rules of the server: IndexWriter.CheckCommit of EventStoreDB 23.10.6
 * (src/EventStore.Core/Services/Storage/ReaderIndex/IndexWriter.cs). Ids are compared, not bytes.
 */
export function checkCommit(stream: StreamState, expected: bigint, ids: readonly string[]): CommitDecision {
  const { current } = stream;
  const wrongVersion = { decision: 'wrong-version', current } as const;
  if (stream.tombstoned) return { decision: 'deleted' };
  if (expected === STREAM_EXISTS) {
    if (stream.softDeleted) return { decision: 'deleted' };
    if (current < 0n && !stream.hasMetadata) return wrongVersion;
  }
  if (expected === ANY || expected === STREAM_EXISTS) {
    let revision: bigint | undefined;
    for (const [index, id] of ids.entries()) {
      revision = stream.revisionOf(id);
      if (revision === undefined) return index === 0 ? { decision: 'store' } : wrongVersion;
    }
    return revision === undefined ? { decision: 'store' } : { decision: 'idempotent', revision };
  }
  if (expected > current) return wrongVersion;
  // With the current tail as expected version the server does not look at ids at all.
  if (expected === current) return { decision: 'store' };
  for (const [index, id] of ids.entries()) {
    const revision = expected + 1n + BigInt(index);
    if (stream.idAt(revision) === id) continue;
    return index === 0 && expected === NO_STREAM && stream.softDeleted ? { decision: 'store' } : wrongVersion;
  }
  return ids.length === 0 ? wrongVersion : { decision: 'idempotent', revision: expected + BigInt(ids.length) };
}
