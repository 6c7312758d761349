import fc from 'fast-check';
import { context, day, given } from '../shared/testing/given.js';
import { created, pipeline, pipelineOf, stage, withStage } from '../shared/testing/pipelines.js';
import type { AddStage, PipelineCommand, ReorderStages, SetMoveRules } from './pipeline.commands.js';
import type { MoveRulesSet, PipelineEvent, StageAdded, StageRenamed, StagesReordered } from './pipeline.events.js';
import { ranked, reordered } from './pipeline.order.js';
import { currentVersion, versionAt } from './pipeline.policy.js';
import type { PipelineState } from './pipeline.state.js';

const trial = stage('trial');
const add = (after: string | null, added = trial): AddStage => ({ type: 'AddStage', stage: added, after });
const added = (after: string | null, one = trial): StageAdded => ({ type: 'StageAdded', data: { stage: one, after } });
const reorder = (...stageIds: readonly string[]): ReorderStages => ({ type: 'ReorderStages', stageIds });
const reorderedTo = (...stageIds: readonly string[]): StagesReordered => ({
  type: 'StagesReordered',
  data: { stageIds },
});
const rename = (stageId: string, name: string): PipelineCommand => ({ type: 'RenameStage', stageId, name });
const renamed = (stageId: string, name: string): StageRenamed => ({ type: 'StageRenamed', data: { stageId, name } });
const setRules = (change: Partial<SetMoveRules> = {}): SetMoveRules => ({
  type: 'SetMoveRules',
  moveRules: { skips: false, stepsBack: true },
  winGates: null,
  ...change,
});
const rulesSet = (change: Partial<MoveRulesSet['data']> = {}): MoveRulesSet => ({
  type: 'MoveRulesSet',
  data: { moveRules: { skips: false, stepsBack: true }, winGates: [], ...change },
});
const renamePipeline = (name: string): PipelineCommand => ({ type: 'RenamePipeline', name });

const order = (state: PipelineState) => currentVersion(state).stages.map(({ id, rank }) => `${rank} ${id}`);
const decided = (state: PipelineState, command: PipelineCommand) => pipeline.decide(state, command, context());

describe('adding a stage', () => {
  it('puts it behind the one that is named', () => {
    given(pipeline, [created()])
      .when(add('prospect'))
      .then([{ ...added('prospect'), occurredAt: day(10) }]);
    const ranks = ['1 prospect', '2 trial', '3 demo', '4 proposal', '5 onboarding', '6 care'];
    expect(order(pipelineOf(created(), added('prospect')))).toEqual(ranks);
  });

  it('puts it last of its kind when none is named', () => {
    given(pipeline, [created()])
      .when(add(null))
      .then([added(null)]);
    expect(order(pipelineOf(created(), added(null)))[3]).toBe('4 trial');
    const referral = stage('referral', { kind: 'post-sale' });
    expect(order(pipelineOf(created(), added(null, referral)))[5]).toBe('6 referral');
  });

  it('lets a post-sale stage follow the last open one', () => {
    const welcome = stage('welcome', { kind: 'post-sale' });
    given(pipeline, [created()])
      .when(add('proposal', welcome))
      .then([added('proposal', welcome)]);
  });

  it('keeps open stages before post-sale ones', () => {
    for (const command of [add('onboarding'), add('demo', stage('welcome', { kind: 'post-sale' }))]) {
      const { decision } = given(pipeline, [created()]).when(command);
      expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/after' } });
    }
  });

  it('is refused where it cannot go', () => {
    given(pipeline).when(add(null)).thenRejected('not-found');
    given(pipeline, [created()]).when(add('nowhere')).thenRejected('unknown-stage');
    given(pipeline, [created()])
      .when(add(null, stage('demo', { name: 'Another' })))
      .thenRejected('id-already-used');
    expect(decided(withStage(pipelineOf(), 'demo', { retired: true }), add('demo'))).toMatchObject({
      rejection: { code: 'stage-retired' },
    });
    expect(decided({ ...pipelineOf(), retired: true }, add(null))).toMatchObject({
      rejection: { code: 'pipeline-retired' },
    });
  });

  it('is refused for what is wrong in it', () => {
    const wrong = (path: string, one: ReturnType<typeof stage>) => {
      const { decision } = given(pipeline, [created()]).when(add(null, one));
      expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path } });
    };
    wrong('/stage/name', stage('trial', { name: 'Stage demo' }));
    wrong('/stage/name', stage('trial', { name: '' }));
    wrong('/stage/id', stage(''));
    wrong('/stage/probability', stage('trial', { probability: 2 }));
    wrong('/stage/gates/0/min', stage('trial', { gates: [{ type: 'criteria', min: 9 }] }));
  });

  it('takes the name of a stage that is retired, and its room', () => {
    const stages = Array.from({ length: 50 }, (_, index) => stage(`s${index}`));
    const full = pipelineOf(created({ stages }));
    expect(decided(full, add(null))).toMatchObject({ rejection: { code: 'invalid-request', path: '/stage' } });
    const room = withStage(full, 's7', { retired: true, name: trial.name });
    expect(decided(room, add(null))).toMatchObject({ ok: true });
  });
});

