import type { Money } from '#domain/shared/money.js';
import type { Stage } from '#domain/pipeline/pipeline.state.js';
import { MoneySums } from '../money-list.js';
import { Durations } from '../percentiles.js';
import { ratio } from '../ratio.js';
import type { Facts, Milestone } from './measure.js';

export type FunnelMode = 'reached' | 'entered' | 'strict' | 'transitions';

/** What the mode counts: when each stage was got to, how far the deal came, and its win. */
export interface Progress {
  readonly by: readonly (Milestone | null)[];
  readonly furthest: number;
  readonly win: Milestone | null;
}

export function progressOf(facts: Facts, mode: FunnelMode): Progress {
  switch (mode) {
    case 'strict':
      return {
        by: facts.strict,
        furthest: facts.strict.findLastIndex((milestone) => milestone !== null) + 1,
        win: facts.strictWin,
      };
    case 'entered':
      return { by: facts.entered, furthest: facts.furthest, win: facts.win };
    case 'reached':
    case 'transitions':
      return { by: facts.reached, furthest: facts.furthest, win: facts.win };
  }
}

/** Reached without a visit: jumped over, or passed by because the deal began beyond it. */
export function absence(facts: Facts, index: number): 'skipped' | 'startedLater' | null {
  if (!facts.reached[index] || facts.entered[index]) return null;
  return facts.firstPlace > index + 1 ? 'startedLater' : 'skipped';
}

export interface FunnelStage {
  readonly stageId: string;
  readonly name: string;
  readonly rank: number;
  readonly retired: boolean;
}

export interface CohortStage extends FunnelStage {
  readonly reached: number;
  readonly entered: number;
  readonly skipped: number;
  readonly startedLater: number;
  readonly reentries: number;
  readonly backwardFrom: number;
  readonly lostAt: number;
  readonly furthestLost: number;
  readonly furthestOpen: number;
  readonly furthestSwitched: number;
  readonly furthestMerged: number;
  readonly conversion: { readonly step: number | null; readonly cumulative: number | null };
  readonly toNext: { readonly n: number; readonly medianDays: number | null; readonly p90Days: number | null };
  readonly valueAtEntry: readonly Money[];
}

export interface WonBar {
  readonly ever: number;
  readonly now: number;
  readonly step: number | null;
  readonly cumulative: number | null;
}

export interface CohortResult {
  readonly maturity: number | null;
  readonly stages: readonly CohortStage[];
  readonly won: WonBar;
}

class StageTally {
  reached = 0;
  entered = 0;
  skipped = 0;
  startedLater = 0;
  reentries = 0;
  backwardFrom = 0;
  lostAt = 0;
  furthestLost = 0;
  furthestOpen = 0;
  furthestSwitched = 0;
  furthestMerged = 0;
  readonly toNext = new Durations();
  readonly value = new MoneySums();
}

/** Adds up the facts of a cohort's deals. Nothing of a deal is kept but its durations. */
export class CohortTally {
  n = 0;
  #open = 0;
  #wonEver = 0;
  #wonNow = 0;
  readonly #stages: readonly StageTally[];

  constructor(
    private readonly stages: readonly Stage[],
    private readonly mode: FunnelMode,
  ) {
    this.#stages = stages.map(() => new StageTally());
  }

  add(facts: Facts): void {
    const progress = progressOf(facts, this.mode);
    this.n++;
    if (facts.outcome === 'open') this.#open++;
    if (progress.win !== null) {
      this.#wonEver++;
      if (facts.outcome === 'won') this.#wonNow++;
    }
    for (const [index, tally] of this.#stages.entries()) this.#addStage(tally, index, facts, progress);
    const lostAt = this.#stages[(facts.loss?.place ?? 0) - 1];
    if (lostAt !== undefined) lostAt.lostAt++;
    const furthest = facts.win === null ? this.#stages[progress.furthest - 1] : undefined;
    if (furthest !== undefined) addFurthest(furthest, facts);
  }

  #addStage(tally: StageTally, index: number, facts: Facts, { by }: Progress): void {
    const milestone = by[index];
    if (milestone) {
      tally.reached++;
      if (milestone.currency !== null && milestone.value !== null) tally.value.add(milestone.currency, milestone.value);
    }
    if (facts.entered[index]) tally.entered++;
    const absent = absence(facts, index);
    if (absent !== null) tally[absent]++;
    tally.reentries += facts.reentries[index] ?? 0;
    tally.backwardFrom += facts.backwardFrom[index] ?? 0;
    const toNext = facts.toNext[index] ?? null;
    if (toNext !== null) tally.toNext.add(toNext);
  }

  /** `isRetired`: as of the question, whatever the ladder is of. */
  result(isRetired: (stage: Stage) => boolean): CohortResult {
    const first = this.#stages[0]?.reached ?? 0;
    const last = this.#stages.at(-1)?.reached ?? 0;
    return {
      maturity: ratio(this.#open, this.n),
      stages: this.stages.flatMap((stage, index) => {
        const tally = this.#stages[index];
        if (tally === undefined) return [];
        const next = this.#stages[index + 1]?.reached ?? this.#wonEver;
        const step = this.#conversion(next, tally.reached);
        return [stageResult(stage, isRetired(stage), tally, step, this.#conversion(tally.reached, first))];
      }),
      won: {
        ever: this.#wonEver,
        now: this.#wonNow,
        step: this.#conversion(this.#wonEver, last),
        cumulative: this.#conversion(this.#wonEver, first),
      },
    };
  }

  /** Counts of visitors are no steps of one another: skipping makes them more than a whole. */
  #conversion(part: number, whole: number): number | null {
    return this.mode === 'entered' ? null : ratio(part, whole);
  }
}

function addFurthest(tally: StageTally, { outcome }: Facts): void {
  if (outcome === 'lost') tally.furthestLost++;
  if (outcome === 'open') tally.furthestOpen++;
  if (outcome === 'switched') tally.furthestSwitched++;
  if (outcome === 'merged') tally.furthestMerged++;
}

function stageResult(
  stage: Stage,
  retired: boolean,
  tally: StageTally,
  step: number | null,
  cumulative: number | null,
): CohortStage {
  const { toNext, value, ...counts } = tally;
  return {
    ...stageHead(stage, retired),
    ...counts,
    conversion: { step, cumulative },
    toNext: { n: toNext.n, medianDays: toNext.percentileDays(50), p90Days: toNext.percentileDays(90) },
    valueAtEntry: value.list(),
  };
}

export function stageHead({ id, name, rank }: Stage, retired: boolean): FunnelStage {
  return { stageId: id, name, rank, retired };
}
