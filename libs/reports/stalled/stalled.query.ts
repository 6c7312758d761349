import type { DurationSpec } from '#domain/pipeline/pipeline.events.js';
import type { FindResult, Keyset, Row, ViewReads } from '#view-store/port.js';
import type { BusinessTime } from '../business-time.js';
import { boardStages } from '../board/board-stages.js';
import { cardsWithStalls, versionFor } from '../card.js';
import type { Card } from '../card.js';
import { filterColumns, where } from '../filters.js';
import type { Conditions, ReportFilters } from '../filters.js';
import { businessTimeOf } from '../policies.js';
import type { Labels, Policies } from '../policies.js';
import { Snapshot } from '../snapshot.js';
import type { Stall } from '../stall/stall.js';
import { stallConditions, stallFilter } from '../stall/stall-filter.js';
import { boardsWithDeals, countRows, stockAt } from '../stock.js';
import type { DealsAsOf } from '../stock.js';
import { compareRotKeys, fromKeyset, resumeAfter, rotKeyOf, toKeyset } from './rot-order.js';

export type StalledKind = 'stalled' | 'overstayed' | 'overdue';

export interface StalledParams {
  /** Null: every pipeline that has deals on its board. */
  readonly pipelineId: string | null;
  readonly kind: StalledKind;
  readonly filters: ReportFilters;
  /** Null: now. */
  readonly asOf: number | null;
  readonly now: number;
  /** Null: the organisation's zone. */
  readonly tz: string | null;
  readonly limit: number;
  readonly after: Keyset | null;
  readonly dealsAsOf: DealsAsOf;
}

export interface StalledList {
  readonly items: readonly (Card & { readonly stall: Stall })[];
  readonly next: Keyset | null;
  /** All that match. */
  readonly n: number;
}

/** The rows of one stage that belong in the list. */
interface StageRows {
  readonly rottenAfter: DurationSpec | null;
  readonly conditions: readonly Conditions[];
}

/**
 * Stalled or overstayed deals, or ones with overdue activities, of open and post-sale stages, the one that rotted first
 * on top, those that never rot last. Each stage has its own threshold, so a page is merged from a page of each. Null:
 * the pipeline named does not exist.
 */
export async function stalledQuery(
  views: ViewReads,
  policies: Policies,
  labels: Labels,
  params: StalledParams,
): Promise<StalledList | null> {
  const { asOf, limit } = params;
  if (params.pipelineId !== null && (await policies.pipeline(params.pipelineId)) === null) return null;
  const clock = { asOf, now: asOf ?? params.now, time: await businessTimeOf(policies, asOf, params.tz) };
  const stock = stockAt(asOf, params.dealsAsOf);
  const boards = params.pipelineId === null ? await boardsWithDeals(views, stock) : [params.pipelineId];
  const last = params.after === null ? null : fromKeyset(params.after);

  const snapshot = new Snapshot();
  const stages = (await matchingStages(policies, boards, params, clock)).map(({ rottenAfter, conditions }) => {
    const resume = resumeAfter(last, rottenAfter, clock.time);
    const found = resume && {
      table: stock.table,
      where: where(stock.inForce, ...conditions, resume.condition),
      sort: [{ column: 'clockFrom' }],
      limit,
      after: resume.after,
    };
    return {
      rottenAfter,
      count: countRows(snapshot, stock, conditions),
      found: found === null ? noRows : snapshot.find(found),
    };
  });
  await snapshot.take(views, stock.view);

  const pages = stages.map(({ rottenAfter, found }) => ({ rottenAfter, ...found() }));
  const merged = pages
    .flatMap(({ rottenAfter, rows }) => rows.map((row) => ({ row, key: rotKeyOf(row, rottenAfter, clock.time) })))
    .sort((a, b) => compareRotKeys(a.key, b.key));
  const page = merged.slice(0, limit);
  const lastShown = page.at(-1);
  const isLast = page.length === merged.length && pages.every(({ next }) => next === null);
  const rows: readonly Row[] = page.map(({ row }) => row);
  const drawn = await cardsWithStalls(await stock.deals(rows), policies, labels, clock);
  return {
    items: drawn.flatMap(({ card, stall }) => (stall === null ? [] : [{ ...card, stall }])),
    next: isLast || lastShown === undefined ? null : toKeyset(lastShown.key),
    n: stages.reduce((sum, { count }) => sum + count(), 0),
  };
}

const noRows = (): FindResult => ({ rows: [], next: null });

async function matchingStages(
  policies: Policies,
  boards: readonly string[],
  params: StalledParams,
  clock: { readonly now: number; readonly time: BusinessTime },
): Promise<readonly StageRows[]> {
  const matching: StageRows[] = [];
  for (const board of boards) {
    const pipeline = await policies.pipeline(board);
    if (pipeline === null) continue;
    for (const { stage } of boardStages(pipeline, versionFor(pipeline, params.asOf))) {
      const conditions = stallConditions(stage, clock.now, clock.time);
      const ofKind = conditions[params.kind];
      const fits = stallFilter(conditions, params.filters.stalled);
      if (ofKind === null || fits === null) continue;
      const { rottenAfter } = stage;
      matching.push({
        rottenAfter,
        conditions: [{ board, stage: stage.id }, filterColumns(params.filters), ...ofKind, ...fits],
      });
    }
  }
  return matching;
}
