import fc from 'fast-check';
import { deal, lost, moved, opened, reopened, won } from '../shared/testing/deals.js';
import { DAY, START, day, given } from '../shared/testing/given.js';
import type { Told } from '../shared/testing/given.js';
import { formatInstant } from '../shared/instant.js';
import type { DealAttentionCommand } from './deal.attention-commands.js';
import type { DealAttentionEvent } from './deal.attention-events.js';
import type { DealEvent } from './deal.events.js';
import { snoozedWithin, snoozesAfter } from './deal.snooze.js';
import type { Snooze, SnoozeChange } from './deal.snooze.js';

const OPEN = [opened()];
const LOST = [opened(), lost('prospect')];
const until = (days: number) => formatInstant(day(days));
const snooze = (days: number): DealAttentionCommand => ({ type: 'SnoozeDeal', until: until(days) });
const snoozed = (days: number): DealAttentionEvent => ({ type: 'DealSnoozed', data: { until: until(days) } });
const woken: DealAttentionEvent = { type: 'DealWoken', data: {} };
const snoozes = (...history: readonly Told<DealEvent>[]) => {
  return given(deal, history)
    .state()
    .snoozes.map(({ from, to }) => [(from - START) / DAY, (to - START) / DAY]);
};

describe('a snooze', () => {
  it('lasts until a time to come', () => {
    given(deal, OPEN)
      .when(snooze(20))
      .then([{ ...snoozed(20), occurredAt: day(10) }]);
    given(deal, OPEN).when(snooze(10)).thenRejected('date-in-past');
    given(deal, [opened(), snoozed(20)])
      .when(snooze(20))
      .thenNothing();
    given(deal, [opened(), snoozed(20)])
      .when(snooze(30))
      .then([snoozed(30)]);
    expect(snoozes(opened(), snoozed(20))).toEqual([[1, 20]]);
  });

  it('ends when the deal is woken, which changes nothing when it does not sleep', () => {
    given(deal, [opened(), snoozed(20)])
      .when({ type: 'WakeDeal' })
      .then([woken]);
    given(deal, [opened(), snoozed(5)])
      .when({ type: 'WakeDeal' })
      .thenNothing();
    given(deal, OPEN).when({ type: 'WakeDeal' }).thenNothing();
    given(deal, [opened(), snoozed(20), { ...woken, occurredAt: day(0.5), recordedAt: day(4) }])
      .when({ type: 'WakeDeal' }, { occurredAt: day(0.5) })
      .thenNothing();
    expect(snoozes(opened(), snoozed(20), woken)).toEqual([[1, 2]]);
  });

  it('ends with a close, and does not come back with a reopening', () => {
    expect(snoozes(opened(), snoozed(20), lost('prospect'), reopened('prospect'))).toEqual([[1, 2]]);
    expect(snoozes(opened(), snoozed(20), won('prospect'))).toEqual([[1, 2]]);
  });

  it('goes on through a move, and ends with the next one', () => {
    expect(snoozes(opened(), snoozed(20), moved('prospect', 'demo'), snoozed(9))).toEqual([
      [1, 3],
      [3, 9],
    ]);
  });

  it('never begins before the last change of it, whenever it is said to have happened', () => {
    const early = { ...snoozed(30), occurredAt: day(-5), recordedAt: day(3) };
    expect(snoozes(opened(), early)).toEqual([[0, 30]]);
    expect(snoozes(opened(), snoozed(20), { ...woken, occurredAt: day(-1), recordedAt: day(4) })).toEqual([[1, 1]]);
  });

  it('is for open deals only', () => {
    for (const command of [snooze(20), { type: 'WakeDeal' }, { type: 'KeepDealAlive', reason: null }] as const) {
      given(deal, LOST)
        .when(command)
        .thenRejected('wrong-status', { status: 'lost', allowed: ['open'] });
    }
  });
});

describe('snoozes', () => {
  const change: fc.Arbitrary<SnoozeChange> = fc.oneof(
    fc.record({ kind: fc.constant('snoozed' as const), at: fc.nat(50), until: fc.nat(80) }),
    fc.record({ kind: fc.constant('ended' as const), at: fc.nat(50) }),
  );

  it('are in time and never overlap, and what they sleep is never more than the time there is', () => {
    fc.assert(
      fc.property(fc.array(change), fc.nat(80), fc.nat(80), (changes, a, b) => {
        const inTime = changes.toSorted((x, y) => x.at - y.at);
        const all = inTime.reduce<readonly Snooze[]>(snoozesAfter, []);
        for (const [index, { from, to }] of all.entries()) {
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBeLessThanOrEqual(all[index + 1]?.from ?? Infinity);
        }
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const asleep = Array.from({ length: to - from }, (_, index) => from + index).filter((instant) =>
          all.some((each) => each.from <= instant && instant < each.to),
        );
        expect(snoozedWithin(all, from, to)).toBe(asleep.length);
      }),
    );
  });
});

describe('a sign of life', () => {
  const call: DealAttentionEvent = {
    type: 'InteractionLogged',
    data: { kind: 'call', direction: 'out', subject: null, text: 'They are thinking.', with: ['p-1'] },
  };
  const alive: DealAttentionEvent = { type: 'DealKeptAlive', data: { reason: 'budget in May' } };

  it.each<[string, DealAttentionCommand, DealAttentionEvent]>([
    ['an interaction', { ...call.data, with: ['p-1', 'p-1'], type: 'LogInteraction' }, call],
    ['somebody’s word', { type: 'KeepDealAlive', reason: 'budget in May' }, alive],
  ])('is %s, and a touch', (_, command, event) => {
    given(deal, OPEN).when(command).then([event]);
    expect(given(deal, [opened(), event]).state().touch).toMatchObject({ type: event.type, at: day(1) });
  });

  it('may come after the close, but for somebody’s word', () => {
    given(deal, LOST)
      .when({ ...call.data, type: 'LogInteraction' })
      .then([call]);
  });
});
