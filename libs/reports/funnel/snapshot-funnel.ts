import type { ViewReads } from '#view-store/port.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import { attributeFilter } from '../attributes.js';
import { where } from '../filters.js';
import { MoneySums } from '../money-list.js';
import { Snapshot } from '../snapshot.js';
import { segmentInForce } from '../stock.js';
import { stageHead } from './cohort-tally.js';
import type { FunnelFrame, FunnelParams } from './funnel.params.js';
import type { FunnelRest } from './funnel.answer.js';

/** The open deals at `asOf`, stage by stage. What is before the first stage of the ladder is in `n` alone. */
export async function snapshotFunnel(
  views: ViewReads,
  params: FunnelParams,
  frame: FunnelFrame,
): Promise<FunnelRest & { readonly n: number }> {
  const { ladder, version, asOf } = frame;
  // At one instant, attributes then and now are the same: those of the segment.
  const filter = await attributeFilter(views, { ...params, attributes: 'then' }, frame);
  const snapshot = new Snapshot();
  const sums = snapshot.sum({
    table: 'segment',
    where: where(segmentInForce(asOf), { board: params.pipelineId, status: 'open' }, filter.conditions),
    groupBy: ['stage', 'currency'],
    sums: ['value'],
  });
  await snapshot.take(views, DEAL_HISTORY);
  const stock = ladder.stages.map(() => ({ count: 0, value: new MoneySums() }));
  let n = 0;
  for (const { key, count, sums: totals } of sums()) {
    n += count;
    const place = ladder.place({ stageId: String(key['stage']), pipelineVersion: version.version }) ?? 0;
    const stage = stock[place - 1];
    if (stage === undefined) continue;
    stage.count += count;
    if (typeof key['currency'] === 'string') stage.value.add(key['currency'], totals['value'] ?? 0n);
  }
  const stages = ladder.stages.map((stage, index) => ({
    ...stageHead(stage, frame.isRetired(stage)),
    count: stock[index]?.count ?? 0,
    value: stock[index]?.value.list() ?? [],
  }));
  return { n, maturity: null, stages, won: null, transitions: [], buckets: [] };
}