describe('renaming a stage', () => {
  it('changes its name and nothing else', () => {
    given(pipeline, [created()])
      .when(rename('demo', 'Show'))
      .then([{ ...renamed('demo', 'Show'), occurredAt: day(10) }]);
    const [before, after] = [pipelineOf(), pipelineOf(created(), renamed('demo', 'Show'))].map(
      (state) => currentVersion(state).stages,
    );
    expect(after).toEqual(before?.map((each) => (each.id === 'demo' ? { ...each, name: 'Show' } : each)));
  });

  it('does nothing when it is called so already', () => {
    given(pipeline, [created()]).when(rename('demo', 'Stage demo')).thenNothing();
  });

  it('is refused', () => {
    given(pipeline).when(rename('demo', 'Show')).thenRejected('not-found');
    given(pipeline, [created()]).when(rename('nowhere', 'Show')).thenRejected('unknown-stage');
    for (const name of ['Stage proposal', ' ', 'x'.repeat(256)]) {
      const { decision } = given(pipeline, [created()]).when(rename('demo', name));
      expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/name' } });
    }
    expect(decided(withStage(pipelineOf(), 'demo', { retired: true }), rename('demo', 'Show'))).toMatchObject({
      rejection: { code: 'stage-retired' },
    });
  });
});

