import { day, given } from '../shared/testing/given.js';
import {
  assigned,
  correct,
  deal,
  euro,
  lost,
  move,
  moved,
  opened,
  place,
  renewals,
  reopen,
  switched,
  switchTo,
  voided,
  won,
} from '../shared/testing/deals.js';
import { gated, pipelineOf, withStage } from '../shared/testing/pipelines.js';
import { recorded } from '../shared/testing/given.js';
import type { DealCommand } from './deal.commands.js';
import type { DealEvent, GateOverridden } from './deal.events.js';

const OPEN = [opened()];
const SWITCHED = [opened(), moved('prospect', 'demo'), switched('demo', 'proposal')];

describe('taking a deal to another pipeline', () => {
  it('puts it into the first open stage that is not retired, or the one that is named', () => {
    given(deal, OPEN)
      .when(switchTo())
      .then([{ ...switched('prospect', 'prospect'), occurredAt: day(10) }]);
    given(deal, OPEN)
      .when(switchTo({ pipeline: renewals(withStage(pipelineOf(), 'prospect', { retired: true })) }))
      .then([switched('prospect', 'demo')]);
    given(deal, OPEN)
      .when(switchTo({ stageId: 'proposal' }))
      .then([switched('prospect', 'proposal')]);
  });

  it('ends the visit and begins one there, from which it moves, is lost and reopened', () => {
    expect(given(deal, SWITCHED).state()).toMatchObject({
      status: 'open',
      pipelineId: 'renewals',
      stageId: 'proposal',
      lastOpenStageId: 'proposal',
      visits: [
        { stageId: 'prospect', exit: 'forward' },
        { pipelineId: 'new-business', stageId: 'demo', exit: 'switched', exitedAt: day(2) },
        { visitNo: 3, ...place('proposal', 'renewals'), entry: 'switched', enteredAt: day(2), exit: null },
      ],
      touch: { type: 'DealPipelineSwitched', at: day(2) },
    });
    given(deal, SWITCHED)
      .when(move('demo', { pipeline: renewals() }))
      .then([
        {
          type: 'DealStageMoved',
          data: {
            from: place('proposal', 'renewals'),
            to: place('demo', 'renewals'),
            direction: 'backward',
            pipelineVersion: 1,
          },
        },
      ]);
    given(deal, [...SWITCHED, lost('proposal')])
      .when(reopen(renewals()))
      .then([{ type: 'DealReopened', data: { toStageId: 'proposal', rank: 3, pipelineVersion: 1 } }]);
  });

  it('is free of the rules for moves', () => {
    const strict = { skips: false, stepsBack: false };
    const { versions, ...rest } = renewals();
    const pipeline = { ...rest, versions: versions.map((version) => ({ ...version, moveRules: strict })) };
    given(deal, OPEN)
      .when(switchTo({ pipeline, stageId: 'proposal' }))
      .then([switched('prospect', 'proposal')]);
  });

  it('meets the entry gates of the stage, or is let past them', () => {
    const pipeline = renewals(gated('demo', { type: 'contact', kind: 'person' }));
    const missing = [{ type: 'contact', kind: 'person' }] as const;
    const overridden = (reason: string): GateOverridden => ({
      type: 'GateOverridden',
      data: { stageId: 'demo', missing, reason },
    });
    const command = switchTo({ pipeline, stageId: 'demo' });
    given(deal, OPEN).when(command).thenRejected('gate-not-met', { stageId: 'demo', missing });
    given(deal, OPEN)
      .when({ ...command, override: { reason: 'known for years' } })
      .thenRejected('override-not-allowed');
    given(deal, OPEN)
      .when({ ...command, override: { reason: 'known for years' } }, { mayOverride: true })
      .then([overridden('known for years'), switched('prospect', 'demo')]);
    given(deal, [opened({ personId: 'p-1' })])
      .when(command)
      .then([switched('prospect', 'demo')]);
  });

  it('to where it is changes nothing; to another stage of its pipeline it is moved', () => {
    given(deal, OPEN)
      .when(switchTo({ pipeline: pipelineOf() }))
      .thenNothing();
    given(deal, OPEN)
      .when(switchTo({ pipeline: pipelineOf(), stageId: 'prospect' }))
      .thenNothing();
    const { decision } = given(deal, OPEN).when(switchTo({ pipeline: pipelineOf(), stageId: 'demo' }));
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/pipelineId' } });
  });

  it('is refused to where no deal goes', () => {
    given(deal).when(switchTo()).thenRejected('not-found');
    given(deal, OPEN)
      .when(switchTo({ pipeline: null }))
      .thenRejected('unknown-pipeline');
    given(deal, OPEN)
      .when(switchTo({ pipeline: { ...renewals(), retired: true } }))
      .thenRejected('pipeline-retired');
    given(deal, OPEN)
      .when(switchTo({ stageId: 'nowhere' }))
      .thenRejected('unknown-stage');
    given(deal, OPEN)
      .when(switchTo({ stageId: 'care' }))
      .thenRejected('wrong-stage-kind');
    given(deal, OPEN)
      .when(switchTo({ pipeline: renewals(withStage(pipelineOf(), 'demo', { retired: true })), stageId: 'demo' }))
      .thenRejected('stage-retired');
  });

  it('is for open deals', () => {
    for (const [status, event] of [
      ['won', won('prospect')],
      ['lost', lost('prospect')],
      ['voided', voided()],
    ] as const) {
      given(deal, [opened(), event])
        .when(switchTo())
        .thenRejected('wrong-status', { status, allowed: ['open'] });
    }
  });

  it('does not precede the last change of stage', () => {
    given(deal, [opened(), moved('prospect', 'demo')])
      .when(switchTo(), { occurredAt: day(0.5) })
      .thenRejected('out-of-order', { revision: 1, type: 'DealStageMoved', occurredAt: '2026-03-03T12:00:00.000Z' });
    given(deal, [opened(), assigned('u-bo')])
      .when(switchTo(), { occurredAt: day(0.5) })
      .then([{ ...switched('prospect', 'prospect'), occurredAt: day(0.5) }]);
  });
});

