import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { type EventStore, StoreUnavailable } from '#event-store/port.js';
import { ViewSchemaConflict, type ViewStore, ViewStoreUnusable } from '#view-store/port.js';
import { Feed } from './feed.js';
import { type EngineLog, messageOf } from './log.js';
import { DEFAULT_OPTIONS, type EngineOptions } from './options.js';
import type { ParkedKey } from './parking.js';
import type { ViewStatus } from './progress.js';
import type { OpenEvents, View } from './view.js';
import { ViewRunner } from './view-runner.js';

export interface EngineSettings {
  readonly events: EventStore;
  readonly views: ViewStore;
  readonly definitions: readonly View[];
  /** For views that look into sealed strings; left out: there are none. */
  readonly open?: OpenEvents;
  /** Names this process in leases: `<hostname>:<pid>:<random>`, which is the default. */
  readonly holder?: string;
  readonly log?: EngineLog;
  /**
   * Whether versions before those of the definitions are removed: each some time after its successor has caught up, when
   * nobody leads it any more. Else they stay, with whatever they hold.
   */
  readonly retireEarlier?: boolean;
  readonly options?: Partial<EngineOptions>;
}

/**
 * Keeps views up to date with the log. Each view is led by one process at a time; any number of engines may run over
 * the same stores, and take over from each other. Nothing that a store does ends it: errors are told in `status` and
 * tried again for ever.
 */
export class ProjectionEngine {
  private readonly runners: readonly ViewRunner[];
  private readonly options: EngineOptions;
  private readonly log: EngineLog;
  private readonly ending = new AbortController();
  private feeds: Feed[] = [];
  private supervising: Promise<void> | null = null;
  private comparedAt = -Infinity;
  /** Live feeds that were behind the log's end at the last comparison, and where. */
  private silent = new Map<Feed, bigint | null>();

  constructor(private readonly settings: EngineSettings) {
    this.options = { ...DEFAULT_OPTIONS, ...settings.options };
    this.log = settings.log ?? (() => undefined);
    const { events, views } = settings;
    const holder = settings.holder ?? `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
    const open: OpenEvents = settings.open ?? ((sealed) => Promise.resolve(sealed));
    const retireEarlier = settings.retireEarlier === true;
    const around = { events, views, open, holder, retireEarlier, options: this.options, log: this.log };
    this.runners = settings.definitions.map((view) => new ViewRunner(view, around));
  }

  /**
   * Starts to lead what no other process leads.
   * @throws ViewSchemaConflict, ViewStoreUnusable, TypeError: what trying again would not mend
   */
  async start(): Promise<void> {
    if (this.supervising !== null) throw new Error('the engine was started before');
    for (const { view } of this.runners) {
      try {
        await this.settings.views.prepare(view.schema);
      } catch (error) {
        if (isFinal(error)) throw error;
        this.log({ level: 'error', view: view.schema.view, message: messageOf(error), error });
      }
    }
    this.supervising = this.supervise();
  }

  /** Finishes the commit that is under way, gives the leases back and ends. The stores stay open. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.supervising;
    await Promise.all(this.feeds.map((feed) => feed.stop()));
    this.feeds = [];
    for (const runner of this.runners) await runner.release();
  }

  status(): readonly ViewStatus[] {
    return this.runners.map((runner) => runner.status());
  }

  /** The keys of a view that are parked, wherever it is led. */
  async parkedKeys(view: string, version?: number): Promise<readonly ParkedKey[]> {
    return this.runner(view, version).parkedKeys();
  }

  /**
   * Folds a parked key's events again, for instance after a mistake in the view has been corrected.
   * @returns whether the key is free; false: one of its events failed again
   * @throws Error the view is led by another process
   */
  async retry(view: string, key: string, version?: number): Promise<boolean> {
    return this.runner(view, version).retry(key);
  }

  private runner(view: string, version: number | undefined): ViewRunner {
    const found = this.runners.find(
      ({ view: { schema } }) => schema.view === view && (version === undefined || schema.version === version),
    );
    if (found === undefined) throw new TypeError(`there is no view "${view}"`);
    return found;
  }

  private async supervise(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const taken: ViewRunner[] = [];
      for (const runner of this.runners) {
        if (signal.aborted) return;
        if (await runner.tend()) taken.push(runner);
      }
      await this.closeEmptyFeeds();
      if (taken.length > 0) this.open(taken);
      await this.joinLiveFeeds();
      await this.compareWithHead();
      await pause(this.untilNextTurn(), undefined, { signal }).catch(() => undefined);
    }
  }

  private async closeEmptyFeeds(): Promise<void> {
    const empty = this.feeds.filter((feed) => feed.isEmpty);
    this.feeds = this.feeds.filter((feed) => !empty.includes(feed));
    await Promise.all(empty.map((feed) => feed.stop()));
  }

  private open(runners: Iterable<ViewRunner>): void {
    const { events } = this.settings;
    const feed = new Feed(runners, events, this.options, () => this.batchSize(), this.log);
    this.feeds.push(feed.start());
  }

  private batchSize(): number {
    return this.feeds.some((feed) => feed.isLive) ? this.options.sharedBatchSize : this.options.batchSize;
  }

  /** Views that were taken over at different times are fed apart until they have caught up. */
  private async joinLiveFeeds(): Promise<void> {
    const live = this.feeds.filter((feed) => feed.isLive);
    if (live.length > 1) await this.reopen(live);
  }

  private async reopen(feeds: readonly Feed[]): Promise<void> {
    await Promise.all(feeds.map((feed) => feed.stop()));
    this.feeds = this.feeds.filter((feed) => !feeds.includes(feed));
    this.open(feeds.flatMap((feed) => feed.runners));
  }

  /** A subscription that has fallen silent looks the same as a log without news, but for the log's end. */
  private async compareWithHead(): Promise<void> {
    const now = performance.now();
    if (now - this.comparedAt < this.options.stalledAfterMs / 5) return;
    this.comparedAt = now;
    try {
      const head = await this.settings.events.head();
      for (const runner of this.runners) runner.compareWithHead(head);
      const silent = this.feeds.filter((feed) => feed.isLive && head !== null && (feed.position ?? -1n) < head);
      const still = silent.filter((feed) => this.silent.get(feed) === feed.position);
      this.silent = new Map(silent.map((feed) => [feed, feed.position]));
      if (still.length === 0) return;
      this.log({
        level: 'warn',
        view: null,
        message: 'the subscription is silent though there are events: it is made anew',
      });
      await this.reopen(still);
    } catch (error) {
      const message = `the end of the log cannot be told: ${messageOf(error)}`;
      this.log({ level: error instanceof StoreUnavailable ? 'warn' : 'error', view: null, message, error });
    }
  }

  private untilNextTurn(): number {
    const now = performance.now();
    const due = this.runners.filter((runner) => runner.led === null).map((runner) => runner.nextAttempt - now);
    return Math.max(1, Math.min(this.options.tickMs, ...due));
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof ViewSchemaConflict || error instanceof ViewStoreUnusable || error instanceof TypeError;
}
