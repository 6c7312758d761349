import type { PipelineVersion, Stage } from '#domain/pipeline/pipeline.state.js';
import { PROBABILITY_SCALE, tenThousandths } from '#domain/shared/money.js';
import type { Money } from '#domain/shared/money.js';
import type { BusinessTime } from '../business-time.js';
import { filterColumns } from '../filters.js';
import type { ReportFilters } from '../filters.js';
import { MoneySums } from '../money-list.js';
import type { Reporting, ReportingRates } from '../reporting.js';
import type { Snapshot } from '../snapshot.js';
import { stallConditions, stallFilter } from '../stall/stall-filter.js';
import { countRows, sumBoard, sumRows } from '../stock.js';
import type { Stock, StockSum } from '../stock.js';

/** Money of a column or a board. `weighted` in ten-thousandths of minor units. */
export interface ColumnSums {
  readonly count: number;
  readonly stalled: number;
  readonly overstayed: number;
  readonly withoutValue: number;
  readonly value: MoneySums;
  readonly weighted: MoneySums;
}

/** The totals of contract.md, of a column and of a board. */
export interface Totals {
  readonly count: number;
  readonly stalled: number;
  readonly overstayed: number;
  readonly withoutValue: number;
  readonly value: readonly Money[];
  readonly weightedValue: readonly Money[];
  /** The sums in the reporting currency; null while there is none. */
  readonly reporting: Reporting<'value' | 'weightedValue'> | null;
}

export interface ColumnTotals extends Totals {
  readonly stageId: string;
  readonly name: string;
  readonly kind: 'open' | 'post-sale';
  readonly rank: number;
  readonly retired: boolean;
}

/** The board that is asked about, with the instant and the business days of its thresholds. */
export interface BoardScope {
  readonly pipelineId: string;
  readonly version: PipelineVersion;
  readonly filters: ReportFilters;
  readonly now: number;
  readonly time: BusinessTime;
  readonly zone: string;
  /** Null: there is no reporting currency. */
  readonly rates: ReportingRates | null;
}

/** Asks for the sums of the stages; the answer has one for each, in their order. */
export function askColumnSums(
  snapshot: Snapshot,
  stock: Stock,
  scope: BoardScope,
  stages: readonly Stage[],
): () => readonly ColumnSums[] {
  const { pipelineId: board, filters, now, time } = scope;
  const together = filters.stalled === undefined ? sumBoard(snapshot, stock, board, filters) : null;
  const columns = stages.map((stage) => {
    const conditions = stallConditions(stage, now, time);
    const fits = stallFilter(conditions, filters.stalled);
    if (fits === null) return null;
    const rows = [{ board, stage: stage.id }, filterColumns(filters), ...fits];
    return {
      sums: together ?? sumRows(snapshot, stock, rows),
      stalled: conditions.stalled === null ? zero : countRows(snapshot, stock, [...rows, ...conditions.stalled]),
      overstayed:
        conditions.overstayed === null ? zero : countRows(snapshot, stock, [...rows, ...conditions.overstayed]),
    };
  });
  return () =>
    stages.map((stage, index) => {
      const column = columns[index];
      if (column === null || column === undefined) return columnSums(stage, [], 0, 0);
      const sums = column.sums().filter((sum) => sum.stage === stage.id);
      return columnSums(stage, sums, column.stalled(), column.overstayed());
    });
}

const zero = (): number => 0;

function columnSums(stage: Stage, sums: readonly StockSum[], stalled: number, overstayed: number): ColumnSums {
  const value = new MoneySums();
  const weighted = new MoneySums();
  let count = 0;
  let withoutValue = 0;
  for (const group of sums) {
    // A counter keeps the groups that its deals have left.
    if (group.count === 0) continue;
    count += group.count;
    if (group.currency === null) {
      withoutValue += group.count;
      continue;
    }
    value.add(group.currency, group.value);
    if (stage.kind !== 'open') continue;
    const probability =
      group.ownProbability === null ? tenThousandths(stage.probability) : BigInt(group.ownProbability);
    weighted.add(group.currency, group.value * probability);
  }
  return { count, stalled, overstayed, withoutValue, value, weighted };
}

export function columnTotalsOf(stage: Stage, sums: ColumnSums, rates: ReportingRates | null): ColumnTotals {
  const { id, name, kind, rank, retired } = stage;
  return { stageId: id, name, kind, rank, retired, ...totalsOf([sums], rates) };
}

/** Columns together: exact sums, rounded once. */
export function totalsOf(columns: readonly ColumnSums[], rates: ReportingRates | null): Totals {
  const value = new MoneySums();
  const weighted = new MoneySums();
  for (const column of columns) {
    value.addAll(column.value);
    weighted.addAll(column.weighted);
  }
  const total = (of: 'count' | 'stalled' | 'overstayed' | 'withoutValue'): number =>
    columns.reduce((sum, column) => sum + column[of], 0);
  return {
    count: total('count'),
    stalled: total('stalled'),
    overstayed: total('overstayed'),
    withoutValue: total('withoutValue'),
    value: value.list(),
    weightedValue: weighted.weightedList(),
    reporting:
      rates?.report({ value: { sums: value }, weightedValue: { sums: weighted, scale: PROBABILITY_SCALE } }) ?? null,
  };
}
