import type { PipelineState, PipelineVersion } from '#domain/pipeline/pipeline.state.js';
import type { Keyset, ViewReads } from '#view-store/port.js';
import { cards, versionFor } from '../card.js';
import type { Card } from '../card.js';
import { filtersEcho } from '../filters.js';
import type { ReportFilters } from '../filters.js';
import { instantText } from '../interval.js';
import { businessTimeOf } from '../policies.js';
import type { Labels, Policies } from '../policies.js';
import { ReportingRates } from '../reporting.js';
import { weighedVersion } from '../probability/stage-probabilities.js';
import { Snapshot } from '../snapshot.js';
import { countRows, stockAt } from '../stock.js';
import type { DealsAsOf, Stock } from '../stock.js';
import { boardStage, boardStages } from './board-stages.js';
import type { BoardStage } from './board-stages.js';
import { askCards } from './card-page.js';
import type { BoardSort } from './card-page.js';
import { askColumnSums, columnTotalsOf, totalsOf } from './column-totals.js';
import type { BoardScope, ColumnTotals, Totals } from './column-totals.js';

export interface BoardQuestion {
  readonly pipelineId: string;
  readonly filters: ReportFilters;
  /** Null: the board of now. */
  readonly asOf: number | null;
  readonly now: number;
  /** Null: the organisation's zone. */
  readonly tz: string | null;
  readonly dealsAsOf: DealsAsOf;
}

export interface BoardParams extends BoardQuestion {
  readonly sort: BoardSort;
  /** Cards of each column, 0 to 100. */
  readonly cards: number;
  /** Makes the cursor of a column's next page. */
  readonly cursor: (stageId: string, keyset: Keyset) => string;
}

export interface BoardColumn extends ColumnTotals {
  readonly cards: readonly Card[];
  readonly next: string | null;
}

/** The board of contract.md. */
export interface Board {
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly asOf: string | null;
  readonly tz: string;
  readonly now: string;
  readonly sort: BoardSort;
  readonly filters: ReturnType<typeof filtersEcho>;
  readonly columns: readonly BoardColumn[];
  readonly totals: Totals;
}

/** A board is always read at the instant that it shows. */
interface OpenedBoard {
  readonly pipeline: PipelineState;
  readonly version: PipelineVersion;
  readonly scope: BoardScope;
  readonly stock: Stock;
}

async function openBoard(views: ViewReads, policies: Policies, question: BoardQuestion): Promise<OpenedBoard | null> {
  const pipeline = await policies.pipeline(question.pipelineId);
  if (pipeline === null) return null;
  const { pipelineId, filters, asOf } = question;
  const settings = await policies.settings();
  const zone = question.tz ?? settings.timeZone;
  const now = asOf ?? question.now;
  const time = await businessTimeOf(policies, asOf, question.tz);
  const version = await weighedVersion(views, pipeline, versionFor(pipeline, asOf), now, settings.timeZone);
  return {
    pipeline,
    version,
    scope: { pipelineId, version, filters, now, time, zone, rates: ReportingRates.at(settings, now, zone) },
    stock: stockAt(asOf, question.dealsAsOf),
  };
}

/**
 * A pipeline's board, with the first cards of each column; all of it from one snapshot of the view. Totals are of the
 * whole filter and count open stages only. Null: there is no such pipeline.
 */
