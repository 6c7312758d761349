import type { Row, ViewReads } from '#view-store/port.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import { attributeFilter, Groups } from '../attributes.js';
import type { AttributeFilter } from '../attributes.js';
import { where } from '../filters.js';
import type { Columns } from '../filters.js';
import { bucketsOf, intervalOf } from '../interval.js';
import type { Policies } from '../policies.js';
import { headerOf } from '../report.js';
import type { ReportHeader } from '../report.js';
import type { Funnel } from './funnel.answer.js';
import { openFunnel } from './funnel.params.js';
import type { FunnelFrame, FunnelParams } from './funnel.params.js';
import { FunnelTally } from './funnel-tally.js';
import { pathAt, pathIn } from './journey-at.js';
import { snapshotFunnel } from './snapshot-funnel.js';

/**
 * How deals go through a pipeline, by the definitions of metrics.md ("Funnel conversion"). Journeys are streamed and
 * measured one by one. Null: there is no such pipeline. Throws UnsupportedCombination.
 */
export async function funnelQuery(views: ViewReads, policies: Policies, params: FunnelParams): Promise<Funnel | null> {
  const frame = await openFunnel(policies, params);
  if (frame === null) return null;
  const { pipelineId: pipeline, basis, mode, bucket, restate } = params;
  const header = (n: number): ReportHeader =>
    headerOf('funnel/1', { pipeline, basis, mode, bucket, restate }, params, frame, n);
  if (basis === 'snapshot') {
    const { n, ...rest } = await snapshotFunnel(views, params, frame);
    return { ...header(n), ...rest };
  }
  const buckets =
    bucket === 'none'
      ? []
      : bucketsOf(params.dates, bucket).map((dates) => ({ dates, interval: intervalOf(dates, frame.zone) }));
  const make = (): FunnelTally => new FunnelTally(params, frame, buckets);
  const total = make();
  const groups = new Groups(make);
  const filter = await attributeFilter(views, params, frame);
  for await (const row of journeys(views, params, frame, filter)) {
    const keys = filter.groupsOf(row);
    if (keys.length === 0) continue;
    const path = pathAt(pathIn(row), frame.asOf);
    total.add(path);
    if (params.groupBy !== null) for (const key of keys) groups.get(key).add(path);
  }
  if (params.groupBy === null) return { ...header(total.n), ...total.result() };
  return {
    ...header(total.n),
    groups: groups.sorted().map(([key, tally]) => ({ key, n: tally.n, ...tally.result() })),
  };
}

/** The journeys that the question may be about; those that the attributes leave out may still be among them. */
export async function* journeys(
  views: ViewReads,
  params: FunnelParams,
  frame: FunnelFrame,
  filter: AttributeFilter,
): AsyncIterable<Row> {
  const columns = [...new Set(['path', ...filter.columns])];
  const conditions = [{ pipeline: params.pipelineId }, begunIn(params, frame), { firstEnteredAt: { lte: frame.asOf } }];
  const request = { table: 'journey', where: where(...conditions, filter.conditions), columns };
  for await (const rows of views.scan(DEAL_HISTORY, request)) yield* rows;
}

function begunIn({ basis }: FunnelParams, { interval }: FunnelFrame): Columns {
  const { from, to } = interval;
  return { firstEnteredAt: basis === 'cohort' ? { gte: from, lt: to } : { lt: to } };
}
