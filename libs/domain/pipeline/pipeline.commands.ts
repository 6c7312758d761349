import type { Gate, MoveRules, StageDefinition, StagePolicy } from './pipeline.events.js';

export interface CreatePipeline {
  readonly type: 'CreatePipeline';
  readonly id: string;
  readonly name: string;
  /** Name of the template whose stages these are, if one was asked for. */
  readonly template: string | null;
  readonly stages: readonly StageDefinition[];
  readonly moveRules: MoveRules;
  readonly winGates: readonly Gate[];
}

/** A field that is left out stays; null clears. */
export interface SetStagePolicy {
  readonly type: 'SetStagePolicy';
  readonly stageId: string;
  readonly policy: Partial<StagePolicy>;
}

export type PipelineCommand = CreatePipeline | SetStagePolicy;
