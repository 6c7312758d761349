import { day, given, REACTOR } from '../shared/testing/given.js';
import {
  deal,
  lost,
  moved,
  opened,
  place,
  relocate,
  relocated,
  reopen,
  reopened,
  valued,
  won,
} from '../shared/testing/deals.js';
import { created, pipelineOf, stage, withStage } from '../shared/testing/pipelines.js';
import { dealEventsAsOf } from './deal.as-of.js';
import { foldDeal } from './deal.evolve.js';
import { stayBegan } from './deal.state.js';

const IN_DEMO = [opened(), moved('prospect', 'demo')];
const ONBOARDING = [opened(), won('prospect')];
const retired = withStage(pipelineOf(), 'demo', { retired: true, relocatedTo: 'proposal' });

describe('relocating a deal out of a retired stage', () => {
  it('takes it to the stage that stands in for it, by gates and move rules unhindered', () => {
    const guarded = withStage(pipelineOf(created({ moveRules: { skips: false, stepsBack: false } })), 'prospect', {
      gates: [{ type: 'contact', kind: 'person' }],
    });
    given(deal, [opened({ stageId: 'proposal' })])
      .when(relocate('proposal', 'prospect', { pipeline: guarded }), { actor: REACTOR })
      .then([{ ...relocated('proposal', 'prospect'), occurredAt: day(10) }]);
  });

  it('follows the chain of targets to its end', () => {
    const pipeline = withStage(retired, 'proposal', { retired: true, relocatedTo: 'prospect' });
    given(deal, IN_DEMO)
      .when(relocate('demo', 'proposal', { pipeline }))
      .then([relocated('demo', 'prospect')]);
  });

  it('takes a won deal to another stage after the sale', () => {
    given(deal, ONBOARDING)
      .when(relocate('onboarding', 'care'))
      .then([relocated('onboarding', 'care')]);
  });

  it('takes it to another pipeline, with the rank that it had there and has here', () => {
    const pipeline = { ...pipelineOf(created({ stages: [stage('notice'), stage('offer')] })), id: 'renewals' };
    given(deal, IN_DEMO)
      .when(relocate('demo', 'offer', { pipeline }))
      .then([
        {
          type: 'DealRelocated',
          data: {
            from: place('demo'),
            to: { pipelineId: 'renewals', stageId: 'offer', rank: 2 },
            pipelineVersion: 1,
            retirementId: 'retirement-1',
          },
        },
      ]);
  });

  it('leaves a deal alone that is elsewhere, closed, or relocated already', () => {
    given(deal, [opened()]).when(relocate('demo', 'proposal')).thenNothing();
    given(deal, [...IN_DEMO, lost('demo')])
      .when(relocate('demo', 'proposal'))
      .thenNothing();
    given(deal, [...IN_DEMO, won('demo', null)])
      .when(relocate('demo', 'proposal'))
      .thenNothing();
    given(deal, [...IN_DEMO, relocated('demo', 'proposal')])
      .when(relocate('demo', 'proposal'))
      .thenNothing();
    const elsewhere = { from: { pipelineId: 'renewals', stageId: 'demo' } };
    given(deal, IN_DEMO)
      .when(relocate('demo', 'proposal', elsewhere))
      .thenNothing();
  });

  it('happens again to a deal that comes back to the stage', () => {
    given(deal, [...IN_DEMO, lost('demo'), reopened('demo')])
      .when(relocate('demo', 'proposal'))
      .then([relocated('demo', 'proposal')]);
  });

  it('leaves it alone when the targets lead back to where it is', () => {
    const pipeline = withStage(retired, 'proposal', { retired: true, relocatedTo: 'demo' });
    const circle = withStage(pipeline, 'demo', { retired: false });
    given(deal, IN_DEMO)
      .when(relocate('demo', 'proposal', { pipeline: circle }))
      .thenNothing();
  });

  it('is refused without a stage to go to', () => {
    given(deal, IN_DEMO).when(relocate('demo', 'nowhere')).thenRejected('unknown-stage');
    given(deal, IN_DEMO).when(relocate('demo', 'onboarding')).thenRejected('wrong-stage-kind');
    given(deal, ONBOARDING).when(relocate('onboarding', 'demo')).thenRejected('wrong-stage-kind');
    const dead = withStage(retired, 'proposal', { retired: true, relocatedTo: null });
    given(deal, IN_DEMO)
      .when(relocate('demo', 'proposal', { pipeline: dead }))
      .thenRejected('stage-retired');
    const circle = withStage(retired, 'proposal', { retired: true, relocatedTo: 'demo' });
    given(deal, IN_DEMO)
      .when(relocate('demo', 'proposal', { pipeline: circle }))
      .thenRejected('stage-retired');
  });

  it('never comes before the last change of stage', () => {
    given(deal, IN_DEMO)
      .when(relocate('demo', 'proposal'), { now: day(-5) })
      .then([{ ...relocated('demo', 'proposal'), occurredAt: day(1) }]);
    given(deal, IN_DEMO)
      .when(relocate('demo', 'proposal'), { occurredAt: day(0) })
      .thenRejected('out-of-order', { revision: 1, type: 'DealStageMoved', occurredAt: '2026-03-03T12:00:00.000Z' });
  });
});

