import { day, given, recorded } from '../shared/testing/given.js';
import {
  assigned,
  deal,
  lost,
  move,
  moved,
  noted,
  opened,
  relocated,
  reopen,
  reopened,
  revert,
  voided,
  voidIt,
  win,
  won,
} from '../shared/testing/deals.js';
import { dealEventsAsOf } from './deal.as-of.js';
import type { DealEvent } from './deal.events.js';
import { foldDeal } from './deal.evolve.js';

const OF_LEAD = opened({ leadId: 'plant-2' });
const REVERTED = voided('no budget after all', 'plant-2');

describe('voiding a deal', () => {
  it('is done to a deal of any standing', () => {
    for (const history of [[opened()], [opened(), won('prospect')], [opened(), lost('prospect')]]) {
      given(deal, history)
        .when(voidIt())
        .then([{ ...voided(), occurredAt: day(10) }]);
    }
  });

  it('is done once', () => {
    given(deal, [opened(), voided()]).when(voidIt('again')).thenNothing();
  });

  it('does not precede the last change of stage or status', () => {
    given(deal, [opened(), moved('prospect', 'demo')])
      .when(voidIt(), { occurredAt: day(0) })
      .thenRejected('out-of-order', { revision: 1, type: 'DealStageMoved', occurredAt: '2026-03-03T12:00:00.000Z' });
  });

  it('needs a deal', () => {
    given(deal).when(voidIt()).thenRejected('not-found');
  });
});

describe('a voided deal', () => {
  const history = given(deal, [opened(), moved('prospect', 'demo'), voided()]);

  it('has left its visit, for a reason', () => {
    const { visits, ...state } = history.state();
    expect(visits.at(-1)).toMatchObject({ stageId: 'demo', exit: 'voided', exitedAt: day(2) });
    expect(state).toMatchObject({ status: 'voided', closedAt: null, voided: { reason: 'a test', leadId: null } });
    expect(state.touch.revision).toBe(1);
  });

  it('keeps its past', () => {
    expect(given(deal, [opened(), lost('prospect'), voided()]).state()).toMatchObject({
      closedAt: day(1),
      loss: { reason: 'price' },
      visits: [{ exit: 'lost', exitedAt: day(1) }],
    });
  });

  it('is a closed book', () => {
    for (const command of [move('proposal'), win(), reopen()])
      history.when(command).thenRejected('wrong-status', statusOf(command.type));
    history
      .when({ type: 'AddNote', text: 'x' })
      .thenRejected('wrong-status', { status: 'voided', allowed: ['open', 'won', 'lost', 'churned'] });
  });

  function statusOf(type: string) {
    const allowed = { MoveDealStage: ['open', 'won'], WinDeal: ['open'], ReopenDeal: ['won', 'lost'] }[type];
    return { status: 'voided', allowed };
  }

  it('was open until then, and is to one who does not know yet', () => {
    const events = recorded<DealEvent>([opened(), { ...voided(), occurredAt: day(5), recordedAt: day(7) }]);
    expect(foldDeal(dealEventsAsOf(events, day(5) - 1), deal.id)?.status).toBe('open');
    expect(foldDeal(dealEventsAsOf(events, day(5)), deal.id)?.status).toBe('voided');
  });
});

describe('taking back the conversion that made a deal', () => {
  it('voids the deal, and says of which lead it was', () => {
    given(deal, [OF_LEAD, assigned('u-bo'), noted()])
      .when(revert())
      .then([{ ...REVERTED, occurredAt: day(10) }]);
  });

  it('does not mind that its stage was retired meanwhile', () => {
    given(deal, [OF_LEAD, relocated('prospect', 'demo')])
      .when(revert())
      .then([REVERTED]);
  });

  it('is done once', () => {
    given(deal, [OF_LEAD, REVERTED]).when(revert('again')).thenNothing();
  });

  it('is refused when the deal has moved on, is closed, or is of another lead', () => {
    const histories: readonly (readonly DealEvent[])[] = [
      [OF_LEAD, moved('prospect', 'demo')],
      [OF_LEAD, moved('prospect', 'demo'), moved('demo', 'prospect')],
      [OF_LEAD, won('prospect')],
      [OF_LEAD, lost('prospect')],
      [OF_LEAD, lost('prospect'), reopened('prospect')],
      [OF_LEAD, voided()],
      [opened({ leadId: 'plant-3' })],
      [opened()],
    ];
    for (const history of histories) given(deal, history).when(revert()).thenRejected('deal-moved-on');
  });
});
