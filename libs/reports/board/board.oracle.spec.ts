import fc from 'fast-check';
import type { DealState } from '#domain/deal/deal.state.js';
import { toMinor } from '#domain/shared/money.js';
import type { RecordedEvent } from '#event-store/event.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import { dealHistories, PLAY_PIPELINES } from '#views/testing/histories.js';
import type { ReportFilters } from '../filters.js';
import { stalledQuery } from '../stalled/stalled.query.js';
import { contentsOf, dealsAsOf, dealsOf } from '../testing/folded-log.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, NAMES, pipeline, policiesOf, stage } from '../testing/play.js';
import { boardQuery } from './board.query.js';
import type { Board, BoardParams } from './board.query.js';

/** Boards of random deals, counted again from the deals' own folds. */
const PIPELINES = PLAY_PIPELINES.map(({ id, open, postSale }) =>
  pipeline(id, [
    ...open.map((name, index) => stage(name, { probability: (index + 1) / 8, rottenAfter: `P${index * 3 + 1}D` })),
    ...postSale.map((name) => stage(name, { kind: 'post-sale', rottenAfter: 'P5D', maxStay: 'P20D' })),
  ]),
);
const POLICIES = policiesOf(PIPELINES);
const NOW = at('2026-05-01T12:34:56Z');

const instants = fc.integer({ min: -70, max: 90 }).map((day) => at('2026-01-05') + day * DAY + 12_345);
const filters = fc.constantFrom<ReportFilters>(
  {},
  { owner: ['u-1'] },
  { owner: ['u-2', 'u-3'] },
  { label: ['hot'] },
  { team: ['north'], source: ['website'] },
  { valueMin: 20_000, currency: 'EUR' },
  { product: ['p-1'], expectedCloseFrom: '2026-01-01' },
);

function fits({ ownerId, labels, teamId, source, value, lineItems, expectedClose }: DealState, asked: ReportFilters) {
  return (
    (asked.owner?.includes(ownerId) ?? true) &&
    (asked.label?.some((label) => labels.includes(label)) ?? true) &&
    (asked.team?.includes(teamId ?? '') ?? true) &&
    (asked.source?.includes(source ?? '') ?? true) &&
    (asked.product?.some((product) => lineItems.some(({ productId }) => productId === product)) ?? true) &&
    (asked.valueMin === undefined || (value?.currency === 'EUR' && toMinor(value) >= asked.valueMin)) &&
    (asked.expectedCloseFrom === undefined || (expectedClose ?? '') >= asked.expectedCloseFrom)
  );
}

function onBoard(deals: ReadonlyMap<string, DealState>, pipelineId: string, stageId: string, asked: ReportFilters) {
  return [...deals.values()].filter((deal) => {
    const shown = deal.status === 'open' || (deal.status === 'won' && deal.visits.at(-1)?.exit === null);
    return shown && deal.pipelineId === pipelineId && deal.stageId === stageId && fits(deal, asked);
  });
}

function expectColumns(board: Board, deals: ReadonlyMap<string, DealState>, asked: ReportFilters): void {
  for (const column of board.columns) {
    const here = onBoard(deals, board.pipelineId, column.stageId, asked);
    expect(column.cards.map(({ id }) => id).sort()).toEqual(here.map(({ id }) => id).sort());
    expect(column.count).toBe(here.length);
    expect(column.withoutValue).toBe(here.filter(({ value }) => value === null).length);
    expect(column.stalled).toBe(column.cards.filter(({ stalled }) => stalled).length);
    expect(column.overstayed).toBe(column.cards.filter(({ overstayed }) => overstayed).length);
    const values = new Map<string, number>();
    const weights = new Map<string, number>();
    const { probability = 0 } =
      PIPELINES.flatMap(({ versions }) => versions[0]?.stages ?? []).find(({ id }) => id === column.stageId) ?? {};
    for (const deal of here) {
      if (deal.value === null) continue;
      const { currency } = deal.value;
      values.set(currency, (values.get(currency) ?? 0) + toMinor(deal.value));
      const weight = toMinor(deal.value) * (deal.probability ?? probability);
      weights.set(currency, (weights.get(currency) ?? 0) + weight);
    }
    expect(column.value.map((each) => [each.currency, toMinor(each)])).toEqual([...values].sort());
    const weighted = column.kind === 'open' ? [...weights].sort() : [];
    expect(column.weightedValue.map(({ currency }) => currency)).toEqual(weighted.map(([currency]) => currency));
    column.weightedValue.forEach((each, index) => {
      expect(Math.abs(toMinor(each) - (weighted[index]?.[1] ?? 0))).toBeLessThan(0.51);
    });
  }
  const open = board.columns.filter(({ kind }) => kind === 'open');
  expect(board.totals.count).toBe(open.reduce((sum, { count }) => sum + count, 0));
}

