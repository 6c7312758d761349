import type { ViewReads } from '#view-store/port.js';
import { DEALS } from '#views/deals/deals.schema.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import type { BoardSort } from '#reports/board/card-page.js';
import { boardQuery, columnPage, columnTotals } from '#reports/board/board.query.js';
import type { ColumnTotals } from '#reports/board/column-totals.js';
import { filtersEcho, type ReportFilters } from '#reports/filters.js';
import { stalledQuery, type StalledKind } from '#reports/stalled/stalled.query.js';
import type { DealsAsOf } from '#reports/stock.js';
import { NotFound } from '../errors.js';
import type { StreamLabels } from '../labels.js';
import type { StreamPolicies } from '../policies.js';
import { Cursors } from './cursor.js';
import type { DealQuery } from './deal.query.js';

export const BOARD_SORTS = ['touch', '-value', 'closeDate'] as const satisfies readonly BoardSort[];

export interface BoardParameters {
  readonly pipelineId: string;
  readonly filters: ReportFilters;
  readonly sort: BoardSort;
  readonly asOf: number | null;
  readonly tz: string | null;
}

/** The view that a board or a stalled list of that moment is read from. */
export function stockView(asOf: number | null) {
  return asOf === null ? DEALS : DEAL_HISTORY;
}

/** Boards and stalled deals, with cursors that keep their filter, sort and moment. */
export class BoardQuery {
  readonly #dealsAsOf: DealsAsOf;

  constructor(
    private readonly views: ViewReads,
    private readonly policies: StreamPolicies,
    private readonly labels: StreamLabels,
    deals: DealQuery,
  ) {
    this.#dealsAsOf = (ids, asOf) => deals.statesAsOf(ids, asOf);
  }

  /** @throws NotFound no such pipeline */
  async board(parameters: BoardParameters, cards: number) {
    const board = await boardQuery(this.views, this.policies, this.labels, {
      ...parameters,
      cards,
      now: Date.now(),
      dealsAsOf: this.#dealsAsOf,
      cursor: (stageId, keyset) => columnCursors(parameters, stageId).encode(keyset) ?? '',
    });
    return board ?? notFound();
  }

  /** @throws NotFound no such pipeline or stage */
  async column(parameters: BoardParameters, stageId: string, limit: number, cursor: string | null) {
    const cursors = columnCursors(parameters, stageId);
    const page = await columnPage(this.views, this.policies, this.labels, {
      ...parameters,
      stageId,
      limit,
      after: cursors.decode(cursor),
      now: Date.now(),
      dealsAsOf: this.#dealsAsOf,
    });
    if (page === null) return notFound();
    return { items: page.items, next: cursors.encode(page.next) };
  }

  /** Totals of some columns as they are now. */
  totals(
    pipelineId: string,
    stageIds: readonly string[],
    filters: ReportFilters,
  ): Promise<readonly ColumnTotals[] | null> {
    return columnTotals(this.views, this.policies, { pipelineId, stageIds, filters, now: Date.now(), tz: null });
  }

  /** @throws NotFound no such pipeline */
  async stalled(
    parameters: {
      readonly pipelineId: string | null;
      readonly kind: StalledKind;
      readonly filters: ReportFilters;
      readonly asOf: number | null;
      readonly tz: string | null;
    },
    limit: number,
    cursor: string | null,
  ) {
    const { pipelineId, kind, filters, asOf, tz } = parameters;
    const cursors = new Cursors(stockView(asOf), [pipelineId, kind, filtersEcho(filters), asOf, tz]);
    const list = await stalledQuery(this.views, this.policies, this.labels, {
      ...parameters,
      limit,
      after: cursors.decode(cursor),
      now: Date.now(),
      dealsAsOf: this.#dealsAsOf,
    });
    if (list === null) return notFound();
    return { items: list.items, next: cursors.encode(list.next), n: list.n };
  }
}

function columnCursors({ pipelineId, filters, sort, asOf, tz }: BoardParameters, stageId: string): Cursors {
  return new Cursors(stockView(asOf), [pipelineId, stageId, sort, filtersEcho(filters), asOf, tz]);
}

function notFound(): never {
  throw new NotFound();
}
