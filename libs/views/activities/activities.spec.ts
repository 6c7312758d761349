import fc from 'fast-check';
import { foldDeal } from '#domain/deal/deal.evolve.js';
import { LIVING } from '#domain/deal/deal.state.js';
import type { StandaloneActivityEvent } from '#domain/standalone-activity/standalone.events.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { cancelled, done, dueOn, ended, planned, putOff, WEEKDAYS } from '#domain/shared/testing/standalone.js';
import { isDealEvent } from '../domain-event.js';
import { folded, only } from '../testing/folded.js';
import { dealHistories } from '../testing/histories.js';
import { interleaved, recorded, type Happening } from '../testing/recorded.js';
import { ACTIVITIES_VIEW } from './activities.view.js';

const AT = '2026-03-01T09:00:00.000Z';
const PLAN = { activityId: 'a-1', kind: 'demo', subject: 'Show it', dueAt: dueOn('2026-03-10'), assigneeId: 'u-ada' };
const happened = (type: string, data: object = {}): Happening => ({ type, data, occurredAt: AT });
const plan = happened('ActivityPlanned', PLAN);

function rowsOf(...streams: readonly (readonly RecordedEvent[])[]) {
  return folded(ACTIVITIES_VIEW, interleaved(streams, [])).rows('activity');
}
const ofDeal = (...happenings: Happening[]) => recorded('deal-d1', happenings);
const ofLead = (...happenings: Happening[]) => recorded('lead-l1', happenings);
const alone = (...events: StandaloneActivityEvent[]) =>
  recorded(
    'activity-p1',
    events.map((event) => ({ ...event, occurredAt: AT })),
  );
const due = (n: number, data: object) => recorded(`alert-${n}`, [happened('ActivityDue', data)]);

describe('what is to be done', () => {
  it('is listed with whose it is', () => {
    expect(rowsOf(ofDeal(plan))).toEqual([
      {
        ...{ id: 'deal-d1/a-1', activity: 'a-1', deal: 'd1', lead: null, kind: 'demo', subject: 'Show it' },
        ...{ status: 'planned', dueAt: Date.parse(dueOn('2026-03-10')), assignee: 'u-ada', doneAt: null },
        ...{ outcome: null, occurrence: null, targetCount: null, pending: Date.parse(dueOn('2026-03-10')) },
      },
    ]);
    expect(rowsOf(ofLead(plan))).toMatchObject([{ id: 'lead-l1/a-1', deal: null, lead: 'l1' }]);
    expect(rowsOf(alone(planned()))).toMatchObject([
      {
        ...{ id: 'activity-p1', activity: 'p1', deal: null, lead: null, occurrence: '2026-03-02', targetCount: 60 },
        ...{ status: 'planned', dueAt: Date.parse(dueOn('2026-03-02')) },
      },
    ]);
  });

  it('is the same activity twice when two deals use one id', () => {
    const other = recorded('deal-d2', [plan]);
    expect(rowsOf(ofDeal(plan), other).map(({ id }) => id)).toEqual(['deal-d1/a-1', 'deal-d2/a-1']);
  });

  it('is done, with what came of it, or cancelled', () => {
    const completed = happened('ActivityCompleted', { activityId: 'a-1', note: null, outcome: 'sold' });
    const isDone = { status: 'done', doneAt: Date.parse(AT), outcome: 'sold', pending: null };
    expect(rowsOf(ofDeal(plan, completed))).toMatchObject([isDone]);
    const dropped = happened('ActivityCancelled', { activityId: 'a-1', reason: null });
    expect(rowsOf(ofDeal(plan, dropped))).toMatchObject([{ status: 'cancelled', pending: null }]);
  });

  it('is not to be done on what is closed for good, until it is open again', () => {
    const [voided, merged] = [
      happened('DealVoided', { reason: 'a test', leadId: null }),
      happened('DealMergedInto', {}),
    ];
    expect(rowsOf(ofDeal(plan, voided))).toEqual([]);
    expect(rowsOf(ofDeal(plan, merged))).toEqual([]);
    expect(rowsOf(ofDeal(plan, merged, happened('DealUnmerged', {})))).toHaveLength(1);
    const [archived, converted] = [happened('LeadArchived'), happened('LeadConverted', { dealId: 'd1' })];
    expect(rowsOf(ofLead(plan, archived))).toEqual([]);
    expect(rowsOf(ofLead(plan, archived, happened('LeadReopened')))).toHaveLength(1);
    expect(rowsOf(ofLead(plan, converted))).toEqual([]);
    expect(rowsOf(ofLead(plan, converted, happened('LeadConversionReverted', {})))).toHaveLength(1);
    const completed = happened('ActivityCompleted', { activityId: 'a-1', note: null });
    expect(rowsOf(ofLead(plan, completed, converted))).toMatchObject([{ status: 'done' }]);
  });

  it('of a series is its next occurrence, and at last the last one', () => {
    const shown = (...events: StandaloneActivityEvent[]) =>
      rowsOf(alone(...events)).map((row) => only(['status', 'occurrence', 'dueAt'], row))[0];
    const on = (date: string) => ({ occurrence: date, dueAt: Date.parse(dueOn(date)) });
    const short = planned({ recurrence: { ...WEEKDAYS, until: '2026-03-03' } });
    expect(shown(short, done('2026-03-02', '2026-03-03'))).toEqual({ status: 'planned', ...on('2026-03-03') });
    const all = [short, done('2026-03-02', '2026-03-03'), done('2026-03-03', null)];
    expect(shown(...all)).toEqual({ status: 'done', ...on('2026-03-03') });
    expect(shown(short, cancelled('2026-03-02', '2026-03-03'))).toEqual({ status: 'planned', ...on('2026-03-03') });
    expect(shown(short, ended)).toMatchObject({ status: 'cancelled', dueAt: Date.parse(dueOn('2026-03-02')) });
  });

  it('of a deal is what its decider knows, whatever happens to it', () => {
    fc.assert(
      fc.property(dealHistories, (log) => {
        const rows = folded(ACTIVITIES_VIEW, log).rows('activity');
        const streams = new Set(log.map(({ stream }) => stream).filter((stream) => stream.startsWith('deal-')));
        for (const stream of streams) {
          const events = log.filter((event) => event.stream === stream).map((event) => decode(event));
          const deal = foldDeal(events.filter(isDealEvent), 'd');
          if (deal === null) continue;
          const shown = deal.activities.filter(({ status }) => status !== 'planned' || LIVING.includes(deal.status));
          const own = rows.filter(({ id }) => String(id).startsWith(`${stream}/`));
          expect(own.map((row) => only(['activity', 'status', 'dueAt', 'doneAt'], row))).toEqual(
            shown.map(({ activityId, status, dueAt, doneAt }) => ({ activity: activityId, status, dueAt, doneAt })),
          );
        }
      }),
    );
  });
});

