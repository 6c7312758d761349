import fc from 'fast-check';
import { plannedOf } from '#domain/activity/activity.state.js';
import { dealEventsAsOf } from '#domain/deal/deal.as-of.js';
import { foldDeal } from '#domain/deal/deal.evolve.js';
import { snoozedUntil, stallClockFrom, stayClockFrom } from '#domain/deal/deal.snooze.js';
import { stayBegan } from '#domain/deal/deal.state.js';
import { toMinor } from '#domain/shared/money.js';
import { decode } from '#event-store/codec.js';
import { audienceOf } from '../deal-columns.js';
import { isDealEvent } from '../domain-event.js';
import { folded } from '../testing/folded.js';
import { dealHistories } from '../testing/histories.js';
import { dealOfSegmentId } from './deal-history.schema.js';
import { DEAL_HISTORY_VIEW } from './deal-history.view.js';

const DAY = 86_400_000;

describe('a segment', () => {
  it('says of an instant what the deal says of itself as of then', () => {
    fc.assert(
      fc.property(dealHistories, fc.nat(), fc.constantFrom(-DAY, -1, 0, 1, DAY), (log, index, offset) => {
        const events = log
          .filter(({ stream }) => stream === 'deal-1')
          .map(decode)
          .filter(isDealEvent);
        const instant = (events[index % events.length]?.occurredAt ?? 0) + offset;
        const deal = foldDeal(dealEventsAsOf(events, instant), '1');
        const segment = folded(DEAL_HISTORY_VIEW, log)
          .rows('segment')
          .find(
            (row) => dealOfSegmentId(row.id) === '1' && Number(row['from']) <= instant && instant < Number(row['to']),
          );
        if (deal === null) return expect(segment).toBeUndefined();
        const visit = deal.visits.at(-1);
        const current = visit?.exit === null ? visit : null;
        const began = stayBegan(deal.visits);
        expect(segment).toMatchObject({
          stage: deal.stageId,
          status: deal.status,
          board: current === null ? null : deal.pipelineId,
          stayFrom: began === null ? null : stayClockFrom(began, deal.snoozes),
          snoozedUntil: snoozedUntil(deal.snoozes),
          audience: audienceOf(deal.visibility, deal.ownerId, deal.teamId),
          labels: deal.labels.length === 0 ? null : deal.labels,
          expectedClose: deal.expectedClose,
          ownProbability: deal.probability === null ? null : Math.round(deal.probability * 10_000),
          ownCategory: deal.forecastCategory,
          owner: deal.ownerId,
          team: deal.teamId,
          currency: deal.value?.currency ?? null,
          value: deal.value === null ? null : toMinor(deal.value),
        });
        // An event dated ahead of the clock touches when it is recorded, before it is in force.
        if (events.some((event) => event.recordedAt <= instant && instant < event.occurredAt)) return;
        expect(segment?.['clockFrom']).toBe(stallClockFrom(deal.touch.at, deal.snoozes));
        expect(segment?.['dues'] ?? []).toEqual([...new Set(plannedOf(deal.activities).map(({ dueAt }) => dueAt))]);
      }),
      { numRuns: 300 },
    );
  });
});
