import { day, given } from '../shared/testing/given.js';
import { deal, lost, move, moved, opened, won } from '../shared/testing/deals.js';
import { pipelineOf, created, stage, withStage } from '../shared/testing/pipelines.js';
import type { DealCommand } from './deal.commands.js';
import type { DealStatus, GateOverridden } from './deal.events.js';
import type { DealState } from './deal.state.js';

const overridden = (data: GateOverridden['data']): GateOverridden => ({ type: 'GateOverridden', data });

const OPEN = [opened()];
const WON = [opened(), won('prospect')];
const LOST = [opened(), lost('prospect')];

/** A decision on a state that no command of today leads to. */
function decideIn(status: DealStatus, command: DealCommand) {
  const state: DealState = { ...given(deal, OPEN).state(), status };
  return deal.decide(state, command, { now: day(10), actor: { id: 'u-ada', kind: 'user' } });
}

describe('moving an open deal', () => {
  it('goes forward and back among the open stages', () => {
    given(deal, OPEN)
      .when(move('demo'))
      .then([{ ...moved('prospect', 'demo'), occurredAt: day(10) }]);
    given(deal, OPEN)
      .when(move('proposal'))
      .then([moved('prospect', 'proposal')]);
    given(deal, [opened(), moved('prospect', 'proposal')])
      .when(move('demo'))
      .then([moved('proposal', 'demo')]);
  });

  it('records the ranks and the version of the pipeline as it is now', () => {
    const policy = { ...stage('demo'), probability: 0.9 };
    const { id: _id, name: _name, kind: _kind, ...rest } = policy;
    const pipeline = pipelineOf(created(), { type: 'StagePolicySet', data: { stageId: 'demo', policy: rest } });
    const forward = moved('prospect', 'demo');
    given(deal, OPEN)
      .when(move('demo', { pipeline }))
      .then([{ ...forward, data: { ...forward.data, pipelineVersion: 2 } }]);
  });

  it('is refused to where it is, where there is nothing, and where nobody goes any more', () => {
    given(deal, OPEN).when(move('prospect')).thenRejected('same-stage');
    given(deal, OPEN).when(move('nowhere')).thenRejected('unknown-stage');
    const pipeline = withStage(pipelineOf(), 'demo', { retired: true });
    given(deal, OPEN).when(move('demo', { pipeline })).thenRejected('stage-retired');
  });

  it('is refused into a stage after the win', () => {
    given(deal, OPEN).when(move('onboarding')).thenRejected('wrong-stage-kind');
  });

  it('needs a deal that is open or won', () => {
    given(deal).when(move('demo')).thenRejected('not-found');
    given(deal, LOST)
      .when(move('demo'))
      .thenRejected('wrong-status', { status: 'lost', allowed: ['open', 'won'] });
    for (const status of ['churned', 'voided', 'merged'] as const) {
      expect(decideIn(status, move('demo'))).toMatchObject({ rejection: { code: 'wrong-status', data: { status } } });
    }
  });
});

describe('move rules', () => {
  const strict = pipelineOf(created({ moveRules: { skips: false, stepsBack: false } }));

  it('may forbid to skip a stage', () => {
    given(deal, OPEN)
      .when(move('proposal', { pipeline: strict }))
      .thenRejected('skip-forbidden', { fromStageId: 'prospect', toStageId: 'proposal' });
    given(deal, OPEN)
      .when(move('demo', { pipeline: strict }))
      .then([moved('prospect', 'demo')]);
  });

  it('do not count a retired stage as skipped', () => {
    given(deal, OPEN)
      .when(move('proposal', { pipeline: withStage(strict, 'demo', { retired: true }) }))
      .then([moved('prospect', 'proposal')]);
  });

  it('may forbid to step back', () => {
    given(deal, [opened({ stageId: 'demo', rank: 2 })])
      .when(move('prospect', { pipeline: strict }))
      .thenRejected('step-back-forbidden', { fromStageId: 'demo', toStageId: 'prospect' });
  });

  it('hold among the post-sale stages as well', () => {
    given(deal, [...WON, moved('onboarding', 'care')])
      .when(move('onboarding', { pipeline: strict }))
      .thenRejected('step-back-forbidden', { fromStageId: 'care', toStageId: 'onboarding' });
  });

  it('are let past by an override, which is recorded with nothing missing', () => {
    given(deal, OPEN)
      .when(move('proposal', { pipeline: strict, override: { reason: 'asked for a price at once' } }), {
        mayOverride: true,
      })
      .then([
        overridden({ stageId: 'proposal', missing: [], reason: 'asked for a price at once' }),
        moved('prospect', 'proposal'),
      ]);
  });
});

describe('a won deal', () => {
  it('moves on among the post-sale stages only', () => {
    given(deal, WON)
      .when(move('care'))
      .then([moved('onboarding', 'care')]);
    given(deal, WON).when(move('demo')).thenRejected('wrong-stage-kind');
    given(deal, WON).when(move('onboarding')).thenRejected('same-stage');
  });

  it('that entered no post-sale stage does not move', () => {
    const history = [opened(), won('prospect', null)];
    given(deal, history).when(move('care')).thenRejected('wrong-stage-kind');
    given(deal, history).when(move('prospect')).thenRejected('wrong-stage-kind');
  });
});
