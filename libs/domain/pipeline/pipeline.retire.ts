import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import type { RetireStage } from './pipeline.commands.js';
import type { PipelineEvent } from './pipeline.events.js';
import { stageIn } from './pipeline.policy.js';
import { refuseShape, stageRetired, unknownStage } from './pipeline.refusals.js';
import { liveStages, stageToUse } from './pipeline.stages.js';
import type { PipelineVersion } from './pipeline.state.js';
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
  if (target.kind !== stage.kind) {
    const detail = `${stage.name} is ${stage.kind}, ${target.name} is ${target.kind}.`;
    return reject({ code: 'wrong-stage-kind', detail, data: null });
  }
  return accept<PipelineEvent>({
    type: 'StageRetired',
    data: { stageId, relocateTo },
    occurredAt: takesEffect(version, context),
  });
}
