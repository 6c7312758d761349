import type { PipelineState, PipelineVersion } from '#domain/pipeline/pipeline.state.js';
import { roundHalfEven } from '#domain/shared/money.js';
import type { ViewReads } from '#view-store/port.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import { where } from '../filters.js';
import { pathAt, pathIn } from '../funnel/journey-at.js';
import { ladderOf } from '../funnel/ladder.js';
import { measure } from '../funnel/measure.js';

/** Closes of so many days back count. */
export const HISTORY_DAYS = 365;
/** Fewer closed deals make no probability. */
export const MIN_SAMPLE = 5;
const DAY_MS = 86_400_000;

/** won / closed among the deals that reached a stage. */
export interface HistoricalProbability {
  /** 4 decimals, half-even; null: too few were closed. */
  readonly value: number | null;
  /** Closed deals that reached the stage. */
  readonly n: number;
}

/**
 * historicalProbability of metrics.md for every open stage of a version that is not retired: over the deals whose
 * effective close, as of the instant, lies in the 365 days before it.
 */
export async function historicalProbabilities(
  views: Pick<ViewReads, 'scan'>,
  pipeline: PipelineState,
  version: PipelineVersion,
  at: number,
): Promise<ReadonlyMap<string, HistoricalProbability>> {
  const ladder = ladderOf(pipeline, version);
  const won = new Array<number>(ladder.stages.length).fill(0);
  const closed = new Array<number>(ladder.stages.length).fill(0);
  const request = {
    table: 'journey',
    where: where({ pipeline: pipeline.id }, { firstEnteredAt: { lt: at } }),
    columns: ['path'],
  };
  for await (const rows of views.scan(DEAL_HISTORY, request)) {
    for (const row of rows) {
      const path = pathAt(pathIn(row), at - 1);
      const close = path.turns.findLast(({ kind }) => kind !== 'churned');
      if (close === undefined || close.at < at - HISTORY_DAYS * DAY_MS) continue;
      const facts = measure(path, pipeline.id, ladder, 'current');
      if (facts?.outcome !== 'won' && facts?.outcome !== 'lost') continue;
      for (const [index, reached] of facts.reached.entries()) {
        if (reached === null) continue;
        closed[index] = (closed[index] ?? 0) + 1;
        if (facts.outcome === 'won') won[index] = (won[index] ?? 0) + 1;
      }
    }
  }
  return new Map(
    ladder.stages.map(({ id }, index) => [id, probabilityOf(won[index] ?? 0, closed[index] ?? 0)] as const),
  );
}

function probabilityOf(won: number, n: number): HistoricalProbability {
  const value = n < MIN_SAMPLE ? null : Number(roundHalfEven(BigInt(won) * 10_000n, BigInt(n))) / 10_000;
  return { value, n };
}
