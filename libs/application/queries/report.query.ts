import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import type { ViewReads } from '#view-store/port.js';
import { funnelDrill, type FunnelCell } from '#reports/funnel/funnel.drill.js';
import type { FunnelParams } from '#reports/funnel/funnel.params.js';
import { funnelQuery } from '#reports/funnel/funnel.query.js';
import { performanceQuery, type PerformanceParams } from '#reports/performance/performance.query.js';
import { DEAL } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { StreamPolicies } from '../policies.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';

/** Reports over the history of deals. Each says NotFound when the pipeline that it names does not exist. */
export class ReportQuery {
  constructor(
    private readonly views: ViewReads,
    private readonly policies: StreamPolicies,
    private readonly streams: Streams,
  ) {}

  async funnel(params: FunnelParams) {
    return (await funnelQuery(this.views, this.policies, params)) ?? notFound();
  }

  /** The deals in one cell of the funnel. */
  async funnelDrill(
    params: FunnelParams,
    stageId: string | null,
    cell: FunnelCell,
    limit: number,
    cursor: string | null,
  ) {
    const { now: _, ...question } = params;
    const cursors = new Cursors(DEAL_HISTORY, [question, stageId, cell]);
    const drill = await funnelDrill(this.views, this.policies, {
      ...params,
      stageId,
      cell,
      limit,
      after: cursors.decode(cursor),
      titles: (ids) => this.#titles(ids),
    });
    if (drill === null) return notFound();
    return { items: drill.items, next: cursors.encode(drill.next), n: drill.n };
  }

  async performance(params: PerformanceParams) {
    return (await performanceQuery(this.views, this.policies, params)) ?? notFound();
  }

  async #titles(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const titles = new Map<string, string>();
    await Promise.all(
      ids.map(async (id) => {
        const { state } = await this.streams.load(DEAL, id);
        if (state !== null) titles.set(id, state.title);
      }),
    );
    return titles;
  }
}

function notFound(): never {
  throw new NotFound();
}
