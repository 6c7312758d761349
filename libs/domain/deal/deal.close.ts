import { currentVersion, firstPostSaleStage, presentRank } from '../pipeline/pipeline.policy.js';
import type { CommandContext, Decided, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { unknownReason, wrongStatus } from '../shared/refusals.js';
import type { LoseDeal, ReopenDeal, WinDeal } from './deal.commands.js';
import type { DealEvent, DealWon, GateOverridden } from './deal.events.js';
import { factsOf, missingGates } from './deal.gates.js';
import { letPast } from './deal.override.js';
import { gateNotMet } from './deal.refusals.js';
import { lastOpenPlace } from './deal.state.js';
import type { DealState } from './deal.state.js';

/** Guarded by the win gates alone: the entry gates of the post-sale stage that it enters are for moves. */
export function winDeal(state: DealState, command: WinDeal, context: CommandContext): Decision<DealEvent> {
  if (state.status !== 'open') return wrongStatus('deal', state.status, ['open']);
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;
  const { pipeline, override } = command;
  const version = currentVersion(pipeline);
  const enters = firstPostSaleStage(version);
  const won: Decided<DealWon> = {
    type: 'DealWon',
    data: {
      stageId: state.stageId,
      value: state.value,
      enters: enters === null ? null : { pipelineId: pipeline.id, stageId: enters.id, rank: enters.rank },
      pipelineVersion: version.version,
    },
    occurredAt: when.at,
  };
  const missing = missingGates(version.winGates, factsOf(state));
  if (missing.length === 0) return accept<DealEvent>(won);
  const past = letPast(gateNotMet('The win', state.stageId, missing), override, context);
  if (!past.ok) return past;
  const overridden: Decided<GateOverridden> = {
    type: 'GateOverridden',
    data: { stageId: null, missing, reason: past.reason },
    occurredAt: when.at,
  };
  return accept<DealEvent>(overridden, won);
}

export function loseDeal(state: DealState, command: LoseDeal, context: CommandContext): Decision<DealEvent> {
  const { reason, note, competitor, settings } = command;
  if (state.status !== 'open') return wrongStatus('deal', state.status, ['open']);
  if (!settings.lossReasons.includes(reason)) return unknownReason(reason, settings.lossReasons);
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;
  return accept<DealEvent>({
    type: 'DealLost',
    data: { stageId: state.stageId, value: state.value, reason, note, competitor },
    occurredAt: when.at,
  });
}

/**
 * Back to the stage where it was last open, even if that is retired by now or would not let it in: it returns to where
 * it has been, and is relocated from there.
 */
export function reopenDeal(state: DealState, command: ReopenDeal, context: CommandContext): Decision<DealEvent> {
  if (state.status !== 'won' && state.status !== 'lost') return wrongStatus('deal', state.status, ['won', 'lost']);
  const when = occurrence(context, state.last.stage);
  if (!when.ok) return when;
  const { pipelineId, pipelineVersion, stageId } = lastOpenPlace(state);
  return accept<DealEvent>({
    type: 'DealReopened',
    data: {
      toStageId: stageId,
      rank: presentRank(command.pipeline, stageId, pipelineVersion),
      pipelineVersion: currentVersion(command.pipeline).version,
      ...(pipelineId === state.pipelineId ? {} : { pipelineId }),
    },
    occurredAt: when.at,
  });
}
