import { currentVersion } from '../pipeline/pipeline.policy.js';
import type { CommandContext, Decided, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { invalidRequest, wrongStatus } from '../shared/refusals.js';
import type { SwitchPipeline } from './deal.commands.js';
import type { DealEvent, DealPipelineSwitched, GateOverridden } from './deal.events.js';
import { factsOf, missingGates } from './deal.gates.js';
import { beginningIn } from './deal.opening.js';
import { letPast } from './deal.override.js';
import { gateNotMet } from './deal.refusals.js';
import type { DealState } from './deal.state.js';

/**
 * Takes an open deal over into another pipeline. Its move rules are for moves within it; the entry gates of the stage
 * hold, and an override lets past them. To the pipeline that it is in already nothing is to be done: to another stage of
 * that one a deal is moved.
 */
export function switchPipeline(
  state: DealState,
  { pipeline, stageId, override }: SwitchPipeline,
  context: CommandContext,
): Decision<DealEvent> {
  if (state.status !== 'open') return wrongStatus('deal', state.status, ['open']);
  if (pipeline?.id === state.pipelineId) {
    if (stageId === null || stageId === state.stageId) return accept();
    return invalidRequest('/pipelineId', 'The deal is in this pipeline already; a move takes it to another stage.');
  }
  const beginning = beginningIn(pipeline, stageId);
  if (!beginning.ok) return beginning;
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;

  const { stage: to } = beginning;
  const switched: Decided<DealPipelineSwitched> = {
    type: 'DealPipelineSwitched',
    data: {
      from: { pipelineId: state.pipelineId, stageId: state.stageId, rank: state.rank },
      to: { pipelineId: beginning.pipeline.id, stageId: to.id, rank: to.rank },
      pipelineVersion: currentVersion(beginning.pipeline).version,
    },
    occurredAt: when.at,
  };
  const missing = missingGates(to.gates, factsOf(state));
  if (missing.length === 0) return accept<DealEvent>(switched);
  const past = letPast(gateNotMet(to.name, to.id, missing), override, context);
  if (!past.ok) return past;
  const overridden: Decided<GateOverridden> = {
    type: 'GateOverridden',
    data: { stageId: to.id, missing, reason: past.reason },
    occurredAt: when.at,
  };
  return accept<DealEvent>(overridden, switched);
}
