import type { RecordedEvent } from '#event-store/event.js';
import type { EventStore } from '#event-store/port.js';
import { CheckpointConflict, type ViewStore } from '#view-store/port.js';
import { Backoff } from './backoff.js';
import { Leadership } from './leadership.js';
import { isInLog } from './log-check.js';
import { type EngineLog, messageOf } from './log.js';
import type { EngineOptions } from './options.js';
import { loadParkedKeys, type ParkedKey } from './parking.js';
import { Progress, type ViewStatus } from './progress.js';
import { retireEarlier } from './retire.js';
import type { OpenEvents, View, ViewEvent } from './view.js';

export interface Surroundings {
  readonly events: EventStore;
  readonly views: ViewStore;
  readonly open: OpenEvents;
  readonly holder: string;
  readonly retireEarlier: boolean;
  readonly options: EngineOptions;
  readonly log: EngineLog;
}

/** Events of the log, without a gap after `after`. */
export interface Batch {
  readonly after: bigint | null;
  readonly events: readonly RecordedEvent[];
  /** True when nothing more was stored at the time. */
  readonly live: boolean;
  /** How many events a commit may hold; 0: commits at once. */
  readonly mayWait: number;
}

/** Keys are held because more of their events will come. From so many on it is asked whether they do. */
const MANY = 4_000;
/** Events for each key that is held; with fewer it is not worth the memory. */
const COMING_BACK = 1.1;

/**
 * One view in one process: led here, or waiting to be. What it waits for is measured by the clock that is never set:
 * however far the machine's time is put back, nothing waits longer.
 */
export class ViewRunner {
  private leadership: Leadership | null = null;
  private readonly progress = new Progress();
  private readonly backoff: Backoff;
  private renewedAt = 0;
  /** Since when it has been live, with its indexes, by `performance.now()`; null: it is not yet. */
  private liveSince: number | null = null;
  private dueAt = 0;
  private parkedElsewhere = 0;
  /** Rows have lost personal data that may still be in the store's files. */
  private toPurge = false;
  /** Earlier versions of the view may still be stored. */
  private toRetire: boolean;

  constructor(
    readonly view: View,
    private readonly around: Surroundings,
  ) {
    this.toRetire = around.retireEarlier;
    this.backoff = new Backoff(...around.options.backoffMs);
  }

  /** What is led here; a feed that was made for it ends with it. */
  get led(): Leadership | null {
    return this.leadership;
  }

  get position(): bigint | null {
    return this.leadership === null ? this.progress.position : (this.leadership.checkpoint?.position ?? null);
  }

  /** Before this nothing is tried; by `performance.now()`. */
  get nextAttempt(): number {
    return this.dueAt;
  }

