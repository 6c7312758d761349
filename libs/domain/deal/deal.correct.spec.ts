import { day, given, recorded } from '../shared/testing/given.js';
import type { Told } from '../shared/testing/given.js';
import {
  assigned,
  correct,
  deal,
  euro,
  lost,
  moved,
  noted,
  opened,
  relocated,
  reopened,
  valued,
  voided,
  won,
} from '../shared/testing/deals.js';
import type { Recorded } from '../shared/decision.js';
import { dealEventsAsOf } from './deal.as-of.js';
import { correctedHistory } from './deal.corrected-history.js';
import type { DealEvent } from './deal.events.js';
import { foldDeal } from './deal.evolve.js';

type Telling = readonly Told<DealEvent>[];
type Correction = Parameters<typeof correct>[0];

/** The history with the correction appended as decided. */
function correctedBy(history: Telling, ...corrections: readonly Correction[]): readonly Recorded<DealEvent>[] {
  return corrections.reduce<readonly Recorded<DealEvent>[]>((past, correction) => {
    const decision = deal.decide(foldDeal(past, deal.id), correct(correction, past), {
      now: day(20),
      actor: { id: 'u-ada', kind: 'user' },
    });
    if (!decision.ok) throw new Error(decision.rejection.code);
    return [
      ...past,
      ...decision.events.map((event) => ({
        ...event,
        revision: past.length,
        recordedAt: day(20),
        actor: { id: 'u-ada', kind: 'user' } as const,
      })),
    ];
  }, recorded<DealEvent>(history));
}

function stateOf(history: Telling, ...corrections: readonly Correction[]) {
  const state = foldDeal(correctedBy(history, ...corrections), deal.id);
  if (state === null) throw new Error('no deal');
  return state;
}

function refused(history: Telling, correction: Correction) {
  return given(deal, history).when(correct(correction, recorded<DealEvent>(history)), { now: day(20) });
}

const visitsOf = (history: Telling, ...corrections: readonly Correction[]) =>
  stateOf(history, ...corrections).visits.map(({ stageId, entry, enteredAt, exitedAt }) => [
    stageId,
    entry,
    enteredAt,
    exitedAt,
  ]);

const WALK = [opened(), moved('prospect', 'demo'), moved('demo', 'proposal'), lost('proposal')];

describe('a time that was wrong', () => {
  it('is put right, and so are the visits on both sides and the touch', () => {
    expect(visitsOf(WALK.slice(0, 3), { revision: 2, field: 'occurredAt', value: day(1.5) })).toEqual([
      ['prospect', 'opened', day(0), day(1)],
      ['demo', 'forward', day(1), day(1.5)],
      ['proposal', 'forward', day(1.5), null],
    ]);
    expect(stateOf(WALK.slice(0, 3), { revision: 2, field: 'occurredAt', value: day(1.5) })).toMatchObject({
      touch: { at: day(1.5), revision: 2 },
      last: { stage: { at: day(1.5), revision: 2 } },
      revision: 3,
    });
  });

  it('moves the close, or the opening', () => {
    expect(stateOf(WALK, { revision: 3, field: 'occurredAt', value: day(9) })).toMatchObject({ closedAt: day(9) });
    const earlier = stateOf(WALK, { revision: 0, field: 'occurredAt', value: day(-3) });
    expect(earlier).toMatchObject({ openedAt: day(-3), visits: [{ enteredAt: day(-3) }, {}, {}] });
  });

  it('takes along the override that let it past a gate', () => {
    const override: DealEvent = {
      type: 'GateOverridden',
      data: { stageId: 'demo', missing: [{ type: 'field', field: 'value' }], reason: 'on paper' },
    };
    const history = [
      opened(),
      { ...override, occurredAt: day(2) },
      { ...moved('prospect', 'demo'), occurredAt: day(2) },
    ];
    const [, overridden, move] = correctedHistory(
      correctedBy(history, { revision: 2, field: 'occurredAt', value: day(1) }),
    );
    expect([overridden?.occurredAt, move?.occurredAt]).toEqual([day(1), day(1)]);
  });

  it('is refused where it would break the order of its group', () => {
    refused(WALK, { revision: 2, field: 'occurredAt', value: day(0.5) }).thenRejected('out-of-order', {
      revision: 1,
      type: 'DealStageMoved',
      occurredAt: '2026-03-03T12:00:00.000Z',
    });
    refused(WALK, { revision: 2, field: 'occurredAt', value: day(3.1) }).thenRejected('out-of-order', {
      revision: 3,
      type: 'DealLost',
      occurredAt: '2026-03-05T12:00:00.000Z',
    });
    refused([opened(), valued(null), noted()], { revision: 0, field: 'occurredAt', value: day(1.5) }).thenRejected(
      'out-of-order',
      { revision: 1, type: 'DealValueChanged', occurredAt: '2026-03-03T12:00:00.000Z' },
    );
    refused(WALK, { revision: 3, field: 'occurredAt', value: day(21) }).thenRejected('occurred-in-future');
  });

  it('may pass what is of another group', () => {
    const history = [opened(), moved('prospect', 'demo'), assigned('u-bo')];
    expect(stateOf(history, { revision: 2, field: 'occurredAt', value: day(0.5) }).last.owner.at).toBe(day(0.5));
  });

  it('is that of a change of stage, owner or value; nothing else has one that matters', () => {
    for (const [history, revision] of [
      [[opened(), noted()], 1],
      [[opened(), relocated('prospect', 'demo')], 1],
    ] as const) {
      refused(history, { revision, field: 'occurredAt', value: day(0.5) }).thenRejected('invalid-request');
    }
  });
});

