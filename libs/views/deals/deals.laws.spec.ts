import fc from 'fast-check';
import { plannedOf } from '#domain/activity/activity.state.js';
import { shownContactOf } from '#domain/deal/deal.contact.js';
import { foldDeal } from '#domain/deal/deal.evolve.js';
import { snoozedUntil, stallClockFrom, stayClockFrom } from '#domain/deal/deal.snooze.js';
import { stayBegan } from '#domain/deal/deal.state.js';
import { toMinor } from '#domain/shared/money.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { idOf } from '#event-store/streams.js';
import { isDealEvent } from '../domain-event.js';
import { folded } from '../testing/folded.js';
import { dealHistories } from '../testing/histories.js';
import { DEALS_VIEW } from './deals.view.js';

describe('cards over random histories', () => {
  it('say what the domain’s fold says', () => {
    fc.assert(
      fc.property(dealHistories, (log) => {
        for (const row of folded(DEALS_VIEW, log).rows('card')) {
          const deal = dealOf(log, `deal-${row.id}`);
          const visit = deal.visits.at(-1);
          const current = visit?.exit === null ? visit : null;
          const began = stayBegan(deal.visits);
          const dues = [...new Set(plannedOf(deal.activities).map(({ dueAt }) => dueAt))];
          expect(row['planned'] ?? []).toMatchObject(
            deal.activities
              .filter(({ status }) => status === 'planned')
              .map(({ activityId, kind, subject, dueAt }) => ({ activityId, kind, subject, dueAt })),
          );
          expect(row).toMatchObject({
            pipeline: deal.pipelineId,
            stage: deal.stageId,
            status: deal.status,
            board: current === null ? null : deal.pipelineId,
            title: deal.title,
            owner: deal.ownerId,
            team: deal.teamId,
            labels: deal.labels,
            contactId: shownContactOf(deal)?.id ?? null,
            currency: deal.value?.currency ?? null,
            value: deal.value === null ? null : toMinor(deal.value),
            openedAt: deal.openedAt,
            enteredAt: current === null ? null : current.enteredAt,
            touch: deal.touch.at,
            clockFrom: stallClockFrom(deal.touch.at, deal.snoozes),
            stayFrom: began === null ? null : stayClockFrom(began, deal.snoozes),
            snoozedUntil: snoozedUntil(deal.snoozes),
            visibility: deal.visibility,
            expectedClose: deal.expectedClose,
            ownProbability: deal.probability === null ? null : Math.round(deal.probability * 10_000),
            ownCategory: deal.forecastCategory,
            dues: dues.length === 0 ? null : dues,
            lastTouch: { type: deal.touch.type, revision: deal.touch.revision },
          });
        }
      }),
    );
  });

  it('are as many on the boards as the totals count', () => {
    fc.assert(
      fc.property(dealHistories, (log) => {
        const { rows, counters } = folded(DEALS_VIEW, log);
        const onBoard = rows('card').filter((row) => row['board'] !== null);
        const sum = (measure: string): number =>
          counters.reduce((total, { measures }) => total + (measures[measure] ?? 0), 0);
        expect(sum('count')).toBe(onBoard.length);
        expect(sum('withoutValue')).toBe(onBoard.filter((row) => row['value'] === null).length);
        expect(sum('value')).toBe(onBoard.reduce((total, row) => total + Number(row['value'] ?? 0), 0));
      }),
    );
  });
});

function dealOf(log: readonly RecordedEvent[], stream: string) {
  const events = log
    .filter((event) => event.stream === stream)
    .map(decode)
    .filter(isDealEvent);
  const deal = foldDeal(events, idOf(stream));
  if (deal === null) throw new Error(`no events of ${stream}`);
  return deal;
}
