import { day, given, unknownEvent } from '../shared/testing/given.js';
import { create, created, pipeline, pipelineOf, stage, withStage } from '../shared/testing/pipelines.js';
import type { Rejection } from '../shared/rejection.js';
import type { CreatePipeline, SetStagePolicy } from './pipeline.commands.js';
import type { PipelineEvent, StagePolicySet } from './pipeline.events.js';
import { evolvePipeline } from './pipeline.evolve.js';
import {
  currentVersion,
  firstOpenStage,
  firstPostSaleStage,
  presentRank,
  stageIn,
  versionAt,
} from './pipeline.policy.js';
import { TEMPLATES, TEMPLATE_NAMES } from './templates.js';

const { id: _id, name: _name, kind: _kind, ...DEMO } = stage('demo');

function policySet(change: Partial<StagePolicySet['data']['policy']>): StagePolicySet {
  return { type: 'StagePolicySet', data: { stageId: 'demo', policy: { ...DEMO, ...change } } };
}

function setPolicy(policy: SetStagePolicy['policy'], stageId = 'demo'): SetStagePolicy {
  return { type: 'SetStagePolicy', stageId, policy };
}

describe('creating a pipeline', () => {
  it('records it as it is asked for', () => {
    given(pipeline)
      .when(create())
      .then([{ ...created(), occurredAt: day(10) }]);
  });

  it('takes no time from the client', () => {
    given(pipeline)
      .when(create(), { occurredAt: day(1) })
      .then([{ ...created(), occurredAt: day(10) }]);
  });

  it('takes every template', () => {
    for (const template of TEMPLATE_NAMES) {
      const stages = TEMPLATES[template].map((each, index) => ({ id: `s${index}`, ...each }));
      given(pipeline)
        .when(create({ template, stages }))
        .then([created({ template, stages })]);
    }
  });

  it('happens once', () => {
    given(pipeline, [created()]).when(create()).thenRejected('id-already-used');
  });

  const stages = (...ids: readonly string[]) => ids.map((id) => stage(id));
  const changed = (change: Parameters<typeof stage>[1]) => ({ stages: [stage('a'), stage('b', change)] });
  const wrong: readonly [path: string, change: Partial<CreatePipeline>][] = [
    ['/name', { name: ' ' }],
    ['/name', { name: 'x'.repeat(256) }],
    ['/name', { name: 'a\0' }],
    ['/template', { template: 'enterprise' }],
    ['/stages', { stages: [] }],
    ['/stages', { stages: stages(...Array.from({ length: 51 }, (_, index) => `s${index}`)) }],
    ['/stages', { stages: [stage('care', { kind: 'post-sale' })] }],
    ['/stages/1/id', { stages: [stage('a'), stage('a', { name: 'Another' })] }],
    ['/stages/1/id', changed({ id: '' })],
    ['/stages/1/name', changed({ name: 'Stage a' })],
    ['/stages/1/name', changed({ name: '' })],
    ['/stages/2/kind', { stages: [stage('a'), stage('b', { kind: 'post-sale' }), stage('c')] }],
    ['/stages/1/probability', changed({ probability: 1.1 })],
    ['/stages/1/probability', changed({ probability: -0.1 })],
    ['/stages/1/probability', changed({ probability: 0.12345 })],
    ['/stages/1/probability', changed({ probability: NaN })],
    ['/stages/1/rottenAfter', changed({ rottenAfter: 'P2W' })],
    ['/stages/1/maxStay', changed({ maxStay: { businessDays: 0 } })],
    ['/stages/1/coverHorizon', changed({ coverHorizon: 'P0D' })],
    [
      '/stages/1/gates/1/min',
      changed({
        gates: [
          { type: 'contact', kind: 'person' },
          { type: 'criteria', min: 5 },
        ],
      }),
    ],
    ['/stages/1/playbook/0/afterDays', changed({ playbook: [{ kind: 'call', subject: 'C', afterDays: 0.5 }] })],
    ['/stages/1/playbook/0/subject', changed({ playbook: [{ kind: 'call', subject: '', afterDays: 1 }] })],
    ['/winGates/0/min', { winGates: [{ type: 'criteria', min: 0 }] }],
  ];
  it.each(wrong)('is refused for what is wrong at %s', (path, change) => {
    const { decision } = given(pipeline).when(create(change));
    expect(decision).toMatchObject({ ok: false, rejection: { code: 'invalid-request', path } });
  });

  it('takes 50 stages and a name of 255 characters', () => {
    const fifty = stages(...Array.from({ length: 50 }, (_, index) => `s${index}`));
    const { decision } = given(pipeline).when(create({ name: '🙂'.repeat(255), stages: fifty }));
    expect(decision.ok).toBe(true);
  });
});

