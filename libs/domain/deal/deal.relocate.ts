import { currentVersion, presentRank, stageIn } from '../pipeline/pipeline.policy.js';
import type { PipelineVersion, Stage } from '../pipeline/pipeline.state.js';
import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import type { RelocateDeal } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { stageRetired, unknownStage, wrongStageKind } from './deal.refusals.js';
import type { DealState } from './deal.state.js';

/** Gates and move rules are for moves: the retirement has decided where the deals go. */
export function relocateDeal(state: DealState, command: RelocateDeal, context: CommandContext): Decision<DealEvent> {
  const { from, pipeline, toStageId, retirementId } = command;
  const onVisit = state.visits.at(-1)?.exit === null;
  if (!onVisit || state.pipelineId !== from.pipelineId || state.stageId !== from.stageId) return accept();
  const version = currentVersion(pipeline);
  const to = endOfChain(version, toStageId);
  if (to === null) return unknownStage();
  if (to.retired) return stageRetired(to);
  if (pipeline.id === from.pipelineId && to.id === from.stageId) return accept();
  const kind = state.status === 'open' ? 'open' : 'post-sale';
  if (to.kind !== kind) return wrongStageKind(`The deal is ${state.status}; ${to.name} is no stage for it.`);
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;
  const known = pipeline.id === from.pipelineId;
  return accept<DealEvent>({
    type: 'DealRelocated',
    data: {
      from: { ...from, rank: known ? presentRank(pipeline, state.stageId, state.pipelineVersion) : state.rank },
      to: { pipelineId: pipeline.id, stageId: to.id, rank: to.rank },
      pipelineVersion: version.version,
      retirementId,
    },
    occurredAt: when.at,
  });
}

/** The stage itself, or what stands in for it in the end; of a chain that comes back to itself, the stage again. */
function endOfChain(version: PipelineVersion, stageId: string): Stage | null {
  const passed = new Set<string>();
  let stage = stageIn(version, stageId);
  while (stage !== null && stage.retired && stage.relocatedTo !== null && !passed.has(stage.id)) {
    passed.add(stage.id);
    stage = stageIn(version, stage.relocatedTo);
  }
  return stage;
}
