import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { idAlreadyUsed, invalidRequest } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { AddStage, RenameStage, ReorderStages } from './pipeline.commands.js';
import type { PipelineEvent } from './pipeline.events.js';
import { withStageAfter } from './pipeline.order.js';
import { stageIn } from './pipeline.policy.js';
import { refuseShape, stageRetired, unknownStage } from './pipeline.refusals.js';
import { kindsProblem, MOST_STAGES, nameProblem, stageProblem } from './pipeline.shape.js';
import type { PipelineVersion, Stage } from './pipeline.state.js';
import { takesEffect } from './pipeline.time.js';

export function addStage(
  version: PipelineVersion,
  command: AddStage,
  context: CommandContext,
): Decision<PipelineEvent> {
  const { stage, after } = command;
  if (stageIn(version, stage.id) !== null) return idAlreadyUsed('stage');
  const live = liveStages(version);
  if (live.length >= MOST_STAGES) {
    return invalidRequest('/stage', `A pipeline has at most ${MOST_STAGES} stages that are not retired.`);
  }
  const problem = stageProblem(stage, '/stage') ?? nameTaken(live, stage.name, '/stage/name');
  if (problem !== null) return refuseShape(problem);
  if (after !== null) {
    const misplaced = stageToUse(version, after);
    if (misplaced !== null) return misplaced;
  }
  const order = withStageAfter(live, { ...stage, rank: 0, retired: false, relocatedTo: null }, after);
  const disorder = kindsProblem(order);
  if (disorder !== null) return refuseShape({ path: '/after', message: disorder });
  return accept<PipelineEvent>({
    type: 'StageAdded',
    data: { stage, after },
    occurredAt: takesEffect(version, context),
  });
}

export function renameStage(
  version: PipelineVersion,
  { stageId, name }: RenameStage,
  context: CommandContext,
): Decision<PipelineEvent> {
  const unusable = stageToUse(version, stageId);
  if (unusable !== null) return unusable;
  const others = liveStages(version).filter(({ id }) => id !== stageId);
  const problem = nameProblem(name, '/name') ?? nameTaken(others, name, '/name');
  if (problem !== null) return refuseShape(problem);
  if (stageIn(version, stageId)?.name === name) return accept();
  return accept<PipelineEvent>({
    type: 'StageRenamed',
    data: { stageId, name },
    occurredAt: takesEffect(version, context),
  });
}

export function reorderStages(
  version: PipelineVersion,
  { stageIds }: ReorderStages,
  context: CommandContext,
): Decision<PipelineEvent> {
  for (const stageId of stageIds) {
    const unusable = stageToUse(version, stageId);
    if (unusable !== null) return unusable;
  }
  const live = liveStages(version);
  if (new Set(stageIds).size !== stageIds.length || stageIds.length !== live.length) {
    return refuseShape({ path: '/stageIds', message: 'must name every stage that is not retired, once' });
  }
  const disorder = kindsProblem(stageIds.flatMap((id) => stageIn(version, id) ?? []));
  if (disorder !== null) return refuseShape({ path: '/stageIds', message: disorder });
  if (
    sameJson(
      stageIds,
      live.map(({ id }) => id),
    )
  )
    return accept();
  return accept<PipelineEvent>({
    type: 'StagesReordered',
    data: { stageIds },
    occurredAt: takesEffect(version, context),
  });
}

export function liveStages(version: PipelineVersion): readonly Stage[] {
  return version.stages.filter((stage) => !stage.retired);
}

/** Why the stage cannot be named in a command: the pipeline has it not, or no longer. */
export function stageToUse(version: PipelineVersion, stageId: string): Refused | null {
  const stage = stageIn(version, stageId);
  if (stage === null) return unknownStage();
  return stage.retired ? stageRetired(stage) : null;
}

function nameTaken(stages: readonly Stage[], name: string, path: string) {
  return stages.some((stage) => stage.name === name) ? { path, message: 'is used already' } : null;
}