export async function boardQuery(
  views: ViewReads,
  policies: Policies,
  labels: Labels,
  params: BoardParams,
): Promise<Board | null> {
  const opened = await openBoard(views, policies, params);
  if (opened === null) return null;
  const { pipeline, version, scope, stock } = opened;
  const stages = boardStages(pipeline, version);
  const snapshot = new Snapshot();
  const sums = askColumnSums(
    snapshot,
    stock,
    scope,
    stages.map(({ stage }) => stage),
  );
  const page = { sort: params.sort, limit: params.cards, after: null };
  const columns = stages.map((boardStage) => ({
    boardStage,
    held: askHeld(snapshot, stock, scope.pipelineId, boardStage),
    found: askCards(snapshot, stock, scope, boardStage.stage, page),
  }));
  await snapshot.take(views, stock.view);

  const shown = sums()
    .map((columnSums, index) => ({ columnSums, column: columns[index] }))
    .flatMap(({ columnSums, column }) => (column?.held() ? [{ columnSums, ...column }] : []));
  const deals = await stock.deals(shown.flatMap(({ found }) => found().rows));
  const drawn = await cards(deals, policies, labels, { asOf: params.asOf, now: scope.now, time: scope.time });
  let first = 0;
  return {
    pipelineId: scope.pipelineId,
    pipelineVersion: version.version,
    asOf: params.asOf === null ? null : instantText(params.asOf),
    tz: scope.zone,
    now: instantText(scope.now),
    sort: params.sort,
    filters: filtersEcho(params.filters),
    columns: shown.map(({ boardStage: { stage }, columnSums, found }) => {
      const { rows, next } = found();
      const start = first;
      first += rows.length;
      return {
        ...columnTotalsOf(stage, columnSums, scope.rates),
        cards: drawn.slice(start, first),
        next: next === null ? null : params.cursor(stage.id, next),
      };
    }),
    totals: totalsOf(
      shown.flatMap(({ boardStage, columnSums }) => (isOpen(boardStage) ? [columnSums] : [])),
      scope.rates,
    ),
  };
}

/** A stage that is retired, or came later, is a column while any deal is in it, filtered or not. */
function askHeld(snapshot: Snapshot, stock: Stock, board: string, { stage, always }: BoardStage): () => boolean {
  if (always) return () => true;
  const count = countRows(snapshot, stock, [{ board, stage: stage.id }]);
  return () => count() > 0;
}

function isOpen({ stage }: BoardStage): boolean {
  return stage.kind === 'open';
}

export interface ColumnPageParams extends BoardQuestion {
  readonly stageId: string;
  readonly sort: BoardSort;
  readonly limit: number;
  readonly after: Keyset | null;
}

export interface CardPage {
  readonly items: readonly Card[];
  readonly next: Keyset | null;
}

/** One more page of a column. Null: there is no such pipeline or stage. */
export async function columnPage(
  views: ViewReads,
  policies: Policies,
  labels: Labels,
  params: ColumnPageParams,
): Promise<CardPage | null> {
  const opened = await openBoard(views, policies, params);
  const found = opened && boardStage(opened.pipeline, opened.version, params.stageId);
  if (opened === null || found === null) return null;
  const { scope, stock } = opened;
  const snapshot = new Snapshot();
  const page = askCards(snapshot, stock, scope, found.stage, params);
  await snapshot.take(views, stock.view);
  const { rows, next } = page();
  const deals = await stock.deals(rows);
  const items = await cards(deals, policies, labels, { asOf: params.asOf, now: scope.now, time: scope.time });
  return { items, next };
}

export interface ColumnTotalsParams {
  readonly pipelineId: string;
  readonly stageIds: readonly string[];
  readonly filters: ReportFilters;
  readonly now: number;
  readonly tz: string | null;
}

/**
 * The totals of the columns named, as they are now, in the order of `stageIds`; a stage that the pipeline does not have
 * is left out. Null: there is no such pipeline.
 */
export async function columnTotals(
  views: ViewReads,
  policies: Policies,
  params: ColumnTotalsParams,
): Promise<readonly ColumnTotals[] | null> {
  const opened = await openBoard(views, policies, {
    ...params,
    asOf: null,
    dealsAsOf: () => Promise.resolve(new Map()),
  });
  if (opened === null) return null;
  const { pipeline, version, scope, stock } = opened;
  const stages = params.stageIds.flatMap((stageId) => boardStage(pipeline, version, stageId)?.stage ?? []);
  const snapshot = new Snapshot();
  const sums = askColumnSums(snapshot, stock, scope, stages);
  await snapshot.take(views, stock.view);
  return sums().flatMap((columnSums, index) => {
    const stage = stages[index];
    return stage === undefined ? [] : [columnTotalsOf(stage, columnSums, scope.rates)];
  });
}
