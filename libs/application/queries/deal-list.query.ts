import { DEALS } from '#views/deals/deals.schema.js';
import type { ViewReads, Where } from '#view-store/port.js';
import type { BusinessTime } from '#reports/business-time.js';
import { cards, versionFor } from '#reports/card.js';
import { dealOfCard } from '#reports/board-deal.js';
import { boardStages } from '#reports/board/board-stages.js';
import { filterColumns, filtersEcho, where, type Columns, type ReportFilters } from '#reports/filters.js';
import { businessTimeOf } from '#reports/policies.js';
import { stallConditions, stallFilter } from '#reports/stall/stall-filter.js';
import { boardsWithDeals, stockAt } from '#reports/stock.js';
import type { StreamLabels } from '../labels.js';
import type { StreamPolicies } from '../policies.js';
import { Cursors } from './cursor.js';

export const DEAL_STATUSES = ['open', 'won', 'lost', 'churned', 'voided', 'merged'] as const;

export interface DealListParameters {
  readonly status: readonly string[];
  readonly pipeline: readonly string[];
  readonly filters: ReportFilters;
  readonly limit: number;
  readonly cursor: string | null;
}

/** All deals, the one that was opened last on top. */
export class DealListQuery {
  constructor(
    private readonly views: ViewReads,
    private readonly policies: StreamPolicies,
    private readonly labels: StreamLabels,
  ) {}

  async list({ status, pipeline, filters, limit, cursor }: DealListParameters) {
    const cursors = new Cursors(DEALS, [status, pipeline, filtersEcho(filters)]);
    const now = Date.now();
    const time = await businessTimeOf(this.policies, null);
    const columns: Columns = {
      ...(status.length > 0 && { status: { in: status } }),
      ...(pipeline.length > 0 && { pipeline: { in: pipeline } }),
      ...filterColumns(filters),
    };
    const stages = filters.stalled === undefined ? null : await this.#stalled(filters.stalled, now, time);
    const { results } = await this.views.read(DEALS, [
      {
        kind: 'find',
        table: 'card',
        where: where(columns, ...(stages === null ? [] : [{ anyOf: stages }])),
        sort: [{ column: 'openedAt', descending: true }],
        limit,
        after: cursors.decode(cursor),
      },
    ]);
    const [page] = results;
    return {
      items: await cards(page.rows.map(dealOfCard), this.policies, this.labels, { asOf: null, now, time }),
      next: cursors.encode(page.next),
    };
  }

  /** One condition for each stage that holds deals; a deal that is on no board is not stalled. */
  async #stalled(stalled: boolean, now: number, time: BusinessTime): Promise<readonly Where[]> {
    const stock = stockAt(null, () => Promise.resolve(new Map()));
    const conditions: Where[] = stalled ? [] : [{ columns: { board: null } }];
    for (const board of await boardsWithDeals(this.views, stock)) {
      const pipeline = await this.policies.pipeline(board);
      if (pipeline === null) continue;
      for (const { stage } of boardStages(pipeline, versionFor(pipeline, null))) {
        const fits = stallFilter(stallConditions(stage, now, time), stalled);
        if (fits !== null) conditions.push(where({ board, stage: stage.id }, ...fits));
      }
    }
    // A condition that nothing meets: an empty list of alternatives would mean that there is none.
    return conditions.length > 0 ? conditions : [{ columns: { status: { in: [] } } }];
  }
}
