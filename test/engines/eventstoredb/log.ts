import { randomUUID } from 'node:crypto';
import { checkCommit, NO_STREAM, type CommitDecision } from './commit-check.js';
import { isAtOrAfter, sizeInLog, TOMBSTONE_REVISION } from './stored-event.js';
import type { Position, ProposedEvent, StoredEvent } from './stored-event.js';
import {
  DELETED,
  metastreamOf,
  originalOf,
  readMetadata,
  recreatedFrom,
  type StreamMetadata,
} from './stream-metadata.js';

export type WriteResult =
  | { readonly result: 'success'; readonly revision: bigint; readonly position: bigint }
  | { readonly result: 'wrong-version'; readonly current: bigint }
  | { readonly result: 'deleted' };

interface Stream {
  /** At the index of its revision. */
  readonly events: StoredEvent[];
  readonly revisions: Map<string, bigint>;
  tombstoned: boolean;
}

/** What the server stores: one log in memory, kept over restarts. Told to those who listen, event by event. */
export class Log {
  readonly #all: StoredEvent[] = [];
  readonly #streams = new Map<string, Stream>();
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  #end = 0n;

  constructor() {
    // A fresh node has written these before the first client comes.
    this.#store('$user-admin', [systemEvent('$UserCreated', '{"loginName":"admin"}')]);
    this.#store('$users', [systemEvent('$User', 'admin')]);
    this.#store(metastreamOf('$stats-127.0.0.1:2113'), [systemEvent('$metadata', '{"$maxAge":86400}')]);
  }

  /** Where the next record begins. */
  get end(): bigint {
    return this.#end;
  }

  get length(): number {
    return this.#all.length;
  }

  at(index: number): StoredEvent | undefined {
    return this.#all[index];
  }

  /** Index of the first event at or after a position. */
  indexOf(position: Position): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.#all[middle];
      if (event !== undefined && isAtOrAfter(event, position)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Whether a record begins here, or the log ends here; a reader that is sent elsewhere fails. */
  isBoundary({ commit }: Position): boolean {
    if (commit <= 0n || commit >= this.#end) return true;
    return this.#all[this.indexOf({ commit, prepare: 0n })]?.position === commit;
  }

  eventsOf(stream: string): readonly StoredEvent[] {
    return this.#streams.get(stream)?.events ?? [];
  }

  isTombstoned(stream: string): boolean {
    return this.#streams.get(stream)?.tombstoned ?? false;
  }

  metadataOf(stream: string): StreamMetadata {
    return readMetadata(this.eventsOf(metastreamOf(stream)).at(-1));
  }

  append(stream: string, expected: bigint, events: readonly ProposedEvent[]): WriteResult {
    const check = this.#check(stream, expected, events);
    if (check.decision === 'idempotent') {
      const { revision } = check;
      return { result: 'success', revision, position: this.eventsOf(stream)[Number(revision)]?.position ?? -1n };
    }
    if (check.decision !== 'store') return refused(check);
    if (events.length === 0) return this.#storeNothing(stream);
    const softDeleted = this.metadataOf(stream).softDeleted;
    const original = originalOf(stream);
    const originalDeleted = original !== null && this.metadataOf(original).softDeleted;
    const before = this.eventsOf(stream).length;
    const stored = this.#store(stream, events);
    if (softDeleted) this.#recreate(stream, BigInt(before));
    if (originalDeleted) this.#recreate(original, BigInt(this.eventsOf(original).length));
    return { result: 'success', revision: stored.revision, position: stored.position };
  }

  /** Hides what the stream holds: a metadata event that truncates all of it. Its revisions will go on. */
  softDelete(stream: string, expected: bigint): WriteResult {
    const check = this.#check(stream, expected, [systemEvent('$metadata', '')]);
    if (check.decision !== 'store') return refused(check);
    const metastream = metastreamOf(stream);
    if (this.eventsOf(stream).length === 0 && this.eventsOf(metastream).length === 0) {
      return { result: 'wrong-version', current: NO_STREAM };
    }
    const stored = this.#store(metastream, [systemEvent('$metadata', `{"$tb":${DELETED}}`)]);
    return { result: 'success', revision: stored.revision, position: stored.position };
  }

  /** Ends the stream for good with an event in the stream itself. */
  tombstone(stream: string, expected: bigint): WriteResult {
    const check = this.#check(stream, expected, [systemEvent('$streamDeleted', '')]);
    if (check.decision !== 'store') return refused(check);
    const event = this.#record(stream, systemEvent('$streamDeleted', ''), TOMBSTONE_REVISION);
    this.#stream(stream).tombstoned = true;
    return { result: 'success', revision: event.revision, position: event.position };
  }

  /** Calls for every event from now on; gives back what ends it. */
  listen(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #check(name: string, expected: bigint, events: readonly ProposedEvent[]): CommitDecision {
    const stream = this.#streams.get(name);
    return checkCommit(
      {
        current: BigInt((stream?.events.length ?? 0) - 1),
        tombstoned: stream?.tombstoned ?? false,
        softDeleted: this.metadataOf(name).softDeleted,
        hasMetadata: this.eventsOf(metastreamOf(name)).length > 0,
        idAt: (revision) => stream?.events[Number(revision)]?.id,
        revisionOf: (id) => stream?.revisions.get(id),
      },
      expected,
      events.map(({ id }) => id),
    );
  }

  #store(name: string, events: readonly ProposedEvent[]): StoredEvent {
    const stream = this.#stream(name);
    const stored = events.map((event) => {
      const revision = BigInt(stream.events.length);
      const record = this.#record(name, event, revision);
      stream.events.push(record);
      stream.revisions.set(event.id, revision);
      return record;
    });
    for (const event of stored) this.#tell(event);
    return stored[stored.length - 1] as StoredEvent;
  }

  #record(stream: string, event: ProposedEvent, revision: bigint): StoredEvent {
    const position = this.#end;
    this.#end += sizeInLog(stream, event);
    const stored = { ...event, stream, revision, position, end: this.#end, created: Date.now() };
    this.#all.push(stored);
    if (revision === TOMBSTONE_REVISION) this.#tell(stored);
    return stored;
  }

  /** An append of no events writes a record that no reader is shown. */
  #storeNothing(stream: string): WriteResult {
    const position = this.#end;
    this.#end += sizeInLog(stream, systemEvent('', ''));
    return { result: 'success', revision: BigInt(this.eventsOf(stream).length - 1), position };
  }

  #recreate(stream: string, from: bigint): void {
    const metastream = metastreamOf(stream);
    const metadata = recreatedFrom(this.eventsOf(metastream).at(-1), from);
    this.#store(metastream, [systemEvent('$metadata', metadata)]);
  }

  #stream(name: string): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = { events: [], revisions: new Map(), tombstoned: false };
      this.#streams.set(name, stream);
    }
    return stream;
  }

  #tell(event: StoredEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function refused(check: Exclude<CommitDecision, { decision: 'store' }>): WriteResult {
  if (check.decision === 'idempotent')
    throw new Error('a deletion has an id of its own and never stands there already');
  return check.decision === 'deleted' ? { result: 'deleted' } : { result: 'wrong-version', current: check.current };
}

function systemEvent(type: string, data: string): ProposedEvent {
  return { id: randomUUID(), type, isJson: data.startsWith('{'), data: Buffer.from(data), metadata: Buffer.of() };
}