describe('a value that was wrong', () => {
  it('is put right until the next change of value, at the closes as well', () => {
    const history = [opened(), won('prospect', null), reopened('prospect'), valued(euro('9.00')), lost('prospect')];
    const corrected = correctedHistory(correctedBy(history, { revision: 0, field: 'value', value: euro('7.00') }));
    expect(corrected[0]).toMatchObject({ data: { value: euro('7.00') } });
    expect(corrected[1]).toMatchObject({ type: 'DealWon', data: { value: euro('7.00') } });
    expect(corrected[4]).toMatchObject({ type: 'DealLost', data: { value: euro('100.00') } });
    expect(stateOf(history, { revision: 0, field: 'value', value: null }).value).toEqual(euro('9.00'));
    expect(stateOf(history, { revision: 3, field: 'value', value: null }).value).toBeNull();
  });

  it('is refused below zero, and of an event that has none', () => {
    refused(WALK, { revision: 0, field: 'value', value: euro('-1.00') }).thenRejected('negative-value');
    refused(WALK, { revision: 1, field: 'value', value: null }).thenRejected('invalid-request');
    refused(WALK, { revision: 3, field: 'value', value: null }).thenRejected('invalid-request');
  });
});

describe('a move to the wrong stage', () => {
  it('led to the right one, and what followed began there', () => {
    const history = [opened(), moved('prospect', 'proposal'), lost('proposal'), reopened('proposal')];
    expect(visitsOf(history, { revision: 1, field: 'toStageId', value: 'demo' })).toEqual([
      ['prospect', 'opened', day(0), day(1)],
      ['demo', 'forward', day(1), day(2)],
      ['demo', 'reopened', day(3), null],
    ]);
    const lostThere = stateOf(history.slice(0, 3), { revision: 1, field: 'toStageId', value: 'demo' });
    expect(lostThere).toMatchObject({ stageId: 'demo', rank: 2, loss: { stageId: 'demo' }, lastOpenStageId: 'demo' });
  });

  it('turns the direction of the next move', () => {
    const history = [opened(), moved('prospect', 'proposal'), moved('proposal', 'demo')];
    expect(stateOf(history, { revision: 1, field: 'toStageId', value: 'demo' }).visits).toMatchObject([
      { stageId: 'prospect', exit: 'forward' },
      { stageId: 'demo', exit: null },
    ]);
    const back = [opened(), moved('prospect', 'demo'), moved('demo', 'prospect'), moved('prospect', 'demo')];
    const [, , second] = correctedHistory(correctedBy(back, { revision: 1, field: 'toStageId', value: 'proposal' }));
    expect(second).toMatchObject({ data: { from: { stageId: 'proposal', rank: 3 }, direction: 'backward' } });
  });

  it('goes on after the sale, too, without a trace on where it was last open', () => {
    const history = [opened(), won('prospect'), moved('onboarding', 'care')];
    const twice = [...history, moved('care', 'onboarding'), moved('onboarding', 'care')];
    refused(twice, { revision: 2, field: 'toStageId', value: 'onboarding' }).thenRejected('same-stage');
    refused(twice, { revision: 2, field: 'toStageId', value: 'demo' }).thenRejected('wrong-stage-kind');
    expect(stateOf(twice, { revision: 2, field: 'withdrawn', value: true })).toMatchObject({
      stageId: 'care',
      lastOpenStageId: 'prospect',
      visits: [{}, { stageId: 'onboarding' }, { stageId: 'care' }],
    });
  });

  it('is refused for no stage, and past a relocation', () => {
    refused(WALK, { revision: 1, field: 'toStageId', value: 'nowhere' }).thenRejected('unknown-stage');
    refused(WALK, { revision: 1, field: 'toStageId', value: 'prospect' }).thenRejected('same-stage');
    refused(WALK, { revision: 1, field: 'toStageId', value: 'care' }).thenRejected('wrong-stage-kind');
    refused(WALK, { revision: 0, field: 'toStageId', value: 'demo' }).thenRejected('invalid-request');
    const inDemo = [opened(), moved('prospect', 'demo')];
    refused([...inDemo, relocated('demo', 'proposal')], {
      revision: 1,
      field: 'toStageId',
      value: 'proposal',
    }).thenRejected('out-of-order', {
      revision: 2,
      type: 'DealRelocated',
      occurredAt: '2026-03-04T12:00:00.000Z',
    });
  });
});

