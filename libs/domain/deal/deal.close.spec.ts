import { day, given } from '../shared/testing/given.js';
import { deal, euro, lose, lost, moved, opened, reopen, reopened, win, won } from '../shared/testing/deals.js';
import { gated, pipelineOf, created, stage, withStage } from '../shared/testing/pipelines.js';
import type { GateOverridden } from './deal.events.js';

const overridden = (data: GateOverridden['data']): GateOverridden => ({ type: 'GateOverridden', data });

const OPEN = [opened()];
const WON = [opened(), won('prospect')];
const LOST = [opened(), lost('prospect')];

describe('winning a deal', () => {
  it('records where, for how much, and the post-sale stage that it enters', () => {
    given(deal, OPEN)
      .when(win())
      .then([{ ...won('prospect'), occurredAt: day(10) }]);
  });

  it('ends the way where the pipeline has nothing after the win', () => {
    const pipeline = pipelineOf(created({ stages: [stage('prospect'), stage('demo')] }));
    given(deal, OPEN)
      .when(win({ pipeline }))
      .then([won('prospect', null)]);
  });

  it('needs an open deal', () => {
    given(deal, WON)
      .when(win())
      .thenRejected('wrong-status', { status: 'won', allowed: ['open'] });
    given(deal, LOST)
      .when(win())
      .thenRejected('wrong-status', { status: 'lost', allowed: ['open'] });
  });

  it('needs its win gates met or let past', () => {
    const gate = { type: 'contact', kind: 'person' } as const;
    const pipeline = pipelineOf(created({ winGates: [gate] }));
    given(deal, OPEN)
      .when(win({ pipeline }))
      .thenRejected('gate-not-met', { stageId: 'prospect', missing: [gate] });
    given(deal, [opened({ personId: 'p-1' })])
      .when(win({ pipeline }))
      .then([won('prospect')]);
    const override = { reason: 'signed on paper' };
    given(deal, OPEN).when(win({ pipeline, override })).thenRejected('override-not-allowed');
    given(deal, OPEN)
      .when(win({ pipeline, override }), { mayOverride: true })
      .then([overridden({ stageId: null, missing: [gate], ...override }), won('prospect')]);
  });

  it('is not held up by the gates of the post-sale stage', () => {
    given(deal, OPEN)
      .when(win({ pipeline: gated('onboarding', { type: 'activity', kind: 'call' }) }))
      .then([won('prospect')]);
  });
});

describe('losing a deal', () => {
  it('records where, for how much and why', () => {
    given(deal, OPEN)
      .when({ ...lose('competitor'), note: 'cheaper', competitor: 'Babbage Ltd' })
      .then([
        {
          type: 'DealLost',
          data: {
            stageId: 'prospect',
            value: euro('100.00'),
            reason: 'competitor',
            note: 'cheaper',
            competitor: 'Babbage Ltd',
          },
        },
      ]);
  });

  it('needs a known reason and an open deal', () => {
    given(deal, OPEN).when(lose('weather')).thenRejected('unknown-reason');
    given(deal, WON)
      .when(lose())
      .thenRejected('wrong-status', { status: 'won', allowed: ['open'] });
    given(deal, LOST)
      .when(lose())
      .thenRejected('wrong-status', { status: 'lost', allowed: ['open'] });
  });
});

describe('reopening a deal', () => {
  it('returns it to its last open stage, from a loss or a win', () => {
    given(deal, [opened(), moved('prospect', 'demo'), lost('demo')])
      .when(reopen())
      .then([reopened('demo')]);
    given(deal, [opened(), moved('prospect', 'demo'), won('demo'), moved('onboarding', 'care')])
      .when(reopen())
      .then([reopened('demo')]);
  });

  it('returns it even where the stage is retired or gated by now', () => {
    given(deal, LOST)
      .when(reopen(withStage(pipelineOf(), 'prospect', { retired: true })))
      .then([reopened('prospect')]);
    given(deal, LOST)
      .when(reopen(gated('prospect', { type: 'field', field: 'source' })))
      .then([reopened('prospect')]);
  });

  it('ranks a stage that is gone as the nearest one before it', () => {
    const [first] = pipelineOf().versions;
    if (first === undefined) throw new Error('one version');
    const stages = first.stages.filter(({ id }) => id !== 'proposal');
    const pipeline = { ...pipelineOf(), versions: [first, { ...first, version: 2, stages }] };
    const ranked = (pipelineVersion: number) => ({
      ...reopened('proposal'),
      data: { toStageId: 'proposal', rank: 2, pipelineVersion },
    });
    const wonLater = { ...won('proposal'), data: { ...won('proposal').data, pipelineVersion: 2 } };
    given(deal, [opened({ stageId: 'proposal', rank: 3 }), wonLater])
      .when(reopen(pipeline))
      .then([ranked(2)]);
  });

  it('needs a deal that is won or lost', () => {
    given(deal, OPEN)
      .when(reopen())
      .thenRejected('wrong-status', { status: 'open', allowed: ['won', 'lost'] });
  });
});
