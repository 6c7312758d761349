import { day, given } from '../shared/testing/given.js';
import {
  correct,
  deal,
  euro,
  lost,
  move,
  moved,
  opened,
  revert,
  reopened,
  voided,
  voidIt,
  won,
} from '../shared/testing/deals.js';
import { pipelineOf } from '../shared/testing/pipelines.js';
import type { DealEvent } from './deal.events.js';
import type { MergeDeals, MergeStep, UnmergeDeals } from './deal.merge-commands.js';
import type { MergeObstacle } from './deal.merge-events.js';
import type { DealState } from './deal.state.js';

const M = { mergeId: 'm-1', otherDealId: 'twin' };
const OF_OTHER = { mergeId: 'm-1', survivorId: 'twin' };
const started: DealEvent = { type: 'MergeStarted', data: M };
const completed: DealEvent = { type: 'MergeCompleted', data: M };
const unmergeStarted: DealEvent = { type: 'UnmergeStarted', data: M };
const mergedInto: DealEvent = { type: 'DealMergedInto', data: OF_OTHER };
const unmerged: DealEvent = {
  type: 'DealUnmerged',
  data: { ...OF_OTHER, toStageId: 'demo', rank: 2, pipelineVersion: 1 },
};
const refused = (status: MergeObstacle): DealEvent => ({ type: 'MergeRefused', data: { ...OF_OTHER, status } });

const OPEN = [opened(), moved('prospect', 'demo')];
const twin = (...history: readonly DealEvent[]): DealState => ({
  ...given(deal, history.length === 0 ? OPEN : history).state(),
  id: 'twin',
});
const merge = (other: DealState | null = twin(), otherDealId = 'twin'): MergeDeals => ({
  type: 'MergeDeals',
  mergeId: 'm-1',
  otherDealId,
  other,
});
const unmerge = (other: DealState | null = twin()): UnmergeDeals => ({ ...merge(other), type: 'UnmergeDeals' });
const join: MergeStep = { type: 'JoinSurvivor', ...OF_OTHER };
const leave: MergeStep = { type: 'LeaveSurvivor', ...OF_OTHER, pipeline: pipelineOf() };
const end = (status: MergeObstacle | null = null): MergeStep => ({ type: 'EndMerge', mergeId: 'm-1', refused: status });

describe('the survivor of a merge', () => {
  it('begins it, not before the other’s last change of stage', () => {
    given(deal, OPEN)
      .when(merge())
      .then([{ ...started, occurredAt: day(10) }]);
    given(deal, OPEN)
      .when(merge(), { occurredAt: day(0) })
      .thenRejected('out-of-order', { revision: 1, type: 'DealStageMoved', occurredAt: '2026-03-03T12:00:00.000Z' });
  });

  it('takes in open deals only, and must be one', () => {
    given(deal, OPEN).when(merge(twin(), deal.id)).thenRejected('invalid-request');
    given(deal, OPEN).when(merge(null)).thenRejected('not-found');
    const closed = { status: 'won', allowed: ['open'] };
    given(deal, OPEN)
      .when(merge(twin(opened(), won('prospect'))))
      .thenRejected('wrong-status', closed);
    given(deal, [opened(), won('prospect')])
      .when(merge())
      .thenRejected('wrong-status', closed);
    given(deal, OPEN)
      .when(merge(twin(opened(), mergedInto)))
      .thenRejected('already-merged');
    given(deal, OPEN)
      .when(merge(twin(opened(), started)))
      .thenRejected('already-merged');
    given(deal, [...OPEN, mergedInto])
      .when(merge())
      .thenRejected('already-merged');
    given(deal, [...OPEN, started])
      .when(merge())
      .thenRejected('already-merged');
  });

  it('ends it as the other has decided, once', () => {
    given(deal, [...OPEN, started])
      .when(end())
      .then([completed]);
    given(deal, [...OPEN, started])
      .when(end('lost'))
      .then([{ type: 'MergeAbandoned', data: { ...M, status: 'lost' } }]);
    given(deal, [...OPEN, started, completed])
      .when(end())
      .thenNothing();
    given(deal, OPEN).when(end()).thenNothing();
  });

  it('has the other from then on, and goes on as it was', () => {
    const state = given(deal, [...OPEN, started, completed]).state();
    expect(state).toMatchObject({ merged: ['twin'], pendingMerge: null, status: 'open', stageId: 'demo' });
    expect([state.visits.length, state.touch.revision, state.last.stage.revision]).toEqual([2, 1, 1]);
    given(deal, [...OPEN, started, completed])
      .when(merge())
      .thenNothing();
    given(deal, [...OPEN, started, completed])
      .when(move('proposal'))
      .then([moved('demo', 'proposal')]);
  });

  it('is not voided meanwhile, nor taken back to its lead', () => {
    given(deal, [...OPEN, started])
      .when(voidIt())
      .thenRejected('already-merged');
    given(deal, [opened({ leadId: 'plant-2' }), started])
      .when(revert())
      .thenRejected('deal-moved-on');
    given(deal, [opened({ leadId: 'plant-2' }), started, completed])
      .when(revert())
      .thenRejected('deal-moved-on');
  });

  it('lets the other go, whatever has become of itself', () => {
    const histories: readonly (readonly DealEvent[])[] = [
      [...OPEN, started, completed],
      [...OPEN, started, completed, lost('demo')],
      [...OPEN, started, completed, voided()],
      [...OPEN, started, completed, { ...mergedInto, data: { mergeId: 'm-2', survivorId: 'third' } }],
    ];
    for (const history of histories) given(deal, history).when(unmerge()).then([unmergeStarted]);
    given(deal, [...OPEN, started, completed, unmergeStarted])
      .when(end())
      .then([{ type: 'UnmergeCompleted', data: M }]);
    given(deal, OPEN)
      .when(unmerge())
      .thenRejected('wrong-status', { status: 'open', allowed: ['merged'] });
    given(deal, OPEN).when(unmerge(null)).thenRejected('not-found');
    given(deal, [...OPEN, started])
      .when(unmerge())
      .thenRejected('already-merged');
  });
});

