import { durationMs } from '#domain/shared/duration.js';
import type { Row, ViewReads, Where } from '#view-store/port.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import { attributeFilter, Groups } from '../attributes.js';
import type { AttributeFilter } from '../attributes.js';
import { where } from '../filters.js';
import type { Columns } from '../filters.js';
import { pathAt, pathIn } from '../funnel/journey-at.js';
import { civilDays, intervalOf, previousDates } from '../interval.js';
import type { Interval } from '../interval.js';
import type { Policies } from '../policies.js';
import { frameOf, headerOf } from '../report.js';
import type { Grouped, ReportFrame, ReportHeader, ReportQuestion } from '../report.js';
import { stringIn, stringOrNull } from '../row-values.js';
import { segmentInForce } from '../stock.js';
import { CLOSE_COLUMNS, closeOf } from './close-tally.js';
import { PerformanceTally } from './performance-tally.js';
import type { PerformanceRest, PerformanceWindows } from './performance-tally.js';

export interface PerformanceParams extends ReportQuestion {
  /** Null: every pipeline. */
  readonly pipelineId: string | null;
  /** How far back from `asOf` the closes of velocity.potential go, `P90D`. */
  readonly window: string;
  /** Fewer wins make no velocity. */
  readonly minSample: number;
}

export const DEFAULT_WINDOW = 'P90D';
export const DEFAULT_MIN_SAMPLE = 5;

/** The performance report of contract.md; `n`: closes in the window. */
export type Performance = ReportHeader & Grouped<PerformanceRest>;

/**
 * Rates and money by effective close (metrics.md, "Rates and money"). Rows are streamed; what is kept is the sizes and
 * cycles of won deals, for medians. Null: the pipeline named does not exist. Throws UnsupportedCombination.
 */
export async function performanceQuery(
  views: ViewReads,
  policies: Policies,
  params: PerformanceParams,
): Promise<Performance | null> {
  const { pipelineId, window, minSample } = params;
  if (pipelineId !== null && (await policies.pipeline(pipelineId)) === null) return null;
  const frame = await frameOf(policies, params);
  const windows = windowsOf(params, frame);
  const make = (): PerformanceTally => new PerformanceTally(windows, minSample);
  const total = make();
  const groups = new Groups(make);
  const tallies = (keys: readonly (string | null)[]): readonly PerformanceTally[] => {
    if (keys.length === 0) return [];
    return params.groupBy === null ? [total] : [total, ...keys.map((key) => groups.get(key))];
  };
  const filter = await attributeFilter(views, params, frame);

  for await (const row of scan(views, 'close', filter, CLOSE_COLUMNS, closesIn(windows, pipelineId, frame.asOf))) {
    const close = closeOf(row);
    for (const tally of tallies(filter.groupsOf(row))) tally.addClose(close);
  }
  for await (const row of scan(views, 'journey', filter, ['pipeline', 'path'], cohortIn(frame, pipelineId))) {
    const path = pathAt(pathIn(row), frame.asOf);
    // Over all pipelines a deal counts once, where it began.
    if (pipelineId === null && path.visits[0]?.pipelineId !== stringIn(row, 'pipeline')) continue;
    for (const tally of tallies(filter.groupsOf(row))) tally.addToCohort(path, pipelineId);
  }
  // At one instant, attributes then and now are the same: those of the segment.
  const open = await attributeFilter(views, { ...params, attributes: 'then' }, frame);
  for await (const row of scan(views, 'segment', open, ['currency'], openAt(frame.asOf, pipelineId))) {
    for (const tally of tallies(open.groupsOf(row))) tally.addOpen(stringOrNull(row, 'currency'));
  }

  const own = { pipeline: pipelineId, window, minSample };
  const header = headerOf('performance/1', own, params, frame, total.n);
  if (params.groupBy === null) return { ...header, ...total.result() };
  return {
    ...header,
    groups: groups.sorted().map(([key, tally]) => ({ key, n: tally.n, ...tally.result() })),
  };
}

function windowsOf({ dates, window }: PerformanceParams, { interval, zone, asOf }: ReportFrame): PerformanceWindows {
  return {
    window: interval,
    previous: intervalOf(previousDates(dates), zone),
    velocity: { from: asOf - durationMs(window), to: asOf },
    days: civilDays(dates),
  };
}

async function* scan(
  views: ViewReads,
  table: string,
  filter: AttributeFilter,
  columns: readonly string[],
  condition: Where,
): AsyncIterable<Row> {
  const request = {
    table,
    where: { columns: filter.conditions, anyOf: [condition] },
    columns: [...new Set([...columns, ...filter.columns])],
  };
  for await (const rows of views.scan(DEAL_HISTORY, request)) yield* rows;
}

/** Closes in force at `asOf` that happened in any of the intervals. */
function closesIn(windows: PerformanceWindows, pipelineId: string | null, asOf: number): Where {
  const near = { from: windows.previous.from, to: windows.window.to };
  const { columns } = where(ofPipeline(pipelineId), { supersededAt: { gt: asOf } });
  const anyOf = union(near, windows.velocity).map(({ from, to }) => ({
    columns: { closedAt: { gte: from, lt: Math.min(to, asOf + 1) } },
  }));
  return { columns, anyOf };
}

function union(a: Interval, b: Interval): readonly Interval[] {
  if (a.to < b.from || b.to < a.from) return [a, b];
  return [{ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }];
}

function cohortIn({ interval: { from, to }, asOf }: ReportFrame, pipelineId: string | null): Where {
  return where(ofPipeline(pipelineId), { firstEnteredAt: { gte: from, lt: Math.min(to, asOf + 1) } });
}

function openAt(asOf: number, pipelineId: string | null): Where {
  const board = pipelineId === null ? { board: { exists: true } } : { board: pipelineId };
  return where(segmentInForce(asOf), { status: 'open' }, board);
}

function ofPipeline(pipelineId: string | null): Columns {
  return pipelineId === null ? {} : { pipeline: pipelineId };
}
