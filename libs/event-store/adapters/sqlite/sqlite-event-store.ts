import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { checkLimit, checkRevision, encodeAppend, isStorable } from '../../append-encoding.js';
import type { EventData, RecordedEvent } from '../../event.js';
import {
  StoreUnavailable,
  type AppendResult,
  type EventStore,
  type ReadStreamOptions,
  type SubscriptionBatch,
} from '../../port.js';
import { Convoy, type Place } from './convoy.js';
import { openEventsFile, type EventsFile } from './events-file.js';
import { HeadWatch } from './head-watch.js';
import { LogReader } from './log-reader.js';
import { SharedPages } from './shared-pages.js';
import { isBusy, readFailure } from './sqlite-errors.js';
import { startWriterThread, Writer } from './writer.js';

export interface SqliteEventStoreOptions {
  /** Events in one batch of a subscription at most; default 250. Few are forgotten young. */
  readonly batchSize?: number;
  /** Milliseconds between two looks for the appends of other processes; default 15. */
  readonly pollMs?: number;
}

/** Events that are read in one go: about 1 ms of the caller's event loop. */
const PAGE = 250;
/** How long to wait for another process that is creating the file. */
const OPEN_TIMEOUT_MS = 10_000;

/**
 * The embedded event store: one SQLite file on a local disk, shared by any number of instances, threads and processes
 * of one host. Appends are durable when they are answered (WAL, `synchronous = FULL`) and are written by a thread of
 * their own, which starts at the first append: a store that is only read has none. Reads run on the calling thread.
 *
 * A failed writer leaves the store usable: the appends that were with it are answered with StoreUnavailable, and the
 * next append starts over. An open subscription keeps its process alive, as a connection would; nothing does after
 * close(), which ends it with StoreUnavailable.
 */
export class SqliteEventStore implements EventStore {
  readonly #reader: LogReader;
  readonly #writer: Writer;
  readonly #watch: HeadWatch;
  readonly #pages: SharedPages;
  readonly #convoy: Convoy;
  #closing: Promise<void> | undefined;

  private constructor(path: string, reader: LogReader, options: SqliteEventStoreOptions) {
    this.#reader = reader;
    this.#watch = new HeadWatch(() => reader.head(), options.pollMs ?? 15);
    this.#pages = new SharedPages(
      (after, limit) => reader.after(after, limit),
      options.batchSize ?? PAGE,
      () => this.#watch.head,
    );
    this.#convoy = new Convoy((position) => this.#pages.has(position));
    this.#writer = new Writer(
      () => startWriterThread(path),
      () => this.#watch.look(),
    );
  }

  /**
   * Opens the log; creates the file, and its folder, if it is missing.
   * @throws UnusableEventsFile another program's file, another schema version, damaged, or not to be opened at all
   * @throws StoreUnavailable another process holds the file for longer than 10 s
   */
  static async open(path: string, options: SqliteEventStoreOptions = {}): Promise<SqliteEventStore> {
    const db = await openPatiently(path);
    return new SqliteEventStore(path, new LogReader(db), options);
  }

  async append(stream: string, expectedRevision: number, events: readonly EventData[]): Promise<AppendResult> {
    this.#assertOpen();
    return this.#writer.append(encodeAppend(stream, expectedRevision, events));
  }

  async readStream(stream: string, options: ReadStreamOptions = {}): Promise<readonly RecordedEvent[]> {
    const { direction = 'forward', from, limit } = options;
    if (from !== undefined) checkRevision(from);
    if (limit !== undefined) checkLimit(limit);
    // SQLite takes the text before a NUL for the whole name.
    if (!isStorable(stream)) return [];
    return this.#readPages(limit ?? Infinity, (last, size) =>
      direction === 'forward'
        ? this.#reader.forward(stream, last === undefined ? (from ?? 0) : last.revision + 1, size)
        : this.#reader.backward(
            stream,
            last === undefined ? (from ?? Number.MAX_SAFE_INTEGER) : last.revision - 1,
            size,
          ),
    );
  }

  async readAll(after: bigint | null, limit: number): Promise<readonly RecordedEvent[]> {
    checkLimit(limit);
    return this.#readPages(limit, (last, size) => this.#reader.after(last?.position ?? after, size));
  }

  async *subscribe(after: bigint | null, signal: AbortSignal): AsyncGenerator<SubscriptionBatch, void, void> {
    const place: Place = { position: after };
    let live = false;
    try {
      while (!signal.aborted) {
        // Also lets the answers of appends in: a caller that subscribes in a tight loop would otherwise starve them.
        await nextTurn();
        if (!live) await this.#convoy.waitForOthers(place);
        this.#assertOpen();
        if (signal.aborted) return;
        const { events, isEnd } = this.#pages.after(place.position);
        if (events.length > 0 || isEnd !== live) {
          live = isEnd;
          place.position = events.at(-1)?.position ?? place.position;
          if (live) this.#convoy.leave(place);
          else this.#convoy.join(place);
          yield { events, position: place.position, live };
        }
        if (live) await this.#watch.beyond(place.position, signal);
      }
    } finally {
      this.#convoy.leave(place);
    }
  }

  async head(): Promise<bigint | null> {
    this.#assertOpen();
    return this.#reader.head();
  }

  /**
   * What SQLite itself finds wrong with the file, sentence by sentence; it reads all of it on the calling thread.
   * @throws StoreUnavailable
   */
  async fileFaults(): Promise<readonly string[]> {
    this.#assertOpen();
    return this.#reader.faults();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#watch.close();
    this.#reader.close();
    // The last connection to let go of the file empties the WAL into it; that work is the writer thread's.
    await this.#writer.close();
  }

  async #readPages(
    limit: number,
    read: (last: RecordedEvent | undefined, size: number) => RecordedEvent[],
  ): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (;;) {
      this.#assertOpen();
      const size = Math.min(PAGE, limit - events.length);
      const page = size === 0 ? [] : read(events.at(-1), size);
      if (events.length === 0 && page.length < PAGE) return page;
      for (const event of page) events.push(event);
      if (page.length < PAGE || events.length === limit) return events;
      await nextTurn();
    }
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new StoreUnavailable('the event store is closed', true);
  }
}

async function openPatiently(path: string): Promise<EventsFile> {
  const deadline = performance.now() + OPEN_TIMEOUT_MS;
  for (;;) {
    try {
      return openEventsFile(path, 'reader');
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > deadline) throw readFailure(error);
      await sleep(20);
    }
  }
}
