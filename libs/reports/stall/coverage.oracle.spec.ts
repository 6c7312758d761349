import fc from 'fast-check';
import { stayBegan } from '#domain/deal/deal.state.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { RecordedEvent } from '#event-store/event.js';
import { dealHistories, PLAY_PIPELINES } from '#views/testing/histories.js';
import { boardQuery } from '../board/board.query.js';
import { stalledQuery } from '../stalled/stalled.query.js';
import { contentsOf, dealsAsOf, dealsOf } from '../testing/folded-log.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, NAMES, pipeline, policiesOf, stage } from '../testing/play.js';

/**
 * Days after the last touch when a deal of the stage is stale, days ahead in which what is planned covers it, and days
 * after which it has overstayed.
 */
const THRESHOLDS = [
  { rot: 1, cover: 2, stay: 4 },
  { rot: 3, cover: null, stay: 2 },
  { rot: 2, cover: 9, stay: null },
  { rot: null, cover: 5, stay: 9 },
];
const thresholdsOf = (stageId: string) =>
  THRESHOLDS[stageId.length % THRESHOLDS.length] ?? { rot: null, cover: null, stay: null };
const days = (count: number | null) => (count === null ? null : `P${count}D`);

const PIPELINES = PLAY_PIPELINES.map(({ id, open, postSale }) =>
  pipeline(
    id,
    [...open.map((name) => stage(name)), ...postSale.map((name) => stage(name, { kind: 'post-sale' }))].map((each) => ({
      ...each,
      rottenAfter: days(thresholdsOf(each.id).rot),
      coverHorizon: days(thresholdsOf(each.id).cover),
      maxStay: days(thresholdsOf(each.id).stay),
    })),
  ),
);
const POLICIES = policiesOf(PIPELINES);

/** Counted from the deal alone, by the letter of the definitions. */
function told(deal: DealState, now: number) {
  const { rot, cover, stay } = thresholdsOf(deal.stageId);
  const dues = deal.activities.filter(({ status }) => status === 'planned').map(({ dueAt }) => dueAt);
  const covered = cover !== null && dues.some((due) => due > now && due <= now + cover * DAY);
  const asleep = deal.snoozes.some(({ from, to }) => from <= now && now < to);
  const clockFrom = Math.max(deal.touch.at, ...deal.snoozes.map(({ to }) => to));
  const stale = rot !== null && !asleep && now >= clockFrom + rot * DAY;
  const began = stayBegan(deal.visits) ?? now;
  const slept = deal.snoozes.map(({ from, to }) => Math.max(0, Math.min(to, now) - Math.max(from, began)));
  const stayed = now - began - slept.reduce((sum, each) => sum + each, 0);
  const overstayed = stay !== null && stayed >= stay * DAY;
  return { stalled: stale && !covered, stale, covered, overstayed, overdue: dues.some((due) => due <= now) };
}

const START = at('2026-01-05T09:00:00Z');
const moments = fc.record({
  now: fc.integer({ min: -5, max: 70 }).map((day) => START + day * DAY + 12_345),
  past: fc.boolean(),
});

/** The present is not before what was recorded, nor before what happened 60 s ahead of the clock. */
function since(log: readonly RecordedEvent[], { now, past }: { now: number; past: boolean }) {
  const known = log.map(({ metadata }) => Math.max(Date.parse(metadata.recordedAt), Date.parse(metadata.occurredAt)));
  return { now: past ? now : Math.max(now, ...known), past };
}

function onBoards(log: readonly RecordedEvent[], asOf: number | null): readonly DealState[] {
  return [...dealsOf(log, asOf).values()].filter(({ status, visits }) => {
    return (status === 'open' || status === 'won') && visits.at(-1)?.exit === null;
  });
}

describe('what is planned', () => {
  it('covers deals, and is overdue, and a snooze stops the clocks, as the definitions say, now and then', async () => {
    const kinds = fc.constantFrom('stalled' as const, 'overdue' as const, 'overstayed' as const);
    const law = fc.asyncProperty(dealHistories, moments, kinds, async (log, moment, kind) => {
      const { now, past } = since(log, moment);
      const asOf = past ? now : null;
      const views = new MemoryViews(contentsOf(log));
      const question = { asOf, now, tz: null, dealsAsOf: dealsAsOf(log) };
      const list = await stalledQuery(views, POLICIES, NAMES, {
        ...{ ...question, pipelineId: null, kind, filters: {}, limit: 100, after: null },
      });
      const deals = onBoards(log, asOf);
      const expected = deals.filter((deal) => told(deal, now)[kind]).map(({ id }) => id);
      expect(list?.items.map(({ id }) => id).sort()).toEqual(expected.sort());
      expect(list?.n).toBe(expected.length);
      for (const item of list?.items ?? []) {
        const deal = deals.find(({ id }) => id === item.id);
        expect(item.stall).toMatchObject(deal === undefined ? {} : told(deal, now));
      }
    });
    await fc.assert(law, { numRuns: 100 });
  });

  it('parts the deals of a board in stalled and not stalled ones', async () => {
    const law = fc.asyncProperty(dealHistories, moments, async (log, moment) => {
      const { now, past } = since(log, moment);
      const asOf = past ? now : null;
      const views = new MemoryViews(contentsOf(log));
      const question = { asOf, now, tz: null, dealsAsOf: dealsAsOf(log), sort: 'touch' as const, cards: 100 };
      const deals = onBoards(log, asOf);
      for (const { id: pipelineId } of PLAY_PIPELINES) {
        const here = deals.filter((deal) => deal.pipelineId === pipelineId);
        for (const stalled of [true, false]) {
          const board = await boardQuery(views, POLICIES, NAMES, {
            ...{ ...question, pipelineId, filters: { stalled }, cursor: String },
          });
          const expected = here.filter((deal) => told(deal, now).stalled === stalled).map(({ id }) => id);
          const columns = board?.columns ?? [];
          expect(columns.flatMap(({ cards }) => cards.map(({ id }) => id)).sort()).toEqual(expected.sort());
          expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(expected.length);
          const overstayed = here.filter((deal) => told(deal, now).stalled === stalled && told(deal, now).overstayed);
          expect(columns.reduce((sum, column) => sum + column.overstayed, 0)).toBe(overstayed.length);
          expect(columns.reduce((sum, column) => sum + column.stalled, 0)).toBe(stalled ? expected.length : 0);
        }
      }
    });
    await fc.assert(law, { numRuns: 60 });
  });
});
