import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { idAlreadyUsed, invalidRequest, notFound } from '../shared/refusals.js';
import type { CreatePipeline, PipelineCommand, SetStagePolicy } from './pipeline.commands.js';
import type { PipelineEvent, StagePolicy } from './pipeline.events.js';
import { currentVersion, stageIn } from './pipeline.policy.js';
import { pipelineProblem, policyProblem } from './pipeline.shape.js';
import type { ShapeProblem } from './pipeline.shape.js';
import type { PipelineState } from './pipeline.state.js';

/** Policies are never back-dated: a change holds from now on, whatever time the context gives. */
export function decidePipeline(
  state: PipelineState | null,
  command: PipelineCommand,
  context: CommandContext,
): Decision<PipelineEvent> {
  switch (command.type) {
    case 'CreatePipeline':
      return state === null ? createPipeline(command, context) : idAlreadyUsed('pipeline');
    case 'SetStagePolicy':
      return state === null ? notFound('pipeline') : setStagePolicy(state, command, context);
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
  state: PipelineState,
  command: SetStagePolicy,
  context: CommandContext,
): Decision<PipelineEvent> {
  const { stageId } = command;
  const version = currentVersion(state);
  const stage = stageIn(version, stageId);
  if (state.retired) {
    return reject({ code: 'pipeline-retired', detail: 'The pipeline is retired.', data: null });
  }
  if (stage === null) {
    return reject({ code: 'unknown-stage', detail: 'The pipeline has no such stage.', data: null });
  }
  if (stage.retired) {
    return reject({ code: 'stage-retired', detail: `The stage ${stage.name} is retired.`, data: null });
  }
  const problem = policyProblem(command.policy, '');
  if (problem !== null) return refuseShape(problem);
  const before = policyOf(stage);
  const policy = changedPolicy(before, command.policy);
  if (sameJson(policy, before)) return accept();
  return accept({
    type: 'StagePolicySet',
    data: { stageId, policy },
    occurredAt: Math.max(context.now, version.from),
  });
}

/** A field that is left out, or undefined, stays. */
function changedPolicy(policy: StagePolicy, change: Partial<StagePolicy>): StagePolicy {
  return {
    probability: change.probability ?? policy.probability,
    rottenAfter: change.rottenAfter === undefined ? policy.rottenAfter : change.rottenAfter,
    maxStay: change.maxStay === undefined ? policy.maxStay : change.maxStay,
    coverHorizon: change.coverHorizon === undefined ? policy.coverHorizon : change.coverHorizon,
    forecastCategory: change.forecastCategory ?? policy.forecastCategory,
    gates: change.gates ?? policy.gates,
  };
}

function policyOf(stage: StagePolicy): StagePolicy {
  const { probability, rottenAfter, maxStay, coverHorizon, forecastCategory, gates } = stage;
  return { probability, rottenAfter, maxStay, coverHorizon, forecastCategory, gates };
}

function refuseShape({ path, message }: ShapeProblem): Decision<PipelineEvent> {
  const field = path.slice(path.lastIndexOf('/') + 1);
  return invalidRequest(path, `${field} ${message}`);
}
