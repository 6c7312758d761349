import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import type { RetirePipeline, RetireStage } from './pipeline.commands.js';
import type { PipelineEvent, StageMapping } from './pipeline.events.js';
import { currentVersion, stageIn } from './pipeline.policy.js';
import { pipelineRetired, refuseShape, stageRetired, unknownStage } from './pipeline.refusals.js';
import { liveStages, stageToUse } from './pipeline.stages.js';
import type { PipelineState, PipelineVersion, Stage } from './pipeline.state.js';
import { takesEffect } from './pipeline.time.js';

/**
 * A target is not retired when it is named, so chains of targets have an end: a stage may be retired that others were
 * relocated to, and never one that leads back.
 */
export function retireStage(
  version: PipelineVersion,
  { stageId, relocateTo }: RetireStage,
  context: CommandContext,
): Decision<PipelineEvent> {
  const [stage, target] = [stageIn(version, stageId), stageIn(version, relocateTo)];
  if (stage === null || target === null) return unknownStage();
  if (stage.retired) return stage.relocatedTo === relocateTo ? accept() : stageRetired(stage);
  if (liveStages(version).filter(({ kind }) => kind === stage.kind).length === 1) {
    const detail = `${stage.name} is the last ${stage.kind} stage: there is none that its deals could go to.`;
    return reject({ code: 'wrong-stage-kind', detail, data: null });
  }
  if (stageId === relocateTo) return refuseShape({ path: '/relocateTo', message: 'must be another stage' });
  const unusable = stageToUse(version, relocateTo);
  if (unusable !== null) return unusable;
  if (target.kind !== stage.kind) return otherKind(stage, target);
  return accept<PipelineEvent>({
    type: 'StageRetired',
    data: { stageId, relocateTo },
    occurredAt: takesEffect(version, context),
  });
}

/**
 * The mapping is whole, so that no deal is left in a pipeline that nobody looks at. Its stages stay as they are: what
 * was is measured on them.
 */
export function retirePipeline(
  state: PipelineState,
  { mapping, targets }: RetirePipeline,
  context: CommandContext,
): Decision<PipelineEvent> {
  const version = currentVersion(state);
  const resolved: StageMapping[] = [];
  for (const [index, { from, to }] of mapping.entries()) {
    const stage = stageIn(version, from);
    const unusable = stageToUse(version, from);
    if (stage === null) return unknownStage();
    if (unusable !== null) return unusable;
    const pipeline = targets.find((candidate) => stageIn(currentVersion(candidate), to) !== null);
    const target = pipeline === undefined ? null : stageIn(currentVersion(pipeline), to);
    if (pipeline === undefined || target === null) return unknownStage();
    if (pipeline.id === state.id) {
      return refuseShape({ path: `/mapping/${index}/to`, message: 'must be a stage of another pipeline' });
    }
    resolved.push({ from, to: { pipelineId: pipeline.id, stageId: to } });
    // Said again, it is what has been done, whatever has become of the targets.
    if (state.retired) continue;
    if (pipeline.retired) return pipelineRetired();
    if (target.retired) return stageRetired(target);
    if (target.kind !== stage.kind) return otherKind(stage, target);
  }
  if (state.retired) return sameJson(resolved, state.retirement?.mapping) ? accept() : pipelineRetired();
  const named = new Set(mapping.map(({ from }) => from));
  if (named.size !== mapping.length || named.size !== liveStages(version).length) {
    return refuseShape({ path: '/mapping', message: 'must name every stage that is not retired, once' });
  }
  return accept<PipelineEvent>({
    type: 'PipelineRetired',
    data: { mapping: resolved },
    occurredAt: takesEffect(version, context),
  });
}

function otherKind(stage: Stage, target: Stage) {
  const detail = `${stage.name} is ${stage.kind}, ${target.name} is ${target.kind}.`;
  return reject({ code: 'wrong-stage-kind', detail, data: null });
}