describe('a move that was a mistake', () => {
  it('is withdrawn when nothing followed', () => {
    expect(visitsOf(WALK.slice(0, 3), { revision: 2, field: 'withdrawn', value: true })).toEqual([
      ['prospect', 'opened', day(0), day(1)],
      ['demo', 'forward', day(1), null],
    ]);
    const state = stateOf(WALK.slice(0, 3), { revision: 2, field: 'withdrawn', value: true });
    expect(state).toMatchObject({ stageId: 'demo', touch: { revision: 1 }, last: { stage: { revision: 1 } } });
  });

  it('is withdrawn together with the move back', () => {
    const history = [opened(), moved('prospect', 'proposal'), moved('proposal', 'prospect'), moved('prospect', 'demo')];
    expect(visitsOf(history, { revision: 1, field: 'withdrawn', value: true })).toEqual([
      ['prospect', 'opened', day(0), day(3)],
      ['demo', 'forward', day(3), null],
    ]);
  });

  it('leaves the next move to begin where the deal was', () => {
    const history = [opened({ stageId: 'demo', rank: 2 }), moved('demo', 'proposal'), moved('proposal', 'prospect')];
    expect(visitsOf(history, { revision: 1, field: 'withdrawn', value: true })).toEqual([
      ['demo', 'opened', day(0), day(2)],
      ['prospect', 'backward', day(2), null],
    ]);
  });

  it('stays when the deal was closed there', () => {
    refused(WALK, { revision: 2, field: 'withdrawn', value: true }).thenRejected('out-of-order', {
      revision: 3,
      type: 'DealLost',
      occurredAt: '2026-03-05T12:00:00.000Z',
    });
    refused(WALK, { revision: 3, field: 'withdrawn', value: true }).thenRejected('invalid-request');
  });
});

describe('a correction', () => {
  it('of what is right changes nothing', () => {
    refused(WALK, { revision: 1, field: 'occurredAt', value: day(1) }).thenNothing();
    refused(WALK, { revision: 0, field: 'value', value: euro('100.00') }).thenNothing();
    refused(WALK, { revision: 1, field: 'toStageId', value: 'demo' }).thenNothing();
  });

  it('is of an event of the deal that stands', () => {
    refused(WALK, { revision: 4, field: 'withdrawn', value: true }).thenRejected('unknown-revision');
    const history = correctedBy(WALK.slice(0, 3), { revision: 2, field: 'withdrawn', value: true });
    refused(history, { revision: 2, field: 'occurredAt', value: day(1) }).thenRejected('unknown-revision');
    refused(history, { revision: 3, field: 'occurredAt', value: day(1) }).thenRejected('invalid-request');
  });

  it('can be corrected', () => {
    const twice = stateOf(
      WALK,
      { revision: 1, field: 'occurredAt', value: day(0.5) },
      { revision: 2, field: 'occurredAt', value: day(0.7) },
      { revision: 1, field: 'occurredAt', value: day(0.6) },
    );
    expect(twice.visits.map(({ enteredAt }) => enteredAt)).toEqual([day(0), day(0.6), day(0.7)]);
  });

  it('is refused on a closed book', () => {
    refused([opened(), voided()], { revision: 0, field: 'value', value: null }).thenRejected('wrong-status', {
      status: 'voided',
      allowed: ['open', 'won', 'lost', 'churned'],
    });
  });

  it('holds for all of the past, but not for one who does not know of it yet', () => {
    const history = correctedBy(WALK, { revision: 1, field: 'occurredAt', value: day(0.5) });
    const at = (asOf: number, known: readonly Recorded<DealEvent>[]) =>
      foldDeal(dealEventsAsOf(known, asOf), deal.id)?.stageId;
    expect(at(day(0.6), history)).toBe('demo');
    expect(at(day(0.6), history.slice(0, 4))).toBe('prospect');
  });

  it('tells the touch of one that happened ahead of its recording, whose time stays that of the recording', () => {
    const early = { ...moved('prospect', 'demo'), occurredAt: day(1), recordedAt: day(0.9) };
    const [, , correction] = correctedBy([opened(), early], { revision: 1, field: 'occurredAt', value: day(0.95) });
    expect(correction?.data).toMatchObject({ amended: [{ revision: 1, touch: { was: day(0.9), is: day(0.9) } }] });
  });

  it('says why, and what follows from it', () => {
    const [, , , , correction] = correctedBy(WALK, { revision: 2, field: 'occurredAt', value: day(1) });
    expect(correction).toMatchObject({
      type: 'DealCorrected',
      occurredAt: day(20),
      data: {
        revision: 2,
        field: 'occurredAt',
        value: '2026-03-03T12:00:00.000Z',
        reason: 'a slip',
        amended: [{ revision: 2, occurredAt: '2026-03-03T12:00:00.000Z', touch: { was: day(2), is: day(1) } }],
      },
    });
  });
});
