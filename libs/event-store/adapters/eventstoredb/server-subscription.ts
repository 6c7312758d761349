import { setImmediate as nextTurn } from 'node:timers/promises';
import { START, streamNameFilter } from '@eventstore/db-client';
import type { AllStreamSubscription, EventStoreDBClient, Position, ResolvedEvent } from '@eventstore/db-client';
import { CATEGORIES } from '../../streams.js';

/** Considered events between two checkpoints are this many windows of 32. */
const CHECKPOINT_WINDOWS = 8;

/** What has come of a subscription since the last look. */
export interface Taken {
  readonly events: readonly ResolvedEvent[];
  /** All before it was taken, now or earlier; null: no new one. */
  readonly checkpoint: Position | null;
  /** The server has said that it has caught up, and all that came before that was taken. */
  readonly caughtUp: boolean;
  /** More has come already. */
  readonly more: boolean;
}

/** A word of the server that is true once so many events were taken. */
interface Mark {
  readonly after: number;
  readonly checkpoint: Position | null;
}

/**
 * One subscription of the server to the streams of ours.
 *
 * The client tells of checkpoints and of having caught up as soon as they come in, ahead of its consumer by all that
 * it has buffered: each is kept here until so many events were taken as had come before it. Events are taken with
 * `read()`, as an iterator would hold one that is in neither count.
 */
export class ServerSubscription {
  readonly #subscription: AllStreamSubscription;
  readonly #unconfirmed: NodeJS.Timeout;
  readonly #marks: Mark[] = [];
  #taken = 0;
  #caughtUp = false;
  #failure: Error | null = null;
  #wake: () => void = () => undefined;

  /**
   * @param from after which it begins; null: from the first event
   * @param buffered events that the client may hold
   * @param confirmMs how long the server may take to confirm it
   */
  constructor(client: EventStoreDBClient, from: Position | null, buffered: number, confirmMs: number) {
    this.#subscription = client.subscribeToAll(
      {
        fromPosition: from ?? START,
        // More than the streams of ours may begin so; whoever takes the events looks again.
        filter: streamNameFilter({
          prefixes: [...CATEGORIES],
          checkpointInterval: CHECKPOINT_WINDOWS,
          checkpointReached: (_, checkpoint) => this.#mark(checkpoint),
        }),
      },
      { highWaterMark: buffered },
    );
    this.#unconfirmed = setTimeout(
      () => this.#fail(new Error('the server did not confirm the subscription in time')),
      confirmMs,
    );
    this.#subscription
      .on('confirmation', () => clearTimeout(this.#unconfirmed))
      .on('caughtUp', () => this.#mark(null))
      .on('readable', () => this.#wake())
      .on('error', (error) => this.#fail(error))
      .on('end', () => this.#fail(new Error('the server ended the subscription')))
      .on('close', () => this.#fail(new Error('the subscription was closed')));
  }

  /**
   * Waits for whatever comes next; null when the signal aborts.
   * @param limit events at most
   * @throws the error by which the subscription ended, once all that had come before is taken
   */
  async take(limit: number, signal: AbortSignal): Promise<Taken | null> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const taken = this.#takeNow(limit);
        if (taken !== null) return taken;
        if (this.#failure !== null) throw this.#failure;
        await new Promise<void>((resolve) => (this.#wake = resolve));
        // What has come in one packet is decoded event by event: one turn later there are many.
        await nextTurn();
      }
      return null;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Leaves the subscription; what was not taken is dropped. */
  close(): void {
    this.#fail(new Error('the subscription was left'));
    this.#subscription.unsubscribe().then(
      () => this.#subscription.destroy(),
      () => undefined,
    );
  }

  #takeNow(limit: number): Taken | null {
    const events: ResolvedEvent[] = [];
    while (events.length < limit) {
      const event = this.#next();
      if (event === null) break;
      this.#taken += 1;
      events.push(event);
    }
    let checkpoint: Position | null = null;
    let said = false;
    for (let mark = this.#marks[0]; mark !== undefined && mark.after <= this.#taken; mark = this.#marks[0]) {
      this.#marks.shift();
      if (mark.checkpoint === null) this.#caughtUp = true;
      else checkpoint = mark.checkpoint;
      said = true;
    }
    if (events.length === 0 && !said) return null;
    return { events, checkpoint, caughtUp: this.#caughtUp, more: this.#subscription.readableLength > 0 };
  }

  #next(): ResolvedEvent | null {
    const event: unknown = this.#subscription.read();
    return isResolved(event) ? event : null;
  }

  #mark(checkpoint: Position | null): void {
    this.#marks.push({ after: this.#taken + this.#subscription.readableLength, checkpoint });
    this.#wake();
  }

  #fail(error: Error): void {
    clearTimeout(this.#unconfirmed);
    this.#failure ??= error;
    this.#wake();
  }
}

function isResolved(event: unknown): event is ResolvedEvent {
  return typeof event === 'object' && event !== null;
}