describe('reordering the stages', () => {
  it('records the order of all of them', () => {
    given(pipeline, [created()])
      .when(reorder('proposal', 'prospect', 'demo', 'care', 'onboarding'))
      .then([{ ...reorderedTo('proposal', 'prospect', 'demo', 'care', 'onboarding'), occurredAt: day(10) }]);
  });

  it('renumbers the ranks from this version on', () => {
    const state = pipelineOf(created(), {
      ...reorderedTo('demo', 'prospect', 'proposal', 'onboarding', 'care'),
      occurredAt: day(5),
    });
    expect(order(state)).toEqual(['1 demo', '2 prospect', '3 proposal', '4 onboarding', '5 care']);
    expect(versionAt(state, day(4)).stages.map(({ id }) => id)[0]).toBe('prospect');
  });

  it('does nothing when the order is that already', () => {
    given(pipeline, [created()])
      .when(reorder('prospect', 'demo', 'proposal', 'onboarding', 'care'))
      .thenNothing();
  });

  it('names every stage that is not retired, once', () => {
    const wrong: readonly (readonly string[])[] = [
      [],
      ['prospect', 'demo', 'proposal', 'onboarding'],
      ['prospect', 'demo', 'proposal', 'onboarding', 'care', 'care'],
      ['prospect', 'demo', 'demo', 'onboarding', 'care'],
      ['prospect', 'demo', 'onboarding', 'proposal', 'care'],
    ];
    for (const ids of wrong) {
      const { decision } = given(pipeline, [created()]).when(reorder(...ids));
      expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/stageIds' } });
    }
    given(pipeline).when(reorder('demo')).thenRejected('not-found');
    given(pipeline, [created()]).when(reorder('demo', 'nowhere')).thenRejected('unknown-stage');
    const retired = withStage(pipelineOf(), 'demo', { retired: true });
    expect(decided(retired, reorder('demo', 'prospect'))).toMatchObject({ rejection: { code: 'stage-retired' } });
    expect(decided(retired, reorder('proposal', 'prospect', 'onboarding', 'care'))).toMatchObject({ ok: true });
  });

  it('leaves a retired stage behind the one that it stood behind', () => {
    const stages = currentVersion(
      withStage(withStage(pipelineOf(), 'demo', { retired: true }), 'onboarding', { retired: true }),
    ).stages;
    const ids = reordered(stages, ['proposal', 'prospect', 'care']).map(({ id }) => id);
    expect(ids).toEqual(['proposal', 'prospect', 'demo', 'onboarding', 'care']);
  });

  it('keeps every stage, each kind together, whatever the order and whatever is retired', () => {
    const kinds = fc.array(fc.record({ postSale: fc.boolean(), retired: fc.boolean(), sort: fc.nat() }));
    fc.assert(
      fc.property(kinds, (list) => {
        const stages = list
          .map(({ postSale, retired, sort }, index) => ({
            ...stage(`s${index}`, { kind: postSale ? 'post-sale' : 'open' }),
            rank: 0,
            relocatedTo: null,
            retired,
            sort,
          }))
          .sort((a, b) => a.kind.localeCompare(b.kind));
        const wanted = [...stages]
          .sort((a, b) => a.kind.localeCompare(b.kind) || a.sort - b.sort)
          .filter(({ retired }) => !retired)
          .map(({ id }) => id);
        const result = ranked(reordered(stages, wanted));
        expect(result.map(({ id }) => id).sort()).toEqual(stages.map(({ id }) => id).sort());
        expect(result.filter(({ retired }) => !retired).map(({ id }) => id)).toEqual(wanted);
        expect(result.map(({ kind }) => kind)).toEqual(result.map(({ kind }) => kind).sort());
        expect(result.map(({ rank }) => rank)).toEqual(result.map((_, index) => index + 1));
      }),
    );
  });
});

describe('setting the rules for moves and wins', () => {
  const winGates = [{ type: 'contact', kind: 'person' }] as const;

  it('records the rules that result', () => {
    given(pipeline, [created()])
      .when(setRules({ winGates }))
      .then([{ ...rulesSet({ winGates }), occurredAt: day(10) }]);
    expect(currentVersion(pipelineOf(created(), rulesSet({ winGates })))).toMatchObject({
      version: 2,
      moveRules: { skips: false, stepsBack: true },
      winGates,
    });
  });

  it('keeps the win gates that are not named', () => {
    given(pipeline, [created({ winGates })])
      .when(setRules())
      .then([rulesSet({ winGates })]);
    given(pipeline, [created({ winGates })])
      .when(setRules({ winGates: [] }))
      .then([rulesSet()]);
  });

  it('does nothing when nothing changes', () => {
    given(pipeline, [created(), rulesSet()]).when(setRules()).thenNothing();
  });

  it('is refused', () => {
    given(pipeline).when(setRules()).thenRejected('not-found');
    const { decision } = given(pipeline, [created()]).when(setRules({ winGates: [{ type: 'criteria', min: 7 }] }));
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/winGates/0/min' } });
  });
});

describe('renaming a pipeline', () => {
  const named = (name: string): PipelineEvent => ({ type: 'PipelineRenamed', data: { name } });

  it('makes a version of another name', () => {
    given(pipeline, [created()])
      .when(renamePipeline('Old business'))
      .then([{ ...named('Old business'), occurredAt: day(10) }]);
    const state = pipelineOf(created(), named('Old business'));
    expect(state.versions.map(({ name }) => name)).toEqual(['New business', 'Old business']);
  });

  it('does nothing when it is called so already', () => {
    given(pipeline, [created()]).when(renamePipeline('New business')).thenNothing();
  });

  it('is refused', () => {
    given(pipeline).when(renamePipeline('P')).thenRejected('not-found');
    const { decision } = given(pipeline, [created()]).when(renamePipeline(''));
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/name' } });
  });
});
