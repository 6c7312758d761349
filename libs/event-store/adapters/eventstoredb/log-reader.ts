import { BACKWARDS, END, FORWARDS, START, StreamDeletedError, StreamNotFoundError } from '@eventstore/db-client';
import type { EventStoreDBClient, ReadPosition, ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import type { RecordedEvent } from '../../event.js';
import { StoreUnavailable, type ReadStreamOptions } from '../../port.js';
import { asError, mayBeginNowhere, readFailure } from './eventstoredb-errors.js';
import { isOurs, recordedEvent } from './recorded-event.js';

/** Events of whatever kind that one read of $all asks for at most. */
const LARGEST_PAGE = 4_096;
const FIRST_PAGE_BACKWARDS = 8;

/** Positions that a read backwards has met. */
interface Seen {
  newest: bigint | null;
  oldest: bigint | null;
  /** The newest of ours. */
  ours: bigint | null;
}

/** Reads from the server. All methods throw StoreUnavailable. */
export class LogReader {
  readonly #client: EventStoreDBClient;
  readonly #timeoutMs: number;
  /** The last event of ours that was seen, and how far back of the end nothing newer of ours has to be looked for. */
  #head: bigint | null = null;
  #searched: bigint | null = null;

  /** @param timeoutMs how long a read may go without the next event: the client sets no deadline */
  constructor(client: EventStoreDBClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /** Events of one stream; none when it does not exist, was deleted, or has a tombstone. */
  async stream(stream: string, { from, direction = 'forward', limit }: ReadStreamOptions): Promise<RecordedEvent[]> {
    if (limit === 0) return [];
    const backward = direction === 'backward';
    const events: RecordedEvent[] = [];
    try {
      const read = this.#client.readStream(stream, {
        direction: backward ? BACKWARDS : FORWARDS,
        fromRevision: from === undefined ? (backward ? END : START) : BigInt(from),
        ...(limit === undefined ? {} : { maxCount: limit }),
      });
      await this.#each(read, (resolved) => {
        const event = recordedEvent(resolved);
        if (event !== null) events.push(event);
      });
    } catch (error) {
      if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return [];
      throw readFailure(error);
    }
    return events;
  }

  /**
   * At most `limit` events of ours after a position. The server reads only from where a record begins; a position
   * elsewhere is most likely that before an event, or else of another log: then it is looked for from the start.
   */
  async after(position: bigint | null, limit: number): Promise<RecordedEvent[]> {
    if (position === null) return this.#from(START, null, limit);
    for (const from of [position, position + 1n]) {
      try {
        return await this.#from({ commit: from, prepare: from }, position, limit);
      } catch (error) {
        if (!mayBeginNowhere(error)) throw error;
      }
    }
    return this.#from(START, position, limit);
  }

  /** A read of $all takes no filter in this version of the client, and begins at its position, not after it. */
  async #from(start: ReadPosition, after: bigint | null, limit: number): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    let from = start;
    let last: bigint | null = null;
    let page = limit + 1;
    while (events.length < limit) {
      const maxCount = Math.min(LARGEST_PAGE, Math.max(page, limit - events.length + 1));
      const read = this.#client.readAll({ direction: FORWARDS, fromPosition: from, maxCount });
      const count = await this.#pageOf(read, (at, resolved) => {
        const isRepeated = last !== null && at <= last;
        if (!isRepeated) last = at;
        if (isRepeated || (after !== null && at <= after) || events.length === limit) return;
        const event = recordedEvent(resolved);
        if (event !== null) events.push(event);
      });
      if (count < maxCount || last === null) break;
      from = { commit: last, prepare: last };
      page *= 2;
    }
    return events;
  }

  /** Position of the last event of ours: $all read backwards, down to what was searched before. */
  async head(): Promise<bigint | null> {
    const seen: Seen = { newest: null, oldest: null, ours: null };
    let from: ReadPosition = END;
    for (let maxCount = FIRST_PAGE_BACKWARDS; ; maxCount = Math.min(LARGEST_PAGE, maxCount * 4)) {
      const read = this.#client.readAll({ direction: BACKWARDS, fromPosition: from, maxCount });
      const count = await this.#pageOf(read, (at, resolved) => {
        seen.newest ??= at;
        seen.oldest = at;
        if (seen.ours === null && isOurs(resolved)) seen.ours = at;
      });
      const { oldest } = seen;
      const whole = count < maxCount || oldest === null || (this.#searched !== null && oldest <= this.#searched);
      if (seen.ours !== null || whole) return this.#noteHead(seen);
      from = { commit: oldest, prepare: oldest };
    }
  }

  /** Where an event is. */
  async positionOf(stream: string, revision: number): Promise<bigint> {
    const [event] = await this.stream(stream, { from: revision, limit: 1 });
    if (event?.revision === revision) return event.position;
    throw new StoreUnavailable(`EventStoreDB has no position of revision ${revision} of ${stream}`, false);
  }

  #noteHead({ newest, ours }: Seen): bigint | null {
    if (newest !== null && (this.#searched === null || newest > this.#searched)) this.#searched = newest;
    if (ours !== null && (this.#head === null || ours > this.#head)) this.#head = ours;
    return this.#head;
  }

  async #pageOf(
    read: StreamingRead<ResolvedEvent>,
    handle: (position: bigint, event: ResolvedEvent) => void,
  ): Promise<number> {
    let count = 0;
    try {
      await this.#each(read, (resolved) => {
        count += 1;
        const position = resolved.event?.position;
        if (position !== undefined) handle(position.commit, resolved);
      });
    } catch (error) {
      throw readFailure(error);
    }
    return count;
  }

  /** Hands over each event as it comes; gives up when none comes for too long. */
  async #each(read: StreamingRead<ResolvedEvent>, handle: (event: ResolvedEvent) => void): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(
          () => reject(new StoreUnavailable('EventStoreDB did not answer a read in time', true)),
          this.#timeoutMs,
        );
        read
          .on('data', (event: ResolvedEvent) => {
            timer?.refresh();
            try {
              handle(event);
            } catch (error) {
              reject(asError(error));
            }
          })
          .on('error', reject)
          .on('end', resolve)
          .on('close', () => reject(new StoreUnavailable('EventStoreDB broke a read off', true)));
      });
    } finally {
      clearTimeout(timer);
      // The server's side of a read that is left early stays open otherwise, and disposing of the client waits for it.
      if (!read.readableEnded) leave(read);
    }
  }
}

function leave(read: StreamingRead<ResolvedEvent>): void {
  read.removeAllListeners('data').on('error', () => undefined);
  read.cancel().catch(() => undefined);
}
