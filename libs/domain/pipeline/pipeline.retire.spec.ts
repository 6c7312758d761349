import { day, given } from '../shared/testing/given.js';
import { created, pipeline, pipelineOf, stage, withStage } from '../shared/testing/pipelines.js';
import type { PipelineCommand } from './pipeline.commands.js';
import type { PipelineRetired, StageRetired } from './pipeline.events.js';
import { currentVersion, stageIn, versionAt } from './pipeline.policy.js';

const retire = (stageId: string, relocateTo: string): PipelineCommand => ({
  type: 'RetireStage',
  stageId,
  relocateTo,
});
const retired = (stageId: string, relocateTo: string): StageRetired => ({
  type: 'StageRetired',
  data: { stageId, relocateTo },
});

describe('retiring a stage', () => {
  it('says where its deals go', () => {
    given(pipeline, [created()])
      .when(retire('demo', 'prospect'))
      .then([{ ...retired('demo', 'prospect'), occurredAt: day(10) }]);
    given(pipeline, [created()])
      .when(retire('onboarding', 'care'))
      .then([retired('onboarding', 'care')]);
  });

  it('leaves it in its place, retired from this version on', () => {
    const state = pipelineOf(created(), { ...retired('demo', 'prospect'), occurredAt: day(5) });
    expect(stageIn(currentVersion(state), 'demo')).toMatchObject({ rank: 2, retired: true, relocatedTo: 'prospect' });
    expect(stageIn(versionAt(state, day(4)), 'demo')).toMatchObject({ retired: false, relocatedTo: null });
  });

  it('may take the target of another retirement away', () => {
    given(pipeline, [created(), retired('demo', 'prospect')])
      .when(retire('prospect', 'proposal'))
      .then([retired('prospect', 'proposal')]);
  });

  it('does nothing when it is retired to there already', () => {
    given(pipeline, [created(), retired('demo', 'prospect')])
      .when(retire('demo', 'prospect'))
      .thenNothing();
  });

  it('is refused', () => {
    given(pipeline).when(retire('demo', 'prospect')).thenRejected('not-found');
    const before = given(pipeline, [created(), retired('demo', 'prospect')]);
    before.when(retire('nowhere', 'prospect')).thenRejected('unknown-stage');
    before.when(retire('prospect', 'nowhere')).thenRejected('unknown-stage');
    before.when(retire('demo', 'proposal')).thenRejected('stage-retired');
    before.when(retire('prospect', 'demo')).thenRejected('stage-retired');
    before.when(retire('prospect', 'care')).thenRejected('wrong-stage-kind');
    before.when(retire('care', 'prospect')).thenRejected('wrong-stage-kind');
    expect(before.when(retire('prospect', 'prospect')).decision).toMatchObject({
      rejection: { code: 'invalid-request', path: '/relocateTo' },
    });
  });

  it('leaves one stage of each kind', () => {
    const lastOpen = given(pipeline, [created(), retired('demo', 'prospect'), retired('prospect', 'proposal')]);
    for (const target of ['proposal', 'prospect', 'care']) {
      lastOpen.when(retire('proposal', target)).thenRejected('wrong-stage-kind');
    }
    given(pipeline, [created(), retired('care', 'onboarding')])
      .when(retire('onboarding', 'demo'))
      .thenRejected('wrong-stage-kind');
  });
});

describe('retiring a pipeline', () => {
  const renewals = {
    ...pipelineOf(created({ stages: [stage('notice'), stage('offer'), stage('kept', { kind: 'post-sale' })] })),
    id: 'renewals',
  };
  const WHOLE = [
    ['prospect', 'notice'],
    ['demo', 'notice'],
    ['proposal', 'offer'],
    ['onboarding', 'kept'],
    ['care', 'kept'],
  ] as const;
  type Pairs = readonly (readonly [string, string])[];
  const retireAll = (pairs: Pairs = WHOLE, targets = [renewals]): PipelineCommand => ({
    type: 'RetirePipeline',
    mapping: pairs.map(([from, to]) => ({ from, to })),
    targets,
  });
  const allRetired = (pairs: Pairs = WHOLE): PipelineRetired => ({
    type: 'PipelineRetired',
    data: { mapping: pairs.map(([from, to]) => ({ from, to: { pipelineId: 'renewals', stageId: to } })) },
  });

  it('says where the deals of every stage go', () => {
    given(pipeline, [created()])
      .when(retireAll())
      .then([{ ...allRetired(), occurredAt: day(10) }]);
  });

  it('closes it to every change, and keeps its stages for what was', () => {
    const state = pipelineOf(created(), allRetired());
    expect(state).toMatchObject({ retired: true, retirement: { from: day(1) } });
    expect(currentVersion(state).stages.map(({ retired: gone }) => gone)).toEqual([false, false, false, false, false]);
    given(pipeline, [created(), allRetired()]).when(retire('demo', 'prospect')).thenRejected('pipeline-retired');
  });

  it('does nothing when it is retired to there already', () => {
    given(pipeline, [created(), allRetired()]).when(retireAll()).thenNothing();
    const gone = { ...renewals, retired: true };
    given(pipeline, [created(), allRetired()])
      .when(retireAll(WHOLE, [gone]))
      .thenNothing();
    given(pipeline, [created(), allRetired()])
      .when(retireAll([...WHOLE.slice(0, 2), ['proposal', 'notice'], ...WHOLE.slice(3)]))
      .thenRejected('pipeline-retired');
  });

  it('asks nothing for stages that are retired already', () => {
    const some = WHOLE.filter(([from]) => from !== 'demo');
    given(pipeline, [created(), retired('demo', 'prospect')])
      .when(retireAll(some))
      .then([allRetired(some)]);
    given(pipeline, [created(), retired('demo', 'prospect')])
      .when(retireAll())
      .thenRejected('stage-retired');
  });

  it('is refused unless every stage is named, once, with one of another pipeline', () => {
    given(pipeline).when(retireAll()).thenRejected('not-found');
    const wrong = (path: string, pairs: Pairs, targets = [renewals]) => {
      const { decision } = given(pipeline, [created()]).when(retireAll(pairs, targets));
      expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path } });
    };
    wrong('/mapping', WHOLE.slice(1));
    wrong('/mapping', []);
    wrong('/mapping', [...WHOLE, ['demo', 'offer']]);
    wrong('/mapping/0/to', [['prospect', 'demo']], [pipelineOf()]);
    const before = given(pipeline, [created()]);
    before.when(retireAll([['nowhere', 'notice']])).thenRejected('unknown-stage');
    before.when(retireAll([['prospect', 'nowhere']])).thenRejected('unknown-stage');
    before.when(retireAll([['prospect', 'kept']])).thenRejected('wrong-stage-kind');
    before.when(retireAll(WHOLE, [{ ...renewals, retired: true }])).thenRejected('pipeline-retired');
    before.when(retireAll(WHOLE, [withStage(renewals, 'notice', { retired: true })])).thenRejected('stage-retired');
  });
});
