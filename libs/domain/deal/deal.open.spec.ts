import { IMPORT, day, given } from '../shared/testing/given.js';
import { deal, euro, open, opened } from '../shared/testing/deals.js';
import { gated, pipelineOf, withStage } from '../shared/testing/pipelines.js';
import type { GateOverridden } from './deal.events.js';

const overridden = (data: GateOverridden['data']): GateOverridden => ({ type: 'GateOverridden', data });

const OPEN = [opened()];

describe('opening a deal', () => {
  it('begins in the first open stage, owned by who opens it', () => {
    given(deal)
      .when(open())
      .then([{ ...opened(), occurredAt: day(10) }]);
  });

  it('keeps what it is given', () => {
    const details = {
      stageId: 'demo',
      value: null,
      personId: 'p-1',
      organizationId: 'o-1',
      ownerId: 'u-bo',
      visibility: 'team' as const,
      source: 'fair',
      labels: ['hot', 'new'],
      expectedClose: '2026-06-30',
      probability: 0.3,
      forecastCategory: 'commit' as const,
    };
    given(deal)
      .when(open({ ...details, labels: ['hot', 'new', 'hot'] }), { occurredAt: day(-400) })
      .then([{ ...opened({ ...details, rank: 2 }), occurredAt: day(-400) }]);
  });

  it('happens once', () => {
    given(deal, OPEN).when(open()).thenRejected('id-already-used');
  });

  it('needs a pipeline in use and one of its open stages in use', () => {
    const pipeline = pipelineOf();
    given(deal)
      .when(open({ pipeline: null }))
      .thenRejected('unknown-pipeline');
    given(deal)
      .when(open({ pipeline: { ...pipeline, retired: true } }))
      .thenRejected('pipeline-retired');
    given(deal)
      .when(open({ stageId: 'nowhere' }))
      .thenRejected('unknown-stage');
    given(deal)
      .when(open({ stageId: 'care' }))
      .thenRejected('wrong-stage-kind');
    const retired = withStage(pipeline, 'prospect', { retired: true });
    given(deal)
      .when(open({ pipeline: retired, stageId: 'prospect' }))
      .thenRejected('stage-retired');
    given(deal)
      .when(open({ pipeline: retired }))
      .then([opened({ stageId: 'demo', rank: 2 })]);
  });

  it('has nowhere to begin when every open stage is retired', () => {
    const pipeline = ['prospect', 'demo', 'proposal'].reduce(
      (state, stageId) => withStage(state, stageId, { retired: true }),
      pipelineOf(),
    );
    given(deal).when(open({ pipeline })).thenRejected('unknown-stage');
  });

  it('takes no value below zero and no product that does not exist', () => {
    given(deal)
      .when(open({ value: euro('-0.01') }))
      .thenRejected('negative-value');
    const item = { productId: 'x', quantity: '1', unitPrice: euro('1.00'), discount: 0 };
    given(deal)
      .when(open({ lineItems: [item] }))
      .thenRejected('unknown-product');
  });

  it('meets the entry gates of its stage from what it is opened with', () => {
    const pipeline = gated('demo', { type: 'field', field: 'value' }, { type: 'contact', kind: 'person' });
    given(deal)
      .when(open({ pipeline, stageId: 'demo', value: null }))
      .thenRejected('gate-not-met', {
        stageId: 'demo',
        missing: [
          { type: 'field', field: 'value' },
          { type: 'contact', kind: 'person' },
        ],
      });
    given(deal)
      .when(open({ pipeline, stageId: 'demo', personId: 'p-1' }))
      .then([opened({ stageId: 'demo', rank: 2, personId: 'p-1' })]);
  });

  it('is taken from an import past the gates, and says so', () => {
    const pipeline = gated('demo', { type: 'activity', kind: 'demo' });
    given(deal)
      .when(open({ pipeline, stageId: 'demo' }), { actor: IMPORT, occurredAt: day(-30) })
      .then([
        { ...opened({ stageId: 'demo', rank: 2, ownerId: 'import-1' }), occurredAt: day(-30) },
        {
          ...overridden({
            stageId: 'demo',
            missing: [{ type: 'activity', kind: 'demo' }],
            reason: 'imported history',
          }),
          occurredAt: day(-30),
        },
      ]);
  });
});