describe('correcting around a switch', () => {
  const corrected = (command: (history: ReturnType<typeof recorded<DealEvent>>) => DealCommand) => {
    const history = recorded<DealEvent>(SWITCHED);
    const { decision } = given(deal, SWITCHED).when(command(history));
    if (!decision.ok || decision.events[0]?.type !== 'DealCorrected') throw new Error(JSON.stringify(decision));
    return decision.events[0].data;
  };

  it('withdraws the move before it: it then left from where the deal was', () => {
    const { amended, standing } = corrected((history) =>
      correct({ revision: 1, field: 'withdrawn', value: true }, history),
    );
    expect(amended).toEqual([
      { revision: 1, withdrawn: true, touch: { was: day(1), is: null } },
      { revision: 2, from: place('prospect') },
    ]);
    expect(standing?.visits).toMatchObject([
      { stageId: 'prospect', exit: 'switched' },
      { stageId: 'proposal', entry: 'switched' },
    ]);
  });

  it('says where that move led to instead', () => {
    const { amended } = corrected((history) =>
      correct({ revision: 1, field: 'toStageId', value: 'proposal' }, history),
    );
    expect(amended).toMatchObject([
      { revision: 1, move: { to: place('proposal') } },
      { revision: 2, from: place('proposal') },
    ]);
  });

  it('says when it was, after the move before it', () => {
    const { amended } = corrected((history) => correct({ revision: 2, field: 'occurredAt', value: day(1.5) }, history));
    expect(amended).toMatchObject([{ revision: 2, occurredAt: '2026-03-04T00:00:00.000Z' }]);
    given(deal, SWITCHED)
      .when(correct({ revision: 2, field: 'occurredAt', value: day(0.5) }, recorded<DealEvent>(SWITCHED)))
      .thenRejected('out-of-order', { revision: 1, type: 'DealStageMoved', occurredAt: '2026-03-03T12:00:00.000Z' });
  });

  it('has no value to correct', () => {
    const { decision } = given(deal, SWITCHED).when(
      correct({ revision: 2, field: 'value', value: euro('1.00') }, recorded<DealEvent>(SWITCHED)),
    );
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/field' } });
  });
});