describe('words that a typed client cannot say', () => {
  // Bodies that come past the types: old clients, other languages.
  const spoken = (path: string, change: object): [string, object] => [path, change];
  it.each([
    spoken('/stages/0/kind', { kind: 'closed' }),
    spoken('/stages/0/forecastCategory', { forecastCategory: 'maybe' }),
    spoken('/stages/0/gates/0/type', { gates: [{ type: 'payment' }] }),
    spoken('/stages/0/gates/0/field', { gates: [{ type: 'field', field: 'constructor' }] }),
    spoken('/stages/0/gates/0/kind', { gates: [{ type: 'activity', kind: 'lunch' }] }),
    spoken('/stages/0/gates/0/kind', { gates: [{ type: 'contact', kind: 'dog' }] }),
  ])('are refused at %s', (path, change) => {
    const first: ReturnType<typeof stage> = Object.assign(stage('a'), change);
    const { decision } = given(pipeline).when(create({ stages: [first, stage('b')] }));
    const rejection: Partial<Rejection> = { code: 'invalid-request', path };
    expect(decision).toMatchObject({ ok: false, rejection });
  });
});

describe('setting the policy of a stage', () => {
  it('records the whole policy that results', () => {
    given(pipeline, [created()])
      .when(setPolicy({ probability: 0.7, rottenAfter: 'P14D' }))
      .then([{ ...policySet({ probability: 0.7, rottenAfter: 'P14D' }), occurredAt: day(10) }]);
  });

  it('clears with null and leaves what is left out', () => {
    given(pipeline, [created(), policySet({ rottenAfter: 'P14D', maxStay: 'P30D' })])
      .when(setPolicy({ rottenAfter: null, maxStay: undefined }))
      .then([policySet({ maxStay: 'P30D' })]);
  });

  it('takes the probability from the past, and back from what is fixed', () => {
    const historical = policySet({ probabilityFrom: 'historical' });
    given(pipeline, [created()])
      .when(setPolicy({ probabilityFrom: 'historical' }))
      .then([historical]);
    given(pipeline, [created(), historical])
      .when(setPolicy({ probability: 0.7 }))
      .then([policySet({ probability: 0.7, probabilityFrom: 'historical' })]);
    given(pipeline, [created(), historical])
      .when(setPolicy({ probabilityFrom: 'fixed' }))
      .then([policySet({})]);
    given(pipeline, [created(), historical, policySet({})])
      .when(setPolicy({ probabilityFrom: 'fixed' }))
      .thenNothing();
  });

  it('sets a playbook, and clears it with an empty one', () => {
    const playbook = [{ kind: 'call', subject: 'First call', afterDays: 1 }] as const;
    given(pipeline, [created()])
      .when(setPolicy({ playbook }))
      .then([policySet({ playbook })]);
    given(pipeline, [created(), policySet({ playbook })])
      .when(setPolicy({ playbook: [] }))
      .then([policySet({})]);
    expect(
      stageIn(currentVersion(pipelineOf(created(), policySet({ playbook }), policySet({}))), 'demo'),
    ).toMatchObject({
      playbook: [],
    });
  });

  it('does nothing when nothing changes', () => {
    const history = [created(), policySet({ maxStay: { businessDays: 5 } })];
    given(pipeline, history)
      .when(setPolicy({ maxStay: { businessDays: 5 }, gates: [] }))
      .thenNothing();
    given(pipeline, history).when(setPolicy({})).thenNothing();
  });

  it('is never back-dated, not even before the last change', () => {
    given(pipeline, [created(), { ...policySet({ probability: 0.6 }), occurredAt: day(20) }])
      .when(setPolicy({ probability: 0.7 }), { occurredAt: day(2) })
      .then([{ ...policySet({ probability: 0.7 }), occurredAt: day(20) }]);
  });

  it('needs a pipeline and one of its stages', () => {
    given(pipeline).when(setPolicy({})).thenRejected('not-found');
    given(pipeline, [created()]).when(setPolicy({}, 'nowhere')).thenRejected('unknown-stage');
  });

  it('is refused where the pipeline or the stage is retired', () => {
    const decide = (state: ReturnType<typeof pipelineOf>) =>
      pipeline.decide(state, setPolicy({ probability: 0.7 }), { now: day(10), actor: { id: 'u', kind: 'user' } });
    expect(decide({ ...pipelineOf(), retired: true })).toMatchObject({ rejection: { code: 'pipeline-retired' } });
    expect(decide(withStage(pipelineOf(), 'demo', { retired: true }))).toMatchObject({
      rejection: { code: 'stage-retired' },
    });
  });

  it('is refused for what is wrong in it', () => {
    const { decision } = given(pipeline, [created()]).when(setPolicy({ maxStay: 'P1Y' }));
    expect(decision).toMatchObject({ ok: false, rejection: { code: 'invalid-request', path: '/maxStay' } });
  });
});

