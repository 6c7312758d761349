import { day, given } from '../shared/testing/given.js';
import {
  assigned,
  deal,
  euro,
  lose,
  lost,
  move,
  moved,
  noted,
  open,
  opened,
  place,
  reopen,
  valued,
  win,
  won,
} from '../shared/testing/deals.js';
import { pipelineOf } from '../shared/testing/pipelines.js';
import type { DealCommand } from './deal.commands.js';
import type { DealStatus } from './deal.events.js';
import type { DealState } from './deal.state.js';

const change = (amount: string | null): DealCommand => ({
  type: 'ChangeDealValue',
  value: amount === null ? null : euro(amount),
});
const assign = (ownerId: string, teamId: string | null = null): DealCommand => ({
  type: 'AssignDeal',
  ownerId,
  teamId,
});
const note = (text = 'called'): DealCommand => ({ type: 'AddNote', text });
const OPEN = [opened()];
const WON = [opened(), won('prospect')];
const LOST = [opened(), lost('prospect')];

/** A decision on a state that no command of today leads to. */
function decideIn(status: DealStatus, command: DealCommand) {
  const state: DealState = { ...given(deal, OPEN).state(), status };
  return deal.decide(state, command, { now: day(10), actor: { id: 'u-ada', kind: 'user' } });
}

describe('the value', () => {
  it('changes, and null clears it', () => {
    given(deal, OPEN)
      .when(change('5.00'))
      .then([valued(euro('5.00'))]);
    given(deal, OPEN)
      .when(change(null))
      .then([valued(null)]);
    given(deal, OPEN)
      .when({ type: 'ChangeDealValue', value: { amount: '100.00', currency: 'USD' } })
      .then([valued({ amount: '100.00', currency: 'USD' })]);
  });

  it('may stay as it is', () => {
    given(deal, OPEN).when(change('100.00')).thenNothing();
    given(deal, [opened({ value: null })])
      .when(change(null))
      .thenNothing();
  });

  it('is never below zero and stays as it was at the close', () => {
    given(deal, OPEN).when(change('-1.00')).thenRejected('negative-value');
    given(deal, WON)
      .when(change('5.00'))
      .thenRejected('wrong-status', { status: 'won', allowed: ['open'] });
    given(deal, LOST)
      .when(change('5.00'))
      .thenRejected('wrong-status', { status: 'lost', allowed: ['open'] });
  });
});

describe('the owner', () => {
  it('changes in any living deal', () => {
    for (const history of [OPEN, WON, LOST]) {
      given(deal, history)
        .when(assign('u-bo', 'north'))
        .then([{ type: 'DealAssigned', data: { ownerId: 'u-bo', teamId: 'north' } }]);
    }
    expect(decideIn('churned', assign('u-bo'))).toMatchObject({ ok: true });
    for (const status of ['voided', 'merged'] as const) {
      expect(decideIn(status, assign('u-bo'))).toMatchObject({ rejection: { code: 'wrong-status' } });
    }
  });

  it('may stay as it is, but a new team of the same owner is a change', () => {
    given(deal, OPEN).when(assign('u-ada')).thenNothing();
    given(deal, OPEN)
      .when(assign('u-ada', 'north'))
      .then([{ type: 'DealAssigned', data: { ownerId: 'u-ada', teamId: 'north' } }]);
  });
});

describe('a note', () => {
  it('is added to any living deal, each time anew', () => {
    for (const history of [OPEN, WON, LOST, [opened(), noted()]]) {
      given(deal, history)
        .when(note())
        .then([{ ...noted(), occurredAt: day(10) }]);
    }
    for (const status of ['voided', 'merged'] as const) {
      expect(decideIn(status, note())).toMatchObject({ rejection: { code: 'wrong-status' } });
    }
  });

  it('may be of any time before, even before the opening', () => {
    given(deal, OPEN)
      .when(note(), { occurredAt: day(-5) })
      .then([{ ...noted(), occurredAt: day(-5) }]);
  });
});

describe('time', () => {
  const late = { ...moved('prospect', 'demo'), occurredAt: day(5) };

  it('is not in the future, but for a minute of a fast clock', () => {
    const commands = [move('demo'), win(), lose(), change('1.00'), assign('u-bo'), note()];
    for (const command of commands) {
      given(deal, OPEN)
        .when(command, { occurredAt: day(10) + 60_001 })
        .thenRejected('occurred-in-future');
      expect(given(deal, OPEN).when(command, { occurredAt: day(10) + 60_000 }).decision.ok).toBe(true);
    }
    given(deal)
      .when(open(), { occurredAt: day(11) })
      .thenRejected('occurred-in-future');
  });

  it('goes on within stage and status', () => {
    const data = { revision: 1, type: 'DealStageMoved', occurredAt: '2026-03-07T12:00:00.000Z' };
    for (const command of [move('proposal'), win(), lose()]) {
      given(deal, [opened(), late])
        .when(command, { occurredAt: day(5) - 1 })
        .thenRejected('out-of-order', data);
      expect(given(deal, [opened(), late]).when(command, { occurredAt: day(5) }).decision.ok).toBe(true);
    }
    given(deal, [opened(), { ...lost('prospect'), occurredAt: day(5) }])
      .when(reopen(), { occurredAt: day(4) })
      .thenRejected('out-of-order', { ...data, type: 'DealLost' });
  });

  it('goes on within owner and within value, each for itself', () => {
    given(deal, [opened(), late])
      .when(change('1.00'), { occurredAt: day(3) })
      .then([{ ...valued(euro('1.00')), occurredAt: day(3) }]);
    given(deal, [opened(), { ...valued(null), occurredAt: day(5) }])
      .when(change('1.00'), { occurredAt: day(3) })
      .thenRejected('out-of-order', { revision: 1, type: 'DealValueChanged', occurredAt: '2026-03-07T12:00:00.000Z' });
    given(deal, [opened(), { ...assigned('u-bo'), occurredAt: day(5) }])
      .when(assign('u-ada'), { occurredAt: day(3) })
      .thenRejected('out-of-order', { revision: 1, type: 'DealAssigned', occurredAt: '2026-03-07T12:00:00.000Z' });
  });

  it('of nothing is before the opening', () => {
    for (const command of [move('demo'), change('1.00'), assign('u-bo')]) {
      given(deal, OPEN)
        .when(command, { occurredAt: day(-1) })
        .thenRejected('out-of-order', { revision: 0, type: 'DealOpened', occurredAt: '2026-03-02T12:00:00.000Z' });
    }
  });

  it('by default is now, or the last change of its group if a clock was ahead', () => {
    const ahead = { ...moved('prospect', 'demo'), occurredAt: day(12) };
    given(deal, [opened(), ahead])
      .when(move('proposal'))
      .then([{ ...moved('demo', 'proposal'), occurredAt: day(12) }]);
    given(deal, [opened(), ahead])
      .when(change(null))
      .then([{ ...valued(null), occurredAt: day(10) }]);
  });
});

it('the places of the specs are those of the pipeline', () => {
  for (const { id, rank } of pipelineOf().versions[0]?.stages ?? []) expect(place(id).rank).toBe(rank);
});
