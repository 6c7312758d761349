import { deal, lost, move, moved, opened } from '../shared/testing/deals.js';
import { IMPORT, day, given, recorded } from '../shared/testing/given.js';
import {
  DUE,
  cancel,
  cancelled,
  complete,
  done,
  plan,
  planned,
  putOff,
  reschedule,
} from '../shared/testing/activities.js';
import { gated } from '../shared/testing/pipelines.js';
import { dealEventsAsOf } from '../deal/deal.as-of.js';
import type { DealEvent } from '../deal/deal.events.js';
import { foldDeal } from '../deal/deal.evolve.js';
import { plannedOf } from './activity.state.js';

const OPEN = [opened()];
const PLANNED = [opened(), planned('a-1')];
const LATER = '2026-04-01T09:00:00.000Z';

describe('an activity', () => {
  it('is planned, for the one who plans it unless somebody else is named', () => {
    given(deal, OPEN)
      .when(plan('a-1'), { occurredAt: day(3) })
      .then([{ ...planned('a-1'), occurredAt: day(3) }]);
    given(deal, OPEN)
      .when(plan('a-1', { assigneeId: 'u-bo', kind: 'call' }))
      .then([planned('a-1', { assigneeId: 'u-bo', kind: 'call' })]);
  });

  it('is planned once', () => {
    given(deal, PLANNED).when(plan('a-1')).thenRejected('id-already-used');
    given(deal, [...PLANNED, done('a-1')])
      .when(plan('a-1'))
      .thenRejected('id-already-used');
  });

  it('is put off, which to the same time changes nothing', () => {
    given(deal, PLANNED)
      .when(reschedule('a-1', LATER))
      .then([putOff('a-1', LATER)]);
    given(deal, PLANNED).when(reschedule('a-1', DUE)).thenNothing();
  });

  it('is done, with a note, or cancelled, with a reason', () => {
    given(deal, PLANNED)
      .when(complete('a-1', 'they liked it', 'offer asked for'))
      .then([done('a-1', 'they liked it', 'offer asked for')]);
    given(deal, PLANNED)
      .when(cancel('a-1', 'they moved'))
      .then([cancelled('a-1', 'they moved')]);
  });

  it.each([
    ['put off', reschedule('a-1', LATER)],
    ['done', complete('a-1')],
    ['cancelled', cancel('a-1')],
  ])('is not %s when it is over, or nobody planned it', (_, command) => {
    given(deal, [...PLANNED, done('a-1')])
      .when(command)
      .thenRejected('activity-done');
    given(deal, [...PLANNED, cancelled('a-1')])
      .when(command)
      .thenRejected('activity-done');
    given(deal, [opened(), planned('a-2')])
      .when(command)
      .thenRejected('unknown-activity');
  });

  it('may be planned on a deal that is lost, and on no deal that is not there', () => {
    given(deal, [opened(), lost('prospect')])
      .when(plan('a-1', { subject: 'Check in' }))
      .then([planned('a-1', { subject: 'Check in' })]);
    given(deal).when(plan('a-1')).thenRejected('not-found');
  });
});

describe('the activities of a deal', () => {
  const history = [
    opened(),
    planned('a-1', { dueAt: LATER }),
    planned('a-2', { kind: 'call' }),
    planned('a-3'),
    putOff('a-3', '2026-03-12T09:00:00.000Z'),
    done('a-2'),
  ];

  it('are listed as they were planned, each with where it stands', () => {
    const { activities } = given(deal, history).state();
    expect(activities).toMatchObject([
      { activityId: 'a-1', status: 'planned', dueAt: Date.parse(LATER), doneAt: null },
      {
        activityId: 'a-2',
        kind: 'call',
        status: 'done',
        doneAt: day(5),
        outcome: null,
        assigneeId: 'u-ada',
        subject: 'Show it',
      },
      { activityId: 'a-3', status: 'planned', dueAt: Date.parse('2026-03-12T09:00:00.000Z') },
    ]);
    expect(plannedOf(activities).map(({ activityId }) => activityId)).toEqual(['a-3', 'a-1']);
  });

  it('have an outcome when it was told, which the first releases did not', () => {
    const first: DealEvent = { type: 'ActivityCompleted', data: { activityId: 'a-1', note: null } };
    expect(given(deal, [...PLANNED, first]).state().activities).toMatchObject([{ status: 'done', outcome: null }]);
    expect(given(deal, [...PLANNED, done('a-1', null, 'no answer')]).state().activities).toMatchObject([
      { status: 'done', outcome: 'no answer' },
    ]);
  });

  it('are at an instant what was known of them then, in the order of the stream', () => {
    const told = recorded<DealEvent>([
      opened(),
      { ...planned('a-1'), occurredAt: day(4) },
      // Said to be before the planning that it is about: it holds from then on.
      { ...done('a-1'), occurredAt: day(2), recordedAt: day(5) },
    ]);
    const at = (days: number) => foldDeal(dealEventsAsOf(told, day(days)), 'boiler')?.activities;
    expect(at(3)).toEqual([]);
    expect(at(4)).toMatchObject([{ status: 'done', doneAt: day(2) }]);
  });

  it('when done are a touch; planning, putting off and cancelling are none', () => {
    expect(given(deal, [...PLANNED, done('a-1')]).state().touch).toMatchObject({ type: 'ActivityCompleted' });
    expect(given(deal, [...PLANNED, { ...done('a-1'), actor: IMPORT }]).state().touch).toMatchObject({ revision: 0 });
    for (const event of [putOff('a-1', LATER), cancelled('a-1')]) {
      expect(given(deal, [...PLANNED, event]).state().touch).toMatchObject({ type: 'DealOpened' });
    }
  });

  it('open a gate when one of its kind is done', () => {
    const pipeline = gated('demo', { type: 'activity', kind: 'demo' });
    const missing = { stageId: 'demo', missing: [{ type: 'activity', kind: 'demo' }] };
    const command = move('demo', { pipeline });
    given(deal, PLANNED).when(command).thenRejected('gate-not-met', missing);
    given(deal, [...PLANNED, cancelled('a-1')])
      .when(command)
      .thenRejected('gate-not-met', missing);
    given(deal, [opened(), planned('a-1', { kind: 'call' }), done('a-1')])
      .when(command)
      .thenRejected('gate-not-met', missing);
    given(deal, [...PLANNED, done('a-1')])
      .when(command)
      .then([moved('prospect', 'demo')]);
  });
});
