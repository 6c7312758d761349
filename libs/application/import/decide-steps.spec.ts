import { DEFAULT_SETTINGS } from '#domain/settings/settings.js';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import { evolvePipeline } from '#domain/pipeline/pipeline.evolve.js';
import { evolveDeal } from '#domain/deal/deal.evolve.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { context, DAY, day, IMPORT } from '#domain/shared/testing/given.js';
import { decideSteps, wasIn } from './decide-steps.js';
import { creationOf, targetIn } from './pipeline-choice.js';
import { RowRefused } from './row.js';
import type { DealStep } from './steps.js';
import { opportunities } from './testing/mappings.js';

const mapping = opportunities();
if (mapping.pipeline.kind !== 'own') throw new Error('the mapping has a pipeline of its own');
const creation = creationOf(mapping.name, mapping.pipeline);
const created = decidePipeline(null, creation, context({ actor: IMPORT }));
if (!created.ok || created.events[0] === undefined) throw new Error('the pipeline was refused');
const pipeline = evolvePipeline(
  null,
  { ...created.events[0], recordedAt: day(10), revision: 0, actor: IMPORT },
  creation.id,
);
const target = targetIn(pipeline);
const stageId = (name: string): string => target.stageIds.get(name) ?? '';

const subject = { title: 'Boiler', source: 'crm', labels: [], ownerId: 'ada', organization: null };
const open: DealStep = { kind: 'open', at: day(0), field: 'opened', stageId: stageId('Contacted'), value: null };
const move: DealStep = { kind: 'move', at: day(1), field: 'time', stageId: stageId('Proposal') };
const value: DealStep = { kind: 'value', at: day(2), field: 'value', value: { amount: '5.00', currency: 'EUR' } };
const win: DealStep = { kind: 'win', at: day(2), field: 'closed' };

function decide(steps: readonly DealStep[], before: DealState | null = null) {
  const policies = { pipeline, settings: DEFAULT_SETTINGS };
  return decideSteps('d-1', before, steps, subject, policies, context({ actor: IMPORT }));
}

function stateAfter(steps: readonly DealStep[]): DealState {
  const decision = decide(steps);
  if (!decision.ok) throw new Error('refused');
  let state: DealState | null = null;
  for (const [revision, event] of decision.events.entries()) {
    state = evolveDeal(state, { ...event, recordedAt: day(10), revision, actor: IMPORT }, 'd-1');
  }
  if (state === null) throw new Error('no events');
  return state;
}

describe('the steps of a row', () => {
  it('are decided in turn, each on what the one before has made, and on its own date', () => {
    const decision = decide([open, move, value, win]);
    expect(decision).toMatchObject({
      ok: true,
      events: [
        { type: 'DealOpened', occurredAt: day(0), data: { ownerId: 'ada', value: null } },
        { type: 'DealStageMoved', occurredAt: day(1), data: { direction: 'forward' } },
        { type: 'DealValueChanged', occurredAt: day(2) },
        { type: 'DealWon', occurredAt: day(2), data: { value: { amount: '5.00', currency: 'EUR' } } },
      ],
    });
  });

  it.each<[string, string, readonly DealStep[]]>([
    ['closed', 'occurred-in-future', [open, { ...win, at: day(11) }]],
    ['time', 'same-stage', [open, { ...move, stageId: stageId('Contacted') }]],
    ['closed', 'wrong-status', [open, win, win]],
    ['closed', 'unknown-reason', [open, { kind: 'lose', at: day(2), field: 'closed', reason: 'weather' }]],
    ['time', 'out-of-order', [open, { ...move, at: day(-1) }]],
  ])('give no event at all when one is refused: %s is %s', (field, code, steps) => {
    let refused: unknown;
    try {
      decide(steps);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(RowRefused);
    expect(refused).toMatchObject({ field, reason: expect.stringContaining(code) as string });
  });

  it('go on from a deal that is there', () => {
    const state = stateAfter([open]);
    expect(decide([move], state)).toMatchObject({ ok: true, events: [{ type: 'DealStageMoved' }] });
    expect(decide([], state)).toEqual({ ok: true, events: [] });
  });
});

describe('a deal', () => {
  it('was in its stages at their times', () => {
    const state = stateAfter([open, move]);
    expect(wasIn(state, stageId('Contacted'), day(0))).toBe(true);
    expect(wasIn(state, stageId('Contacted'), day(1))).toBe(true);
    expect(wasIn(state, stageId('Contacted'), day(1) + 1)).toBe(false);
    expect(wasIn(state, stageId('Proposal'), day(0))).toBe(false);
    expect(wasIn(state, stageId('Proposal'), day(1) + 99 * DAY)).toBe(true);
  });
});
