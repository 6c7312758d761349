import { setTimeout as sleep } from 'node:timers/promises';
import type { Position, ResolvedEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '../../event.js';
import { StoreUnavailable, type SubscriptionBatch } from '../../port.js';
import { Backoff } from './backoff.js';
import { messageOf } from './eventstoredb-errors.js';
import { recordedEvent } from './recorded-event.js';
import type { ServerSubscription, Taken } from './server-subscription.js';

/** A subscription that has lost the server and is trying again. */
export interface Interruption {
  /** Epoch milliseconds. */
  readonly since: number;
  /** Attempts that have failed. */
  readonly attempts: number;
  readonly reason: string;
}

export interface FollowOptions {
  /** Opens a subscription that begins after a position. */
  readonly open: (from: Position | null) => ServerSubscription;
  readonly batchSize: number;
  /** Milliseconds: the first pause before another attempt, and the longest. */
  readonly backoffMs: readonly [first: number, longest: number];
  /** Told when the server is lost, at each attempt that fails, and with null when it is back. */
  readonly onInterruption: (interruption: Interruption | null) => void;
}

/**
 * Follows the log for ever: the client does not subscribe again after a failure, so this does, from what was handed
 * over last. Ends with the signal.
 * @throws StoreUnavailable an event of ours cannot be read; trying again would find it there again
 */
export async function* follow(
  after: bigint | null,
  signal: AbortSignal,
  options: FollowOptions,
): AsyncGenerator<SubscriptionBatch, void, void> {
  const place = new Place(after);
  const backoff = new Backoff(...options.backoffMs);
  const trouble = new Trouble(options.onInterruption);
  try {
    while (!signal.aborted) {
      const subscription = options.open(place.resume);
      try {
        for (;;) {
          const taken = await subscription.take(options.batchSize, signal);
          if (taken === null) return;
          backoff.reset();
          trouble.end();
          const batch = place.advance(taken);
          if (batch !== null) yield batch;
          if (signal.aborted) return;
        }
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        trouble.note(messageOf(error));
      } finally {
        subscription.close();
      }
      const batch = place.lose();
      if (batch !== null) yield batch;
      await sleep(backoff.next(), undefined, { signal }).catch(() => undefined);
    }
  } finally {
    trouble.end();
  }
}

/** The interruption that a follower is in, if it is in one. */
class Trouble {
  #present: Interruption | null = null;

  constructor(private readonly tell: (interruption: Interruption | null) => void) {}

  note(reason: string): void {
    const { since, attempts } = this.#present ?? { since: Date.now(), attempts: 0 };
    this.#present = { since, attempts: attempts + 1, reason };
    this.tell(this.#present);
  }

  end(): void {
    if (this.#present === null) return;
    this.#present = null;
    this.tell(null);
  }
}

/** How far a follower has come. It never goes back. */
class Place {
  /** Where the server may begin again. */
  resume: Position | null;
  /** What the follower was told. */
  #position: bigint | null;
  #live = false;

  constructor(after: bigint | null) {
    this.#position = after;
    this.resume = after === null ? null : { commit: after, prepare: after };
  }

  /** The batch to hand over; null when there is nothing to tell. */
  advance({ events: resolved, checkpoint, caughtUp, more }: Taken): SubscriptionBatch | null {
    const before = this.#position;
    const events = this.#ours(resolved);
    const last = resolved.at(-1)?.event?.position;
    if (last !== undefined && isAfter(last, this.resume)) this.resume = last;
    this.#position = events.at(-1)?.position ?? this.#position;
    if (checkpoint !== null && isAfter(checkpoint, this.resume)) {
      this.resume = checkpoint;
      // While it catches up, the server names the end of a record, of which only it knows what follows.
      if (caughtUp && checkpoint.commit === checkpoint.prepare) this.#position = checkpoint.commit;
    }
    const live = caughtUp && !more;
    if (events.length === 0 && live === this.#live && this.#position === before) return null;
    this.#live = live;
    return { events, position: this.#position, live };
  }

  /** The batch that says that it is no longer live; null when it was not. */
  lose(): SubscriptionBatch | null {
    if (!this.#live) return null;
    this.#live = false;
    return { events: [], position: this.#position, live: false };
  }

  #ours(resolved: readonly ResolvedEvent[]): RecordedEvent[] {
    let reached = this.#position;
    const events: RecordedEvent[] = [];
    for (const each of resolved) {
      const event = recordedEvent(each);
      if (event === null || (reached !== null && event.position <= reached)) continue;
      reached = event.position;
      events.push(event);
    }
    return events;
  }
}

function isAfter(a: Position, b: Position | null): boolean {
  return b === null || a.commit > b.commit || (a.commit === b.commit && a.prepare > b.prepare);
}
