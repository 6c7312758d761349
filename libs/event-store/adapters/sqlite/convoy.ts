import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns of the event loop that the foremost waits at most; enough for a consumer that takes several for each batch. */
const PATIENCE = 100;

/** The place of a subscription that is catching up. */
export interface Place {
  position: bigint | null;
}

/**
 * Keeps subscriptions that catch up at the same time near each other, so that they share the pages they read: the
 * foremost waits a moment while others have yet to read what is still kept. One that does not move holds nobody up for
 * longer than that.
 */
export class Convoy {
  readonly #places = new Set<Place>();

  /** @param isKept whether the page after a position can be had without reading */
  constructor(private readonly isKept: (position: bigint | null) => boolean) {}

  join(place: Place): void {
    this.#places.add(place);
  }

  leave(place: Place): void {
    this.#places.delete(place);
  }

  /** Resolves when the page after the place is kept, nobody is close behind, or the wait has been long enough. */
  async waitForOthers(place: Place): Promise<void> {
    for (let turn = 0; turn < PATIENCE && !this.isKept(place.position) && this.#hasFollowers(place); turn++) {
      await nextTurn();
    }
  }

  #hasFollowers(place: Place): boolean {
    for (const other of this.#places) if (other !== place && this.isKept(other.position)) return true;
    return false;
  }
}