describe('a relocated deal', () => {
  const history = given(deal, [...IN_DEMO, { ...relocated('demo', 'proposal'), actor: REACTOR }]);

  it('ends its visit and begins another, but its stay runs on', () => {
    const { visits, ...state } = history.state();
    expect(visits.map(({ stageId, entry, exit }) => [stageId, entry, exit])).toEqual([
      ['prospect', 'opened', 'forward'],
      ['demo', 'forward', 'relocated'],
      ['proposal', 'relocated', null],
    ]);
    expect(state).toMatchObject({ stageId: 'proposal', rank: 3, lastOpenStageId: 'proposal', status: 'open' });
    expect(visits.at(-1)?.enteredAt).toBe(day(2));
    expect(stayBegan(visits)).toBe(day(1));
  });

  it('is not touched by it, even if a person did it', () => {
    expect(history.state().touch).toMatchObject({ at: day(1), type: 'DealStageMoved' });
    expect(given(deal, [...IN_DEMO, relocated('demo', 'proposal')]).state().touch.revision).toBe(1);
  });

  it('is reopened in the stage that it was taken to, and goes on from there', () => {
    const past = [...IN_DEMO, relocated('demo', 'proposal'), lost('proposal'), reopened('proposal')];
    expect(given(deal, past).state()).toMatchObject({ status: 'open', stageId: 'proposal' });
  });

  it('returns to an open stage after a relocation among the stages after the sale', () => {
    const state = given(deal, [...ONBOARDING, relocated('onboarding', 'care')]).state();
    expect(state).toMatchObject({ status: 'won', stageId: 'care', lastOpenStageId: 'prospect' });
  });

  it('returns to the pipeline of its last open stage, after a relocation to another one', () => {
    const elsewhere = relocated('onboarding', 'onboarding');
    const away = { ...elsewhere, data: { ...elsewhere.data, to: place('onboarding', 'renewals') } };
    const history = [...ONBOARDING, away];
    const back = reopened('prospect');
    const returned = { ...back, data: { ...back.data, pipelineId: place('prospect').pipelineId } };
    given(deal, history).when(reopen()).then([returned]);
    expect(given(deal, [...history, returned]).state()).toMatchObject({
      ...place('prospect'),
      status: 'open',
      visits: [{}, {}, { exit: 'reopened' }, { ...place('prospect'), entry: 'reopened' }],
    });
  });

  it('has no stay when it is on no visit', () => {
    expect(stayBegan(given(deal, [opened(), lost('prospect')]).state().visits)).toBeNull();
    expect(stayBegan([])).toBeNull();
  });

  it('was in the retired stage until then', () => {
    const past = [opened(), moved('prospect', 'demo'), relocated('demo', 'proposal'), valued(null)].map(
      (event, revision) => ({
        ...event,
        revision,
        occurredAt: day(revision),
        recordedAt: day(revision),
        actor: REACTOR,
      }),
    );
    expect(foldDeal(dealEventsAsOf(past, day(2) - 1), deal.id)?.stageId).toBe('demo');
    expect(foldDeal(dealEventsAsOf(past, day(2)), deal.id)?.stageId).toBe('proposal');
  });
});
