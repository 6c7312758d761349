import type { PipelineState } from './pipeline.state.js';
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

/** Behind the stage `after`, by default last of its kind. */
export interface AddStage {
  readonly type: 'AddStage';
  readonly stage: StageDefinition;
  readonly after: string | null;
}

export interface RenameStage {
  readonly type: 'RenameStage';
  readonly stageId: string;
  readonly name: string;
}

/** `stageIds`: every stage that is not retired, once, open ones before post-sale ones. */
export interface ReorderStages {
  readonly type: 'ReorderStages';
  readonly stageIds: readonly string[];
}

/** Win gates that are left out (null) stay. */
export interface SetMoveRules {
  readonly type: 'SetMoveRules';
  readonly moveRules: MoveRules;
  readonly winGates: readonly Gate[] | null;
}

export interface RenamePipeline {
  readonly type: 'RenamePipeline';
  readonly name: string;
}

/** `relocateTo`: the stage of the same kind that stands in for it. */
export interface RetireStage {
  readonly type: 'RetireStage';
  readonly stageId: string;
  readonly relocateTo: string;
}

/** `mapping` names every stage that is not retired; `targets` are the pipelines, as they are now, that hold its `to`. */
export interface RetirePipeline {
  readonly type: 'RetirePipeline';
  readonly mapping: readonly { readonly from: string; readonly to: string }[];
  readonly targets: readonly PipelineState[];
}

export type PipelineCommand =
  | CreatePipeline
  | SetStagePolicy
  | AddStage
  | RenameStage
  | ReorderStages
  | SetMoveRules
  | RenamePipeline
  | RetireStage
  | RetirePipeline;
