import type { ImportCounts } from '#domain/import/import.js';
import type { Taken } from './take-row.js';

/** Activities that are counted by name; those of a file where each row has one of its own are not. */
const NAMED_ACTIVITIES = 50;
const OTHERS = 'any other';

/** Counts where the rows of a file go. */
export class Tally {
  readonly leftOut = new Map<string, number>();
  rows = 0;
  replayed = 0;
  #deals = 0;
  #leads = 0;
  #events = 0;
  #repeats = 0;
  #leftOut = 0;
  #refused = 0;

  row(): void {
    this.rows += 1;
  }

  take({ as, replayed }: Taken): void {
    if (as === 'deal') this.#deals += 1;
    else if (as === 'lead') this.#leads += 1;
    else if (as === 'event') this.#events += 1;
    else this.#repeats += 1;
    if (replayed) this.replayed += 1;
  }

  leave(activity: string): void {
    this.#leftOut += 1;
    const name = this.leftOut.has(activity) || this.leftOut.size < NAMED_ACTIVITIES ? activity : OTHERS;
    this.leftOut.set(name, (this.leftOut.get(name) ?? 0) + 1);
  }

  refuse(): void {
    this.#refused += 1;
  }

  counts(): ImportCounts {
    return {
      rows: this.rows,
      deals: this.#deals,
      leads: this.#leads,
      events: this.#events,
      repeats: this.#repeats,
      leftOut: this.#leftOut,
      refused: this.#refused,
    };
  }
}