describe('what is to be announced', () => {
  const pending = (...streams: RecordedEvent[][]) => rowsOf(...streams).map((row) => row['pending'])[0];
  const time = (date: string) => Date.parse(dueOn(date));

  it('is what is planned and was not announced at that time', () => {
    const alert = due(1, { ...PLAN, dealId: 'd1', leadId: null, occurrence: null });
    expect(pending(ofDeal(plan), alert)).toBeNull();
    const later = happened('ActivityRescheduled', { activityId: 'a-1', dueAt: dueOn('2026-03-12') });
    expect(pending(ofDeal(plan, later), alert)).toBe(time('2026-03-12'));
    const back = happened('ActivityRescheduled', { activityId: 'a-1', dueAt: PLAN.dueAt });
    expect(pending(ofDeal(plan, later, back), alert)).toBeNull();
  });

  it('of a series is each of its days, also while one before is not done', () => {
    const announce = (n: number, date: string, dueAt = dueOn(date)) =>
      due(n, { activityId: 'p1', dealId: null, leadId: null, occurrence: date, dueAt });
    const monday = announce(1, '2026-03-02');
    expect(pending(alone(planned()))).toBe(time('2026-03-02'));
    expect(pending(alone(planned()), monday)).toBe(time('2026-03-03'));
    expect(pending(alone(planned()), monday, announce(2, '2026-03-03'))).toBe(time('2026-03-04'));
    const struck = cancelled('2026-03-03', '2026-03-02');
    expect(pending(alone(planned(), struck), monday)).toBe(time('2026-03-04'));
    expect(pending(alone(planned(), done('2026-03-06', '2026-03-09')), monday)).toBe(time('2026-03-09'));
    const afternoon = '2026-03-02T15:00:00.000Z';
    expect(pending(alone(planned(), putOff('2026-03-02', afternoon)), monday)).toBe(Date.parse(afternoon));
    const both = [monday, announce(2, '2026-03-02', afternoon)];
    expect(pending(alone(planned(), putOff('2026-03-02', afternoon)), ...both)).toBe(time('2026-03-03'));
    expect(pending(alone(planned(), ended), monday)).toBeNull();
  });
});
