import type { BusinessTime } from '../business-time.js';
import type { Alternatives, Conditions } from '../filters.js';
import { cutoffs } from './stall.js';
import type { StagePolicyInForce } from './stall.js';

/** Conditions on the rows of one stage, which must all hold; null: none can fit. */
export interface StallConditions {
  readonly stalled: readonly Conditions[] | null;
  readonly notStalled: readonly Conditions[];
  readonly overstayed: readonly Conditions[] | null;
  readonly overdue: readonly Conditions[];
}

/** The thresholds of a stage, turned into constants of the query. */
export function stallConditions(
  policy: Omit<StagePolicyInForce, 'policyVersion'>,
  now: number,
  time: BusinessTime,
): StallConditions {
  const latest = cutoffs(policy, now, time);
  const overdue = [{ firstDue: { lte: now } }];
  const overstayed = latest.stayFrom === null ? null : [overstayedSince(latest.stayFrom, now)];
  if (latest.clockFrom === null) return { stalled: null, notStalled: [], overstayed, overdue };
  const stale = { clockFrom: { lte: latest.clockFrom } };
  const fresh = { clockFrom: { gt: latest.clockFrom } };
  if (latest.horizon === null) return { stalled: [stale], notStalled: [fresh], overstayed, overdue };
  const { horizon } = latest;
  const within = { gt: now, lte: horizon };
  // The first and the last due time decide for all but those that are planned before and after, and maybe within.
  const around = { firstDue: { lte: now }, lastDue: { gt: horizon } };
  const uncovered: Alternatives = {
    anyOf: [
      { columns: { lastDue: null } },
      { columns: { lastDue: { lte: now } } },
      { columns: { firstDue: { gt: horizon } } },
      { columns: { ...around, dues: { hasNoneIn: within } } },
    ],
  };
  const notStalled: Alternatives = {
    anyOf: [
      { columns: fresh },
      { columns: { ...stale, lastDue: within } },
      { columns: { ...stale, firstDue: within } },
      { columns: { ...stale, ...around, dues: { hasIn: within } } },
    ],
  };
  return { stalled: [stale, uncovered], notStalled: [notStalled], overstayed, overdue };
}

/** While a deal sleeps its stay is as long as it was when it fell asleep. */
function overstayedSince(stayFrom: number, now: number): Alternatives {
  const since = { stayFrom: { lte: stayFrom } };
  return {
    anyOf: [
      { columns: { ...since, snoozedUntil: null } },
      { columns: { ...since, snoozedUntil: { lte: now } } },
      { columns: { snoozedUntil: { gt: now }, stayed: { gte: now - stayFrom } } },
    ],
  };
}

/** The conditions of the filter `stalled`: none where it is not set; null where no deal of the stage can fit. */
export function stallFilter(conditions: StallConditions, stalled: boolean | undefined): readonly Conditions[] | null {
  if (stalled === undefined) return [];
  return stalled ? conditions.stalled : conditions.notStalled;
}
