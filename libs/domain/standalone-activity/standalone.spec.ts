import fc from 'fast-check';
import { day, given, recorded, unknownEvent } from '../shared/testing/given.js';
import {
  cancel,
  cancelled,
  complete,
  done,
  dueOn,
  ended,
  next,
  once,
  plan,
  planned,
  putOff,
  reschedule,
  standalone,
  WEEKDAYS,
} from '../shared/testing/standalone.js';
import type { StandaloneActivityCommand } from './standalone.decide.js';
import type { StandaloneActivityEvent } from './standalone.events.js';
import type { StandaloneActivity } from './standalone.state.js';

const SERIES = [planned()];

describe('an activity that stands alone', () => {
  it('is planned once, for the one who plans it unless somebody else is named', () => {
    given(standalone)
      .when(plan({ recurrence: null, targetCount: null }))
      .then([once]);
    given(standalone)
      .when(plan({ assigneeId: 'u-bo' }))
      .then([planned({ assigneeId: 'u-bo' })]);
    given(standalone, [once]).when(plan()).thenRejected('id-already-used');
    expect(given(standalone, [once]).state()).toMatchObject({
      status: 'planned',
      next: { occurrence: null, dueAt: Date.parse(dueOn('2026-03-02')) },
    });
  });

  it('is put off, which to the same time changes nothing', () => {
    const later = '2026-04-01T09:00:00.000Z';
    given(standalone, [once])
      .when(reschedule(later))
      .then([putOff(null, later)]);
    given(standalone, [once])
      .when(reschedule(dueOn('2026-03-02')))
      .thenNothing();
    expect(given(standalone, [once, putOff(null, later)]).state().next).toEqual({
      occurrence: null,
      dueAt: Date.parse(later),
    });
  });

  it('is done, with what came of it, or cancelled, and then over', () => {
    const said = { outcome: 'offer asked for', note: 'by phone', count: 3 };
    given(standalone, [once])
      .when(complete(null, said))
      .then([done(null, null, said)]);
    given(standalone, [once]).when(cancel(null)).then([ended]);
    const after = given(standalone, [once, done(null, null, said)]).state();
    expect(after).toMatchObject({ status: 'done', next: null, timesDone: 1, counted: 3 });
    expect(after.lastDone).toEqual({ occurrence: null, doneAt: day(1), count: 3, outcome: 'offer asked for' });
    for (const last of [done(null, null), ended]) {
      for (const command of [complete(null), cancel(null), reschedule(dueOn('2026-03-04'))]) {
        given(standalone, [once, last]).when(command).thenRejected('activity-done');
      }
    }
  });

  it('has no occurrences to name when it does not recur', () => {
    given(standalone, [once]).when(complete('2026-03-02')).thenRejected('unknown-activity');
    given(standalone, [once]).when(cancel('2026-03-02')).thenRejected('unknown-activity');
  });

  it('is not there before it was planned', () => {
    for (const command of [complete(null), cancel(null), reschedule(dueOn('2026-03-02'))]) {
      given(standalone).when(command).thenRejected('not-found');
    }
    expect(() => given(standalone, [ended]).state()).toThrow(/before StandaloneActivityPlanned/);
    expect(() => given(standalone, [once, once]).state()).toThrow(/again/);
    const unknown = unknownEvent<StandaloneActivityEvent>('ActivityPainted');
    expect(() => given(standalone, [once, unknown]).state()).toThrow(/unknown/);
  });

  it('does not happen in the future', () => {
    given(standalone, [once])
      .when(complete(null), { occurredAt: day(11) })
      .thenRejected('occurred-in-future');
    given(standalone, [once])
      .when(complete(null), { occurredAt: day(3) })
      .then([{ ...done(null, null), occurredAt: day(3) }]);
  });
});

