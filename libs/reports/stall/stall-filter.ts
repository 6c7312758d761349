import type { Columns } from '../filters.js';
import { cutoffs } from './stall.js';
import type { StagePolicyInForce } from './stall.js';

/** Conditions on the rows of one stage; null: none can fit. */
export interface StallConditions {
  readonly stalled: Columns | null;
  readonly notStalled: Columns;
  readonly overstayed: Columns | null;
}

/** The thresholds of a stage, turned into constants of the query. */
export function stallConditions(
  policy: Pick<StagePolicyInForce, 'rottenAfter' | 'maxStay'>,
  now: number,
  zone: string,
): StallConditions {
  const latest = cutoffs(policy, now, zone);
  return {
    stalled: latest.clockFrom === null ? null : { clockFrom: { lte: latest.clockFrom } },
    notStalled: latest.clockFrom === null ? {} : { clockFrom: { gt: latest.clockFrom } },
    overstayed: latest.stayFrom === null ? null : { stayFrom: { lte: latest.stayFrom } },
  };
}

/** The condition of the filter `stalled`: nothing where it is not set; null where no deal of the stage can fit. */
export function stallFilter(conditions: StallConditions, stalled: boolean | undefined): Columns | null {
  if (stalled === undefined) return {};
  return stalled ? conditions.stalled : conditions.notStalled;
}
