import { day, given } from '../shared/testing/given.js';
import { created, pipeline, pipelineOf } from '../shared/testing/pipelines.js';
import type { PipelineCommand } from './pipeline.commands.js';
import type { StageRetired } from './pipeline.events.js';
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
