import type { Stage } from '#domain/pipeline/pipeline.state.js';
import type { JourneyPath } from '#views/deal-history/journey.js';
import { ratio } from '../ratio.js';
import { stageHead } from './cohort-tally.js';
import type { FunnelStage } from './cohort-tally.js';
import type { Ladder } from './ladder.js';
import type { Restate } from './measure.js';

/** The end of a visit, as basis `period` counts it. */
export interface StageExit {
  readonly place: number;
  readonly at: number;
  /** It ended forward or won. */
  readonly advanced: boolean;
}

/** Ends that say nothing of the deal's progress. */
const NOT_COUNTED = new Set(['relocated', 'voided', 'merged']);

/** Ended visits of the deal to stages of the ladder. */
export function exitsOf(path: JourneyPath, pipelineId: string, ladder: Ladder, restate: Restate): readonly StageExit[] {
  return path.visits.flatMap(({ exit, exitedAt, entry, ...visit }) => {
    if (visit.pipelineId !== pipelineId || exit === null || exitedAt === null || NOT_COUNTED.has(exit)) return [];
    if (entry === 'relocated' && restate === 'as-was') return [];
    const place = ladder.place(visit);
    if (place === null || place === 0) return [];
    return [{ place, at: exitedAt, advanced: exit === 'forward' || exit === 'won' }];
  });
}

export interface PeriodStage extends FunnelStage {
  readonly exits: number;
  readonly advanced: number;
  readonly conversion: { readonly step: number | null; readonly cumulative: null };
}

/** Counts ended visits by stage. */
export class PeriodTally {
  n = 0;
  readonly #exits: number[];
  readonly #advanced: number[];

  constructor(private readonly stages: readonly Stage[]) {
    this.#exits = stages.map(() => 0);
    this.#advanced = stages.map(() => 0);
  }

  add({ place, advanced }: StageExit): void {
    this.n++;
    this.#exits[place - 1] = (this.#exits[place - 1] ?? 0) + 1;
    if (advanced) this.#advanced[place - 1] = (this.#advanced[place - 1] ?? 0) + 1;
  }

  result(isRetired: (stage: Stage) => boolean): readonly PeriodStage[] {
    return this.stages.map((stage, index) => {
      const exits = this.#exits[index] ?? 0;
      const advanced = this.#advanced[index] ?? 0;
      const conversion = { step: ratio(advanced, exits), cumulative: null };
      return { ...stageHead(stage, isRetired(stage)), exits, advanced, conversion };
    });
  }
}
