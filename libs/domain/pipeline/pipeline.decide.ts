import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { idAlreadyUsed, notFound } from '../shared/refusals.js';
import type {
  CreatePipeline,
  PipelineCommand,
  RenamePipeline,
  RetirePipeline,
  SetMoveRules,
  SetStagePolicy,
} from './pipeline.commands.js';
import type { PipelineEvent, StagePolicy } from './pipeline.events.js';
import { currentVersion, stageIn } from './pipeline.policy.js';
import { pipelineRetired, refuseShape, unknownStage } from './pipeline.refusals.js';
import { gatesProblem, nameProblem, pipelineProblem, policyProblem } from './pipeline.shape.js';
import { addStage, renameStage, reorderStages, stageToUse } from './pipeline.stages.js';
import { retirePipeline, retireStage } from './pipeline.retire.js';
import type { PipelineState, PipelineVersion } from './pipeline.state.js';
import { takesEffect } from './pipeline.time.js';

/** What a command does to a pipeline; `state` null: there is no such pipeline yet. */
export function decidePipeline(
  state: PipelineState | null,
  command: PipelineCommand,
  context: CommandContext,
): Decision<PipelineEvent> {
  if (command.type === 'CreatePipeline') {
    return state === null ? createPipeline(command, context) : idAlreadyUsed('pipeline');
  }
  if (state === null) return notFound('pipeline');
  if (command.type === 'RetirePipeline') return retirePipeline(state, command, context);
  return state.retired ? pipelineRetired() : change(currentVersion(state), command, context);
}

function change(
  version: PipelineVersion,
  command: Exclude<PipelineCommand, CreatePipeline | RetirePipeline>,
  context: CommandContext,
): Decision<PipelineEvent> {
  switch (command.type) {
    case 'SetStagePolicy':
      return setStagePolicy(version, command, context);
    case 'AddStage':
      return addStage(version, command, context);
    case 'RenameStage':
      return renameStage(version, command, context);
    case 'ReorderStages':
      return reorderStages(version, command, context);
    case 'RetireStage':
      return retireStage(version, command, context);
    case 'SetMoveRules':
      return setMoveRules(version, command, context);
    case 'RenamePipeline':
      return renamePipeline(version, command, context);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function createPipeline(command: CreatePipeline, context: CommandContext): Decision<PipelineEvent> {
  const problem = pipelineProblem(command);
  if (problem !== null) return refuseShape(problem);
  const { name, template, moveRules, winGates } = command;
  const stages = command.stages.map((stage) => ({
    id: stage.id,
    name: stage.name,
    kind: stage.kind,
    ...policyOf(stage),
  }));
  return accept({
    type: 'PipelineCreated',
    data: { name, template, stages, moveRules, winGates },
    occurredAt: context.now,
  });
}

function setStagePolicy(
  version: PipelineVersion,
  command: SetStagePolicy,
  context: CommandContext,
): Decision<PipelineEvent> {
  const { stageId } = command;
  const stage = stageIn(version, stageId);
  if (stage === null) return unknownStage();
  const unusable = stageToUse(version, stageId);
  if (unusable !== null) return unusable;
  const problem = policyProblem(command.policy, '');
  if (problem !== null) return refuseShape(problem);
  const before = policyOf(stage);
  const policy = changedPolicy(before, command.policy);
  if (sameJson(policy, before)) return accept();
  return accept({
    type: 'StagePolicySet',
    data: { stageId, policy },
    occurredAt: takesEffect(version, context),
  });
}

function setMoveRules(
  version: PipelineVersion,
  command: SetMoveRules,
  context: CommandContext,
): Decision<PipelineEvent> {
  const { skips, stepsBack } = command.moveRules;
  const rules = { moveRules: { skips, stepsBack }, winGates: command.winGates ?? version.winGates };
  const problem = gatesProblem(rules.winGates, '/winGates');
  if (problem !== null) return refuseShape(problem);
  if (sameJson(rules, { moveRules: version.moveRules, winGates: version.winGates })) return accept();
  return accept<PipelineEvent>({ type: 'MoveRulesSet', data: rules, occurredAt: takesEffect(version, context) });
}

function renamePipeline(
  version: PipelineVersion,
  { name }: RenamePipeline,
  context: CommandContext,
): Decision<PipelineEvent> {
  const problem = nameProblem(name, '/name');
  if (problem !== null) return refuseShape(problem);
  if (name === version.name) return accept();
  return accept<PipelineEvent>({ type: 'PipelineRenamed', data: { name }, occurredAt: takesEffect(version, context) });
}

/** A field that is left out, or undefined, stays. */
function changedPolicy(policy: StagePolicy, change: Partial<StagePolicy>): StagePolicy {
  return policyOf({
    probability: change.probability ?? policy.probability,
    probabilityFrom: change.probabilityFrom ?? policy.probabilityFrom ?? 'fixed',
    rottenAfter: change.rottenAfter === undefined ? policy.rottenAfter : change.rottenAfter,
    maxStay: change.maxStay === undefined ? policy.maxStay : change.maxStay,
    coverHorizon: change.coverHorizon === undefined ? policy.coverHorizon : change.coverHorizon,
    forecastCategory: change.forecastCategory ?? policy.forecastCategory,
    gates: change.gates ?? policy.gates,
    playbook: change.playbook ?? policy.playbook ?? [],
  });
}

/** The fields of a policy; of the later ones the defaults are left out, as they were before there was anything else. */
function policyOf(stage: StagePolicy): StagePolicy {
  const { probability, probabilityFrom, rottenAfter, maxStay, coverHorizon, forecastCategory, gates, playbook } = stage;
  const policy = { probability, rottenAfter, maxStay, coverHorizon, forecastCategory, gates };
  return {
    ...policy,
    ...(probabilityFrom === 'historical' ? { probabilityFrom } : {}),
    ...(playbook === undefined || playbook.length === 0 ? {} : { playbook }),
  };
}