  /** Renews what is led, tries to lead what is not. @returns true when the view has been taken over just now */
  async tend(): Promise<boolean> {
    const now = performance.now();
    if (now < this.dueAt) return false;
    try {
      if (this.leadership !== null) {
        await this.renew(now);
        await this.retireEarlier(now);
        await this.purge();
        return false;
      }
      this.dueAt = now + this.around.options.tickMs;
      return await this.tryToLead(now);
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  private async renew(now: number): Promise<void> {
    const { views, holder, options } = this.around;
    if (now - this.renewedAt < options.leaseTtlMs / 3) return;
    const lease = await views.acquireLease(this.view.schema, holder, options.leaseTtlMs);
    if (lease !== null && lease.epoch === this.leadership?.epoch) this.renewedAt = now;
    else this.standDown('another process leads it now');
  }

  /** What they hold nobody keeps up to date: what is erased from the log's keys would stay in them. */
  private async retireEarlier(now: number): Promise<void> {
    const { views, holder, options, log } = this.around;
    if (!this.toRetire || this.liveSince === null || now < this.liveSince + options.retireAfterMs) return;
    const { schema } = this.view;
    const note = (level: 'info' | 'warn', message: string, error?: unknown): void =>
      log({ level, view: schema.view, message, error });
    try {
      const isDone = await retireEarlier(views, schema, holder, options.leaseTtlMs, (version) => {
        this.toPurge ||= schema.personal === true;
        note('info', `version ${version} is removed: version ${schema.version} has caught up`);
      });
      this.toRetire = !isDone;
    } catch (error) {
      note('warn', `earlier versions are not removed yet: ${messageOf(error)}`, error);
    }
  }

  private async tryToLead(now: number): Promise<boolean> {
    const { views, events, holder, options, log } = this.around;
    const { schema } = this.view;
    await views.prepare(schema);
    const lease = await views.acquireLease(schema, holder, options.leaseTtlMs);
    if (lease === null) {
      this.progress.seen((await views.checkpoint(schema))?.position ?? null);
      this.parkedElsewhere = (await loadParkedKeys(views, schema)).length;
      this.progress.succeeded();
      return false;
    }
    const checkpoint = await views.checkpoint(schema);
    if (checkpoint !== null && !(await isInLog(events, checkpoint))) {
      log({
        level: 'warn',
        view: schema.view,
        message: `the log does not hold the view's last event (position ${checkpoint.position}): it was restored from a backup; the view is built anew`,
      });
      await views.drop(schema);
      await views.prepare(schema);
    }
    this.leadership = await Leadership.take(this.view, views, lease.epoch, options.cachedStates);
    this.renewedAt = now;
    this.dueAt = 0;
    this.liveSince = null;
    this.progress.seen(this.position);
    log({
      level: 'info',
      view: schema.view,
      message: `leads from position ${this.position ?? 'none'}, epoch ${lease.epoch}`,
    });
    return true;
  }

  /** Folds a batch. @returns false when the view is not led any more; the feed leaves it alone then */
  async apply(leadership: Leadership, batch: Batch): Promise<boolean> {
    if (this.leadership !== leadership) return false;
    const { events, live } = batch;
    try {
      const parked = leadership.parked.size;
      await this.fold(leadership, batch);
      if (leadership.parked.size > parked) this.reportParked(leadership);
      this.progress.applied(leadership.checkpoint?.position ?? null, events.at(-1)?.metadata.recordedAt, live);
      if (live && this.liveSince === null) {
        await this.around.views.createIndexes(this.view.schema);
        this.liveSince = performance.now();
      }
      this.progress.succeeded();
      this.backoff.reset();
    } catch (error) {
      if (this.leadership === leadership) this.fail(error);
    }
    return this.leadership === leadership;
  }

  private async fold(leadership: Leadership, { after, events, mayWait }: Batch): Promise<void> {
    const { waiting } = leadership;
    const isFull = waiting.events + events.length >= mayWait || this.holdsEnough(waiting);
    const { erases } = this.view;
    if (erases !== undefined && events.some(erases)) this.toPurge = true;
    const opened = await this.opened(events);
    if (!isFull) return leadership.gather(opened, after);
    await leadership.apply(opened, after);
    await this.purge();
    for (const key of leadership.takeRoughlyParked()) await leadership.retry(key, (places) => this.readAt(places));
  }

  private holdsEnough({ held, touched }: Leadership['waiting']): boolean {
    const { heldStates, heldRows } = this.around.options;
    if (this.view.states === 'none') return held >= (this.liveSince === null ? heldRows : heldStates);
    return held >= heldStates || (held >= MANY && touched < COMING_BACK * held);
  }

  /** Once what takes personal data out of the rows is committed. */
  private async purge(): Promise<void> {
    if (this.toPurge && this.leadership?.waiting.events === 0) {
      this.toPurge = !(await this.around.views.purge(this.view.schema));
    }
  }

  /** What the view looks at, with its sealed strings opened if it looks into them. */
  private async opened(events: readonly RecordedEvent[]): Promise<readonly ViewEvent[]> {
    const { opens } = this.view;
    const sealed = opens === undefined ? [] : events.filter(opens);
    if (sealed.length === 0) return events;
    const opened = new Map((await this.around.open(sealed)).map((event) => [event.position, event]));
    return events.map((event) => opened.get(event.position) ?? event);
  }

  private reportParked(leadership: Leadership): void {
    const last = leadership.parked.list().at(-1);
    this.around.log({
      level: 'error',
      view: this.view.schema.view,
      message: `${leadership.parked.size} keys are parked, the last one ${last?.key}: ${last?.error}`,
    });
  }

  private fail(error: unknown): void {
    if (error instanceof CheckpointConflict) {
      this.standDown('its checkpoint was moved by another process');
      return;
    }
    this.leadership = null;
    const pauseMs = this.backoff.next();
    this.dueAt = performance.now() + pauseMs;
    this.progress.failed(messageOf(error));
    this.around.log({
      level: 'error',
      view: this.view.schema.view,
      message: `the store failed, next attempt in ${Math.round(pauseMs)} ms: ${messageOf(error)}`,
      error,
    });
  }

  private standDown(reason: string): void {
    this.leadership = null;
    this.dueAt = performance.now() + this.backoff.next();
    this.around.log({ level: 'warn', view: this.view.schema.view, message: `leads no more: ${reason}` });
  }

  /** The event store failed under the view's feed; what is led stays led. */
  noteFeedError(error: unknown): void {
    this.progress.failed(messageOf(error));
  }

  /** What the log's end tells about the progress. */
  compareWithHead(head: bigint | null): void {
    this.progress.compared(head);
  }

  async parkedKeys(): Promise<readonly ParkedKey[]> {
    return this.leadership?.parked.list() ?? loadParkedKeys(this.around.views, this.view.schema);
  }

  /** @throws Error the view is led elsewhere */
  async retry(key: string): Promise<boolean> {
    const { leadership } = this;
    if (leadership === null) throw new Error(`view ${this.view.schema.view} is not led by this process`);
    try {
      return await leadership.retry(key, (positions) => this.readAt(positions));
    } catch (error) {
      if (this.leadership === leadership) this.fail(error);
      throw error;
    }
  }

  private async readAt(positions: readonly bigint[]): Promise<readonly ViewEvent[]> {
    const found: RecordedEvent[] = [];
    for (const position of positions) {
      const [event] = await this.around.events.readAll(position > 0n ? position - 1n : null, 1);
      if (event?.position !== position) throw new Error(`the log has no event at position ${position}`);
      found.push(event);
    }
    return this.opened(found);
  }

  /** Commits what is folded, and gives the lease back. */
  async release(): Promise<void> {
    const { leadership } = this;
    if (leadership === null) return;
    await leadership.apply([], null).catch(() => undefined);
    this.leadership = null;
    await this.around.views.releaseLease(this.view.schema, this.around.holder).catch(() => undefined);
  }

  status(): ViewStatus {
    const { view, version } = this.view.schema;
    return {
      view,
      version,
      leading: this.leadership !== null,
      position: this.position,
      parked: this.leadership?.parked.size ?? this.parkedElsewhere,
      ...this.progress.status(this.around.options.stalledAfterMs),
    };
  }
}