describe('an activity that recurs', () => {
  it('comes again at the same local time, from a first day that is one of its days', () => {
    given(standalone).when(plan()).then([planned()]);
    // It is Monday already in the organisation's zone.
    const early = '2026-03-01T23:30:00.000Z';
    given(standalone)
      .when(plan({ dueAt: early }))
      .then([planned({ dueAt: early, recurrence: { ...WEEKDAYS, time: '00:30:00.000' } })]);
    const sunday = given(standalone).when(plan({ dueAt: dueOn('2026-03-01') }));
    expect(sunday.decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/dueAt' } });
    const over = given(standalone).when(plan({ recurrence: { ...WEEKDAYS, until: '2026-03-01' } }));
    expect(over.decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/recurrence/until' } });
  });

  it('goes on with the next day when one is done', () => {
    given(standalone, SERIES)
      .when(complete(null, { count: 57 }))
      .then([done('2026-03-02', '2026-03-03', { count: 57 })]);
    const friday = [...SERIES, done('2026-03-05', '2026-03-06', { count: 60 })];
    given(standalone, friday)
      .when(complete('2026-03-06'))
      .then([done('2026-03-06', '2026-03-09')]);
    expect(given(standalone, friday).state()).toMatchObject({ status: 'planned', timesDone: 1, counted: 60 });
  });

  it('leaves behind what was missed, and does nothing ahead of its day', () => {
    // Today is the 12th, a Thursday.
    given(standalone, SERIES)
      .when(complete('2026-03-12'))
      .then([done('2026-03-12', '2026-03-13')]);
    const { decision } = given(standalone, SERIES).when(complete('2026-03-13'));
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/occurrence' } });
    const thursday = [...SERIES, done('2026-03-12', '2026-03-13')];
    given(standalone, thursday)
      .when(complete('2026-03-13'))
      .then([done('2026-03-13', '2026-03-16')]);
    given(standalone, thursday).when(complete('2026-03-11')).thenRejected('activity-done');
    for (const never of ['2026-03-14', '2026-02-27']) {
      given(standalone, SERIES).when(complete(never)).thenRejected('unknown-activity');
    }
  });

  it('loses one day, now or later, and goes on', () => {
    given(standalone, SERIES)
      .when(cancel('2026-03-02'))
      .then([cancelled('2026-03-02', '2026-03-03')]);
    const later = [...SERIES, cancelled('2026-03-03', '2026-03-02')];
    given(standalone, SERIES)
      .when(cancel('2026-03-03'))
      .then([cancelled('2026-03-03', '2026-03-02')]);
    given(standalone, later).when(cancel('2026-03-03')).thenRejected('activity-done');
    given(standalone, later)
      .when(complete(null))
      .then([done('2026-03-02', '2026-03-04')]);
    expect(given(standalone, [...later, done('2026-03-02', '2026-03-04')]).state().skipped).toEqual([]);
  });

  it('ends with its last day, or when all that is left is cancelled', () => {
    const short = planned({ recurrence: { ...WEEKDAYS, until: '2026-03-03' } });
    given(standalone, [short])
      .when(complete('2026-03-03'))
      .then([done('2026-03-03', null)]);
    given(standalone, [short]).when(complete('2026-03-04')).thenRejected('unknown-activity');
    expect(given(standalone, [short, done('2026-03-03', null)]).state()).toMatchObject({ status: 'done', next: null });
    const dropped = [short, cancelled('2026-03-02', '2026-03-03'), cancelled('2026-03-03', null)];
    expect(given(standalone, dropped).state().status).toBe('cancelled');
    given(standalone, SERIES).when(cancel(null)).then([ended]);
    given(standalone, [...SERIES, ended])
      .when(complete(null))
      .thenRejected('activity-done');
  });

  it('is put off by the day, but not to where the day after it is', () => {
    const afternoon = '2026-03-02T15:00:00.000Z';
    given(standalone, SERIES)
      .when(reschedule(afternoon))
      .then([putOff('2026-03-02', afternoon)]);
    const { decision } = given(standalone, SERIES).when(reschedule(dueOn('2026-03-03')));
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/dueAt' } });
    given(standalone, [...SERIES, putOff('2026-03-02', afternoon)])
      .when(complete(null))
      .then([done('2026-03-02', '2026-03-03')]);
  });
});

describe('occurrences', () => {
  const date = (offset: number) => new Date(Date.UTC(2026, 2, 2 + offset)).toISOString().slice(0, 10);
  const commands = fc.array(
    fc.oneof(
      fc.nat(20).map((offset) => complete(date(offset))),
      fc.nat(30).map((offset) => cancel(date(offset))),
      fc.constant<StandaloneActivityCommand>(complete(null)),
    ),
    { maxLength: 25 },
  );

  it('are those of a calendar on which days are struck off, whatever is done in whatever order', () => {
    const until = date(24);
    fc.assert(
      fc.property(commands, (list) => {
        const history: StandaloneActivityEvent[] = [planned({ recurrence: { ...WEEKDAYS, until } })];
        let left = Array.from({ length: 25 }, (_, offset) => date(offset)).filter((_, offset) => offset % 7 < 5);
        for (const command of list) {
          const { decision } = given(standalone, history).when(command, { now: day(40) });
          const [first] = left;
          const asked = 'occurrence' in command ? (command.occurrence ?? first) : undefined;
          const isLeft = asked !== undefined && left.includes(asked);
          expect(decision.ok).toBe(isLeft);
          if (!decision.ok || !isLeft) continue;
          left = left.filter((each) => (command.type === 'CompleteOccurrence' ? each > asked : each !== asked));
          history.push(...decision.events);
          const state = recorded(history).reduce<StandaloneActivity | null>(
            (before, event) => standalone.evolve(before, event, standalone.id),
            null,
          );
          const [following] = left;
          const due = following === undefined ? null : Date.parse(next(following).dueAt);
          expect(state?.next).toEqual(due === null ? null : { occurrence: following, dueAt: due });
          expect(state?.status === 'planned').toBe(following !== undefined);
          // Small, however long it goes on.
          expect(state?.skipped.every((each) => each > (following ?? ''))).toBe(true);
        }
      }),
    );
  });
});
