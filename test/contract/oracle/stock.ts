import { totals } from './exact.js';
import { type Deal, dealAt, type DealThen, type PipelineModel, type Stage } from './model.js';

const DAY = 86_400_000;

export interface Stalling extends DealThen {
  readonly rotAt: number | null;
  readonly stalled: boolean;
  readonly overstayed: boolean;
}

/** From Monday to Friday, at the same time of day; what happens on a weekend counts as the beginning of Monday. */
function addBusinessDays(from: number, count: number): number {
  const isWeekend = (at: number): boolean => [0, 6].includes(new Date(at).getUTCDay());
  let at = from;
  while (isWeekend(at)) at = (Math.floor(at / DAY) + 1) * DAY;
  for (let left = count; left > 0;) {
    at += DAY;
    if (!isWeekend(at)) left--;
  }
  return at;
}

function rotAt({ rottenAfter }: Stage, touch: number): number | null {
  if (rottenAfter === null) return null;
  return typeof rottenAfter === 'number' ? touch + rottenAfter : addBusinessDays(touch, rottenAfter.businessDays);
}

/** The deals of a pipeline that are on its board at a time: open ones, and won ones in post-sale stages. */
export function onBoard(pipeline: PipelineModel, deals: readonly Deal[], at: number): Stalling[] {
  return deals.flatMap((deal) => {
    const then = dealAt(pipeline, deal, at);
    if (then === null || then.status === 'lost') return [];
    const stage = pipeline.stages[then.stage]!;
    if (then.status === 'won' && stage.open) return [];
    const rots = rotAt(stage, then.touch);
    const stay = at - then.visits.at(-1)!.enteredAt;
    return [
      {
        ...then,
        rotAt: rots,
        stalled: rots !== null && at >= rots,
        overstayed: stage.maxStay !== null && stay >= stage.maxStay,
      },
    ];
  });
}

export function sumsOf(pipeline: PipelineModel, deals: readonly Stalling[]): object {
  return {
    count: deals.length,
    stalled: deals.filter((one) => one.stalled).length,
    overstayed: deals.filter((one) => one.overstayed).length,
    withoutValue: deals.filter((one) => one.value === null).length,
    value: totals(deals, (one) => one.value),
    weightedValue: totals(
      deals.filter((one) => one.status === 'open'),
      ({ value, deal, stage }) =>
        value && {
          minor: value.minor * BigInt(deal.probability ?? pipeline.stages[stage]!.probability),
          currency: value.currency,
        },
      10_000n,
    ),
    reporting: null,
  };
}

/** What a board says: the sums of each column, and those of the open ones together. */
export function board(pipeline: PipelineModel, deals: readonly Stalling[]): { columns: object[]; totals: object } {
  return {
    columns: pipeline.stages.map(({ id }, at) => ({
      stageId: id,
      ...sumsOf(
        pipeline,
        deals.filter((one) => one.stage === at),
      ),
    })),
    totals: sumsOf(
      pipeline,
      deals.filter((one) => one.status === 'open'),
    ),
  };
}
