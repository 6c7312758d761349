import type { DealState } from '#domain/deal/deal.state.js';
import type { FindResult, SumGroup, ViewReads, ViewSchema } from '#view-store/port.js';
import { DEAL_HISTORY, dealOfSegmentId } from '#views/deal-history/deal-history.schema.js';
import { DEALS } from '#views/deals/deals.schema.js';
import { dealOfCard, dealOfSegment } from './board-deal.js';
import type { BoardDeal } from './board-deal.js';
import { filterColumns, isOwnerOnly, where } from './filters.js';
import type { Columns, Conditions, ReportFilters } from './filters.js';
import { Snapshot } from './snapshot.js';

/** The deals as they were at an instant, folded from their streams; by id. */
export type DealsAsOf = (ids: readonly string[], asOf: number) => Promise<ReadonlyMap<string, DealState>>;

/** Where the deals on boards are read from: the cards of now, or the segments in force at an instant. */
export interface Stock {
  readonly view: ViewSchema;
  readonly table: string;
  /** Holds for every row of the stock. */
  readonly inForce: Columns;
  /** The counter that sums the stock, where there is one. */
  readonly counter: string | null;
  deals(rows: FindResult['rows']): Promise<readonly BoardDeal[]>;
}

export function stockAt(asOf: number | null, dealsAsOf: DealsAsOf): Stock {
  return asOf === null ? CARDS : segmentsAt(asOf, dealsAsOf);
}

const CARDS: Stock = {
  view: DEALS,
  table: 'card',
  inForce: {},
  counter: 'column',
  deals: (rows) => Promise.resolve(rows.map(dealOfCard)),
};

function segmentsAt(asOf: number, dealsAsOf: DealsAsOf): Stock {
  return {
    view: DEAL_HISTORY,
    table: 'segment',
    inForce: segmentInForce(asOf),
    counter: null,
    async deals(rows) {
      if (rows.length === 0) return [];
      const ids = rows.map((row) => dealOfSegmentId(row.id));
      const states = await dealsAsOf(ids, asOf);
      return rows.map((row) => {
        const id = dealOfSegmentId(row.id);
        const state = states.get(id);
        if (state === undefined) throw new Error(`deal ${id} has a segment at ${asOf}, but no event until then`);
        return dealOfSegment(row, state);
      });
    },
  };
}

/** The segment of each deal that holds at an instant: from <= t < to. */
export function segmentInForce(asOf: number): Columns {
  return { from: { lte: asOf }, to: { gt: asOf } };
}

/** Deals, those without value, and the values of the others by currency and own probability (ten-thousandths). */
export interface StockSum {
  readonly stage: string;
  readonly currency: string | null;
  readonly ownProbability: number | null;
  readonly count: number;
  readonly value: bigint;
}

const GROUP_BY = ['stage', 'currency', 'ownProbability'];

/** Asks for the sums of a board: from the counter if nothing but owners is filtered, else over the rows. */
export function sumBoard(
  snapshot: Snapshot,
  stock: Stock,
  board: string,
  filters: ReportFilters,
): () => readonly StockSum[] {
  if (stock.counter === null || !isOwnerOnly(filters)) {
    return sumRows(snapshot, stock, [{ board }, filterColumns(filters)]);
  }
  const groups = snapshot.sum({
    counter: stock.counter,
    where: where({ board }, filterColumns(filters)),
    groupBy: GROUP_BY,
    sums: ['count', 'value'],
  });
  return () => groups().map((group) => stockSum(group, Number(group.sums['count'] ?? 0n)));
}

/** Asks for the sums of the rows for which all conditions hold. */
export function sumRows(
  snapshot: Snapshot,
  stock: Stock,
  conditions: readonly Conditions[],
): () => readonly StockSum[] {
  const groups = snapshot.sum({
    table: stock.table,
    where: where(stock.inForce, ...conditions),
    groupBy: GROUP_BY,
    sums: ['value'],
  });
  return () => groups().map((group) => stockSum(group, group.count));
}

/** Asks for the number of rows for which all conditions hold. */
export function countRows(snapshot: Snapshot, stock: Stock, conditions: readonly Conditions[]): () => number {
  const groups = snapshot.sum({
    table: stock.table,
    where: where(stock.inForce, ...conditions),
    groupBy: [],
    sums: [],
  });
  return () => groups().reduce((sum, { count }) => sum + count, 0);
}

function stockSum({ key, sums }: SumGroup, count: number): StockSum {
  const { stage, currency, ownProbability } = key;
  return {
    stage: String(stage),
    currency: typeof currency === 'string' ? currency : null,
    ownProbability: typeof ownProbability === 'number' ? ownProbability : null,
    count,
    value: sums['value'] ?? 0n,
  };
}

/** The ids of the pipelines whose boards hold deals, in order. */
export async function boardsWithDeals(views: ViewReads, stock: Stock): Promise<readonly string[]> {
  const snapshot = new Snapshot();
  const source =
    stock.counter === null
      ? { table: stock.table, where: where(stock.inForce, { board: { exists: true } }), sums: [] }
      : { counter: stock.counter, sums: ['count'] };
  const groups = snapshot.sum({ ...source, groupBy: ['board'] });
  await snapshot.take(views, stock.view);
  return groups()
    .filter(({ sums }) => sums['count'] !== 0n)
    .flatMap(({ key }) => (typeof key['board'] === 'string' ? [key['board']] : []))
    .sort();
}