function question(log: readonly RecordedEvent[], given: Partial<BoardParams>): BoardParams {
  return {
    ...{ pipelineId: 'new-business', filters: {}, asOf: null, now: NOW, tz: null, sort: 'touch', cards: 100 },
    cursor: (_, keyset) => JSON.stringify(keyset),
    dealsAsOf: dealsAsOf(log),
    ...given,
  };
}

describe('a board over the real views', () => {
  it('shows each deal where its own events leave it, now', async () => {
    const law = fc.asyncProperty(dealHistories, filters, async (log, asked) => {
      const views = new MemoryViews(contentsOf(log));
      const deals = dealsOf(log, null);
      for (const { id } of PLAY_PIPELINES) {
        const board = await boardQuery(views, POLICIES, NAMES, question(log, { pipelineId: id, filters: asked }));
        if (board === null) throw new Error('no board');
        expectColumns(board, deals, asked);
        for (const card of board.columns.flatMap(({ cards }) => cards)) {
          const deal = deals.get(card.id);
          const threshold = PIPELINES.flatMap(({ versions }) => versions[0]?.stages ?? []).find(
            (each) => each.id === card.stageId,
          )?.rottenAfter;
          const days = typeof threshold === 'string' ? Number(threshold.slice(1, -1)) : NaN;
          const clock = Math.max(deal?.touch.at ?? NaN, deal?.snoozes.at(-1)?.to ?? -Infinity);
          expect(card.stalled).toBe(clock + days * DAY <= NOW);
          expect(card.rotAt).toBe(new Date(clock + days * DAY).toISOString());
        }
      }
    });
    await fc.assert(law, { numRuns: 60 });
  });

  it('shows each deal where its events of then leave it, as of any instant', async () => {
    const law = fc.asyncProperty(dealHistories, filters, instants, fc.nat(), async (log, asked, anyTime, pick) => {
      // Half of the time the very instant of an event, where one segment ends and the next begins.
      const event = pick % 2 === 0 ? log[pick % log.length] : undefined;
      const asOf = event === undefined ? anyTime : Date.parse(event.metadata.occurredAt);
      const views = new MemoryViews(contentsOf(log));
      for (const { id } of PLAY_PIPELINES) {
        const asOfThen = question(log, { pipelineId: id, filters: asked, asOf });
        const board = await boardQuery(views, POLICIES, NAMES, asOfThen);
        if (board === null) throw new Error('no board');
        expect(board).toMatchObject({ asOf: new Date(asOf).toISOString(), now: new Date(asOf).toISOString() });
        expectColumns(board, dealsOf(log, asOf), asked);
      }
    });
    await fc.assert(law, { numRuns: 80 });
  });

  it('has as many stalled deals as the list of stalled deals, now and then', async () => {
    const law = fc.asyncProperty(dealHistories, filters, fc.option(instants), async (log, asked, asOf) => {
      const views = new MemoryViews(contentsOf(log));
      let stalled = 0;
      for (const { id } of PLAY_PIPELINES) {
        const board = await boardQuery(views, POLICIES, NAMES, question(log, { pipelineId: id, filters: asked, asOf }));
        stalled += board?.columns.reduce((sum, column) => sum + column.stalled, 0) ?? 0;
      }
      const list = await stalledQuery(views, POLICIES, NAMES, {
        ...{ pipelineId: null, kind: 'stalled', filters: asked, asOf, now: NOW, tz: null, limit: 100, after: null },
        dealsAsOf: dealsAsOf(log),
      });
      expect(list).toMatchObject({ n: stalled });
      expect(list?.items).toHaveLength(stalled);
    });
    await fc.assert(law, { numRuns: 60 });
  });

  it('of an instant before all deals is empty', async () => {
    const [log = []] = fc.sample(dealHistories, { numRuns: 1, seed: 7 });
    const views = new MemoryViews(contentsOf(log));
    const board = await boardQuery(views, POLICIES, NAMES, question(log, { asOf: at('2020-01-01') }));
    expect(board?.totals.count).toBe(0);
    expect(views.calls[0]?.some((request) => request.kind === 'sum' && request.table === 'segment')).toBe(true);
    expect(DEAL_HISTORY.view).toBe('deal-history');
  });
});