describe('the other of a merge', () => {
  it('joins while it is open and takes in nobody itself, whatever the clock says', () => {
    given(deal, OPEN)
      .when(join, { now: day(0), occurredAt: day(7) })
      .then([{ ...mergedInto, occurredAt: day(7) }]);
    given(deal, OPEN)
      .when(join, { occurredAt: day(0) })
      .then([{ ...mergedInto, occurredAt: day(1) }]);
    given(deal, [...OPEN, lost('demo')])
      .when(join)
      .then([refused('lost')]);
    given(deal, [...OPEN, voided()])
      .when(join)
      .then([refused('voided')]);
    given(deal, [...OPEN, started])
      .when(join)
      .then([refused('merging')]);
    given(deal, [...OPEN, mergedInto])
      .when(join)
      .then([refused('merged')]);
  });

  it('has left its visit, untouched, and is a closed book', () => {
    const history = given(deal, [...OPEN, mergedInto]);
    expect(history.state()).toMatchObject({
      status: 'merged',
      mergedInto: 'twin',
      closedAt: null,
      touch: { revision: 1 },
      visits: [{}, { stageId: 'demo', exit: 'merged', exitedAt: day(2) }],
    });
    const allowed = ['open', 'won', 'lost', 'churned'];
    history.when(voidIt()).thenRejected('wrong-status', { status: 'merged', allowed });
    history.when({ type: 'AddNote', text: 'x' }).thenRejected('wrong-status', { status: 'merged', allowed });
  });

  it('stands by itself again where it was, in a visit that was unmerged', () => {
    given(deal, [...OPEN, mergedInto])
      .when(leave)
      .then([unmerged]);
    given(deal, OPEN).when(leave).thenNothing();
    given(deal, [...OPEN, mergedInto, unmerged])
      .when(leave)
      .thenNothing();
    const state = given(deal, [...OPEN, mergedInto, unmerged]).state();
    expect(state).toMatchObject({ status: 'open', mergedInto: null, stageId: 'demo', lastOpenStageId: 'demo' });
    expect(state.visits.slice(1)).toMatchObject([
      { stageId: 'demo', exit: 'merged', exitedAt: day(2) },
      { visitNo: 3, stageId: 'demo', entry: 'unmerged', enteredAt: day(3), exit: null },
    ]);
    expect(state.touch.revision).toBe(1);
    given(deal, [...OPEN, mergedInto, unmerged])
      .when(move('proposal'))
      .then([moved('demo', 'proposal')]);
  });

  it('keeps what it was closed as before, and can be corrected when it stands by itself', () => {
    const past = [opened(), lost('prospect'), reopened('prospect'), mergedInto];
    expect(given(deal, past).state()).toMatchObject({ status: 'merged', loss: null, closedAt: null });
    const history = [
      ...past,
      { ...unmerged, data: { ...OF_OTHER, toStageId: 'prospect', rank: 1, pipelineVersion: 1 } },
    ];
    const command = correct({ revision: 0, field: 'value', value: euro('7.00') }, []);
    given(deal, history).when(command).thenRejected('unknown-revision');
  });
});
