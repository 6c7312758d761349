import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { EventStore } from '#event-store/port.js';
import { Backoff } from './backoff.js';
import type { Leadership } from './leadership.js';
import type { EngineLog } from './log.js';
import { messageOf } from './log.js';
import type { EngineOptions } from './options.js';
import { gather } from './subscription-batches.js';
import type { Batch, ViewRunner } from './view-runner.js';

/**
 * One subscription, fanned out to several views: each event is read and decoded once. It starts at the view that is
 * furthest behind; the others skip what they have.
 */
export class Feed {
  private readonly ending = new AbortController();
  private readonly members = new Map<ViewRunner, Leadership>();
  private running: Promise<void> = Promise.resolve();
  private live = false;

  constructor(
    runners: Iterable<ViewRunner>,
    private readonly events: EventStore,
    private readonly options: EngineOptions,
    private readonly batchSize: () => number,
    private readonly log: EngineLog,
  ) {
    for (const runner of runners) if (runner.led !== null) this.members.set(runner, runner.led);
  }

  /** Caught up with the log: everything that is new comes as it is stored. */
  get isLive(): boolean {
    return this.live;
  }

  /** The views that are still led as they were when the feed was made. */
  get runners(): readonly ViewRunner[] {
    return [...this.members].filter(([runner, leadership]) => runner.led === leadership).map(([runner]) => runner);
  }

  get isEmpty(): boolean {
    return this.runners.length === 0;
  }

  /** The position that the feed has reached with all its views. */
  get position(): bigint | null {
    let least: bigint | null = null;
    for (const { position } of this.runners) {
      if (position === null) return null;
      if (least === null || position < least) least = position;
    }
    return least;
  }

  start(): this {
    this.running = this.run();
    return this;
  }

  /** Ends after the commit that is under way. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(...this.options.backoffMs);
    while (!this.ending.signal.aborted && !this.isEmpty) {
      try {
        await this.follow(backoff);
      } catch (error) {
        if (this.ending.signal.aborted) return;
        this.reportBroken(error);
      }
      this.live = false;
      if (this.ending.signal.aborted || this.isEmpty) return;
      await pause(backoff.next(), undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  private async follow(backoff: Backoff): Promise<void> {
    let after = this.position;
    const subscription = this.events.subscribe(after, this.ending.signal);
    const { chunkSize, lingerMs, liveLingerMs } = this.options;
    const chunk = (): number => Math.min(chunkSize, this.batchSize());
    for await (const { events, live, more } of gather(subscription, chunk, lingerMs, liveLingerMs)) {
      const size = chunk();
      for (let first = 0; first === 0 || first < events.length; first += size) {
        const part = events.slice(first, first + size);
        const isLast = first + size >= events.length;
        const mayWait = isLast && !more ? 0 : this.batchSize();
        await this.handOut({ after, events: part, live: live && isLast, mayWait });
        after = part.at(-1)?.position ?? after;
        // The subscription ends with the signal: without it, leaving the loop would wait for the next event.
        if (this.isEmpty) this.ending.abort();
        if (this.ending.signal.aborted) return;
      }
      this.live = live;
      backoff.reset();
    }
  }

  private async handOut(batch: Batch): Promise<void> {
    for (const [runner, leadership] of this.members) {
      if (this.ending.signal.aborted) return;
      if (!(await runner.apply(leadership, batch))) this.members.delete(runner);
      // An embedded store works in this thread: let the leases be renewed and the process be stopped in between.
      await nextTurn();
    }
  }

  private reportBroken(error: unknown): void {
    for (const runner of this.members.keys()) runner.noteFeedError(error);
    this.log({ level: 'error', view: null, message: `the subscription broke: ${messageOf(error)}`, error });
  }
}
