import type { CreatePipeline } from '../../pipeline/pipeline.commands.js';
import { decidePipeline } from '../../pipeline/pipeline.decide.js';
import type { Gate, PipelineCreated, PipelineEvent, StageDefinition } from '../../pipeline/pipeline.events.js';
import { evolvePipeline, foldPipeline } from '../../pipeline/pipeline.evolve.js';
import type { PipelineCommand } from '../../pipeline/pipeline.commands.js';
import type { PipelineState, Stage } from '../../pipeline/pipeline.state.js';
import type { Decider, Told } from './given.js';
import { recorded } from './given.js';

export const pipeline: Decider<PipelineState, PipelineCommand, PipelineEvent> = {
  id: 'new-business',
  decide: decidePipeline,
  evolve: evolvePipeline,
};

export function stage(id: string, change: Partial<StageDefinition> = {}): StageDefinition {
  return {
    id,
    name: `Stage ${id}`,
    kind: 'open',
    probability: 0.5,
    rottenAfter: null,
    maxStay: null,
    coverHorizon: null,
    forecastCategory: 'pipeline',
    gates: [],
    ...change,
  };
}

/** prospect, demo, proposal, then onboarding and care after the win. */
export function created(change: Partial<PipelineCreated['data']> = {}): PipelineCreated {
  return {
    type: 'PipelineCreated',
    data: {
      name: 'New business',
      template: null,
      stages: [
        stage('prospect'),
        stage('demo'),
        stage('proposal'),
        stage('onboarding', { kind: 'post-sale' }),
        stage('care', { kind: 'post-sale' }),
      ],
      moveRules: { skips: true, stepsBack: true },
      winGates: [],
      ...change,
    },
  };
}

export function create(change: Partial<CreatePipeline> = {}): CreatePipeline {
  return { type: 'CreatePipeline', id: pipeline.id, ...created().data, ...change };
}

/** The pipeline of `created`, with changes. */
export function pipelineOf(...history: readonly Told<PipelineEvent>[]): PipelineState {
  const state = foldPipeline(recorded<PipelineEvent>(history.length === 0 ? [created()] : history), pipeline.id);
  if (state === null) throw new Error('the history is empty');
  return state;
}

/** The same pipeline with one stage changed in its last version, as later events will do. */
export function withStage(state: PipelineState, stageId: string, change: Partial<Stage>): PipelineState {
  const versions = state.versions.map((version, index) =>
    index < state.versions.length - 1
      ? version
      : { ...version, stages: version.stages.map((each) => (each.id === stageId ? { ...each, ...change } : each)) },
  );
  return { ...state, versions };
}

/** The pipeline with an entry gate on one stage. */
export function gated(stageId: string, ...gates: readonly Gate[]): PipelineState {
  return withStage(pipelineOf(), stageId, { gates });
}