describe('versions', () => {
  const state = pipelineOf(created(), { ...policySet({ probability: 0.7 }), occurredAt: day(5) });

  it('are made by every change to the stages', () => {
    expect(state.versions.map(({ version, revision, from }) => ({ version, revision, from }))).toEqual([
      { version: 1, revision: 0, from: day(0) },
      { version: 2, revision: 1, from: day(5) },
    ]);
    expect(stageIn(currentVersion(state), 'demo')?.probability).toBe(0.7);
    expect(state.versions[0]?.stages[1]?.probability).toBe(0.5);
  });

  it('hold from their own event on; the first also before it', () => {
    const at = [day(-100), day(0), day(5) - 1, day(5), day(100)].map((instant) => versionAt(state, instant).version);
    expect(at).toEqual([1, 1, 1, 2, 2]);
  });

  it('count ranks over the open stages, then on over the post-sale ones', () => {
    expect(currentVersion(state).stages.map(({ id, rank }) => [id, rank])).toEqual([
      ['prospect', 1],
      ['demo', 2],
      ['proposal', 3],
      ['onboarding', 4],
      ['care', 5],
    ]);
  });

  it('know where deals begin and where they go after the win', () => {
    expect(firstOpenStage(currentVersion(state))?.id).toBe('prospect');
    expect(firstPostSaleStage(currentVersion(state))?.id).toBe('onboarding');
    const retired = currentVersion(withStage(state, 'prospect', { retired: true }));
    expect(firstOpenStage(retired)?.id).toBe('demo');
    expect(firstPostSaleStage({ ...retired, stages: [] })).toBeNull();
    expect(stageIn(retired, 'nowhere')).toBeNull();
  });

  it('rank a stage that is gone as the nearest one before it', () => {
    const [first, second] = state.versions;
    if (first === undefined || second === undefined) throw new Error('two versions');
    const without = (...ids: readonly string[]) => ({
      ...state,
      versions: [first, { ...second, stages: second.stages.filter((each) => !ids.includes(each.id)) }],
    });
    expect(presentRank(state, 'proposal', 1)).toBe(3);
    expect(presentRank(without('proposal'), 'proposal', 1)).toBe(2);
    expect(presentRank(without('prospect'), 'prospect', 1)).toBe(0);
    expect(presentRank(state, 'nowhere', 1)).toBe(0);
    expect(presentRank(state, 'nowhere', 99)).toBe(0);
  });
});

describe('a history that was never decided', () => {
  const at = { occurredAt: day(0), recordedAt: day(0), revision: 0, actor: { id: 'u', kind: 'user' as const } };

  it('is not folded', () => {
    const fold = (state: Parameters<typeof evolvePipeline>[0], event: PipelineEvent) => () =>
      evolvePipeline(state, { ...event, ...at }, 'new-business');
    expect(fold(null, policySet({}))).toThrow(/before PipelineCreated/);
    expect(fold(pipelineOf(), created())).toThrow(/again/);
    const unknown = unknownEvent<PipelineEvent>('StagePainted');
    expect(fold(pipelineOf(), unknown)).toThrow(/unknown event/);
  });
});

describe('the templates', () => {
  it('have the stages that the documentation names', () => {
    const names = TEMPLATE_NAMES.map((name) => TEMPLATES[name].map((each) => each.name));
    expect(names).toEqual([
      [
        'Prospecting',
        'Lead qualification',
        'Demo or meeting',
        'Proposal',
        'Negotiation and commitment',
        'Post-purchase',
      ],
      ['Buyer searching', 'Viewing scheduled', 'Price discussed', 'Offer made', 'Offer accepted', 'Referral'],
      ['First meeting', 'Proposal made', 'Fee negotiation', 'Proposal accepted'],
      ['Cold prospect', 'Engaged prospect', 'Demo booked', 'Trial', 'Retention'],
    ]);
  });

  it('become likelier from stage to stage; the traditional one is 10, 20, 40, 60, 80 %', () => {
    expect(TEMPLATES.traditional.filter(({ kind }) => kind === 'open').map(({ probability }) => probability)).toEqual([
      0.1, 0.2, 0.4, 0.6, 0.8,
    ]);
    for (const name of TEMPLATE_NAMES) {
      const probabilities = TEMPLATES[name].map(({ probability }) => probability);
      expect(probabilities).toEqual([...probabilities].sort((a, b) => a - b));
    }
  });

  it('have a threshold in every stage', () => {
    for (const each of TEMPLATE_NAMES.flatMap((name) => TEMPLATES[name])) expect(each.rottenAfter).not.toBeNull();
  });
});
