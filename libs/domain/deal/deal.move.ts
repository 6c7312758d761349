import { currentVersion, presentRank, stageIn } from '../pipeline/pipeline.policy.js';
import type { PipelineVersion, Stage } from '../pipeline/pipeline.state.js';
import type { CommandContext, Decided, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { wrongStatus } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { MoveDealStage } from './deal.commands.js';
import type { DealEvent, DealStageMoved, GateOverridden, StagePlace } from './deal.events.js';
import { factsOf, missingGates } from './deal.gates.js';
import { letPast } from './deal.override.js';
import { gateNotMet, moveForbidden, sameStage, stageRetired, unknownStage, wrongStageKind } from './deal.refusals.js';
import type { DealState } from './deal.state.js';

/**
 * Moves an open deal among the open stages, a won one among the post-sale stages. Ranks and rules are those of the
 * pipeline as it is now. An override lets past entry gates and move rules alike; when there is nothing to let past it
 * is a plain move.
 */
export function moveDealStage(state: DealState, command: MoveDealStage, context: CommandContext): Decision<DealEvent> {
  const { pipeline, override } = command;
  if (state.status !== 'open' && state.status !== 'won') return wrongStatus('deal', state.status, ['open', 'won']);
  const version = currentVersion(pipeline);
  const to = stageIn(version, command.toStageId);
  if (to === null) return unknownStage();
  const misplaced = placeProblem(state, to);
  if (misplaced !== null) return misplaced;
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;

  const from: StagePlace = {
    pipelineId: state.pipelineId,
    stageId: state.stageId,
    rank: presentRank(pipeline, state.stageId, state.pipelineVersion),
  };
  const direction = to.rank > from.rank ? 'forward' : 'backward';
  const move: Decided<DealStageMoved> = {
    type: 'DealStageMoved',
    data: {
      from,
      to: { pipelineId: pipeline.id, stageId: to.id, rank: to.rank },
      direction,
      pipelineVersion: version.version,
    },
    occurredAt: when.at,
  };
  const missing = missingGates(to.gates, factsOf(state));
  const refused = ruleProblem(version, from, to) ?? (missing.length === 0 ? null : gateNotMet(to.name, to.id, missing));
  if (refused === null) return accept<DealEvent>(move);
  const past = letPast(refused, override, context);
  if (!past.ok) return past;
  const overridden: Decided<GateOverridden> = {
    type: 'GateOverridden',
    data: { stageId: to.id, missing, reason: past.reason },
    occurredAt: when.at,
  };
  return accept<DealEvent>(overridden, move);
}

/** Whether the deal may be in that stage at all, whatever the rules of the pipeline. */
function placeProblem(state: DealState, to: Stage): Refused | null {
  if (state.status === 'open' && to.kind !== 'open') {
    return wrongStageKind(`The deal is open; ${to.name} comes after the win.`);
  }
  if (state.status === 'won' && to.kind !== 'post-sale') {
    return wrongStageKind(`The deal is won; ${to.name} comes before the win.`);
  }
  if (state.visits.at(-1)?.exit !== null) {
    return wrongStageKind('The deal was won without entering a stage after the win.');
  }
  if (to.id === state.stageId) return sameStage(to);
  return to.retired ? stageRetired(to) : null;
}

function ruleProblem(version: PipelineVersion, from: StagePlace, to: Stage): Refused | null {
  const { skips, stepsBack } = version.moveRules;
  if (to.rank <= from.rank) return stepsBack ? null : moveForbidden('step-back-forbidden', from.stageId, to);
  const skipped = version.stages.some((stage) => stage.rank > from.rank && stage.rank < to.rank && !stage.retired);
  return skipped && !skips ? moveForbidden('skip-forbidden', from.stageId, to) : null;
}
