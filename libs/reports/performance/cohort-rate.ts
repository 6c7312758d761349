import type { JourneyPath } from '#views/deal-history/journey.js';
import { outcomeOf } from '../funnel/journey-at.js';
import { ratio } from '../ratio.js';

export interface CohortRate {
  readonly ratio: number | null;
  readonly won: number;
  /** The cohort less merged and voided deals. */
  readonly opened: number;
  /** Share of `opened` that is still open. */
  readonly stillOpen: number | null;
}

/** The cohort of the window: how many of its deals are won, and how many were taken out of account. */
export class CohortRateTally {
  voided = 0;
  merged = 0;
  #opened = 0;
  #won = 0;
  #open = 0;

  /** `path`: as it stood at the instant of the question. `pipelineId` null: the deal wherever it is. */
  add(path: JourneyPath, pipelineId: string | null): void {
    const outcome = outcomeOf(path, pipelineId);
    if (outcome === 'voided') this.voided++;
    else if (outcome === 'merged') this.merged++;
    else {
      this.#opened++;
      if (outcome === 'won') this.#won++;
      if (outcome === 'open') this.#open++;
    }
  }

  result(): CohortRate {
    const [won, opened] = [this.#won, this.#opened];
    return { ratio: ratio(won, opened), won, opened, stillOpen: ratio(this.#open, opened) };
  }
}
