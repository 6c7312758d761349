import { IMPORT, REACTOR, day, given } from '../shared/testing/given.js';
import { deal, move, moved, opened } from '../shared/testing/deals.js';
import { gated } from '../shared/testing/pipelines.js';
import type { GateOverridden } from './deal.events.js';

const overridden = (data: GateOverridden['data']): GateOverridden => ({ type: 'GateOverridden', data });

const OPEN = [opened()];

describe('entry gates', () => {
  const gates = [
    { type: 'field', field: 'expectedClose' },
    { type: 'field', field: 'labels' },
    { type: 'contact', kind: 'organization' },
    { type: 'criteria', min: 2 },
    { type: 'activity', kind: 'demo' },
  ] as const;
  const pipeline = gated('proposal', ...gates);

  it('list what is missing', () => {
    given(deal, OPEN)
      .when(move('proposal', { pipeline }))
      .thenRejected('gate-not-met', { stageId: 'proposal', missing: gates });
  });

  it('count what the deal has', () => {
    const rich = opened({
      expectedClose: '2026-06-30',
      labels: ['hot'],
      organizationId: 'o-1',
      criteria: ['budget', 'need'],
    });
    given(deal, [rich])
      .when(move('proposal', { pipeline: gated('proposal', ...gates.slice(0, 4)) }))
      .then([moved('prospect', 'proposal')]);
    given(deal, [opened({ criteria: ['budget', 'budget'] })])
      .when(move('proposal', { pipeline: gated('proposal', { type: 'criteria', min: 2 }) }))
      .thenRejected('gate-not-met', { stageId: 'proposal', missing: [{ type: 'criteria', min: 2 }] });
  });

  it('take a probability of zero for a value', () => {
    given(deal, [opened({ probability: 0 })])
      .when(move('proposal', { pipeline: gated('proposal', { type: 'field', field: 'probability' }) }))
      .then([moved('prospect', 'proposal')]);
  });

  it('are let past by who may, for a reason', () => {
    const override = { reason: 'signed on paper' };
    given(deal, OPEN)
      .when(move('proposal', { pipeline, override }), { mayOverride: true, occurredAt: day(3) })
      .then([
        { ...overridden({ stageId: 'proposal', missing: gates, ...override }), occurredAt: day(3) },
        { ...moved('prospect', 'proposal'), occurredAt: day(3) },
      ]);
    given(deal, OPEN).when(move('proposal', { pipeline, override })).thenRejected('override-not-allowed');
    const { decision } = given(deal, OPEN).when(move('proposal', { pipeline, override: { reason: ' ' } }), {
      mayOverride: true,
    });
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/override/reason' } });
  });

  it('make an override that is not needed a plain move, for anyone', () => {
    given(deal, OPEN)
      .when(move('demo', { pipeline, override: { reason: 'to be safe' } }))
      .then([moved('prospect', 'demo')]);
  });

  it('take imported history as it was', () => {
    given(deal, OPEN)
      .when(move('proposal', { pipeline }), { actor: IMPORT })
      .then([
        overridden({ stageId: 'proposal', missing: gates, reason: 'imported history' }),
        moved('prospect', 'proposal'),
      ]);
  });

  it('let an import give its own reason', () => {
    const override = { reason: 'from the old system' };
    given(deal, OPEN)
      .when(move('proposal', { pipeline, override }), { actor: IMPORT })
      .then([overridden({ stageId: 'proposal', missing: gates, ...override }), moved('prospect', 'proposal')]);
  });

  it('hold for automation', () => {
    given(deal, OPEN)
      .when(move('proposal', { pipeline }), { actor: REACTOR })
      .thenRejected('gate-not-met', { stageId: 'proposal', missing: gates });
  });
});
