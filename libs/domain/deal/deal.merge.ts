import { currentVersion, presentRank } from '../pipeline/pipeline.policy.js';
import type { CommandContext, Decision, EpochMs } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { invalidRequest, notFound, wrongStatus } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { DealEvent } from './deal.events.js';
import type { MergeDeals, MergeStep, UnmergeDeals } from './deal.merge-commands.js';
import type { MergeObstacle } from './deal.merge-events.js';
import type { DealState } from './deal.state.js';

/*
 * A merge hangs one open deal under another, and never makes a circle, whatever runs at the same time: while its merge
 * is pending the survivor cannot be merged away, and the other joins only as an open deal that has nothing pending.
 */

/** What the other deal has done is older than the merge, so it is not dated before the other's last change of stage. */
export function mergeDeals(state: DealState, command: MergeDeals, context: CommandContext): Decision<DealEvent> {
  const { mergeId, otherDealId, other } = command;
  if (otherDealId === state.id) return invalidRequest('/otherDealId', 'must be another deal');
  if (other === null) return notFound('other deal');
  if (state.merged.includes(otherDealId)) return accept();
  const obstacle = obstacleOf(state);
  if (obstacle !== null) return refusal('deal', obstacle);
  const others = obstacleOf(other);
  if (others !== null) return refusal('other deal', others);
  const when = occurrence(context, other.last.stage);
  if (!when.ok) return when;
  return accept<DealEvent>({ type: 'MergeStarted', data: { mergeId, otherDealId }, occurredAt: when.at });
}

/** The survivor may have become whatever it may: nothing keeps the other back for ever. */
export function unmergeDeals(state: DealState, command: UnmergeDeals, context: CommandContext): Decision<DealEvent> {
  const { mergeId, otherDealId, other } = command;
  if (other === null) return notFound('other deal');
  if (state.pendingMerge !== null) return refusal('deal', 'merging');
  if (!state.merged.includes(otherDealId)) return wrongStatus('other deal', other.status, ['merged']);
  const when = occurrence(context, other.last.stage);
  if (!when.ok) return when;
  return accept<DealEvent>({ type: 'UnmergeStarted', data: { mergeId, otherDealId }, occurredAt: when.at });
}

/** A step that follows from an event of the other stream: taken whatever the clock says, again to no effect. */
export function takeMergeStep(state: DealState, step: MergeStep, context: CommandContext): Decision<DealEvent> {
  const at = context.occurredAt ?? context.now;
  switch (step.type) {
    case 'JoinSurvivor': {
      const { mergeId, survivorId } = step;
      const status = obstacleOf(state);
      if (status !== null) {
        return accept<DealEvent>({ type: 'MergeRefused', data: { mergeId, survivorId, status }, occurredAt: at });
      }
      return accept<DealEvent>({ type: 'DealMergedInto', data: { mergeId, survivorId }, occurredAt: after(state, at) });
    }
    case 'LeaveSurvivor': {
      const { mergeId, survivorId, pipeline } = step;
      if (state.mergedInto !== survivorId) return accept();
      const toStageId = state.stageId;
      const rank = presentRank(pipeline, toStageId, state.pipelineVersion);
      const pipelineVersion = currentVersion(pipeline).version;
      return accept<DealEvent>({
        type: 'DealUnmerged',
        data: { mergeId, survivorId, toStageId, rank, pipelineVersion },
        occurredAt: after(state, at),
      });
    }
    case 'EndMerge': {
      const { mergeId, refused } = step;
      if (state.pendingMerge?.mergeId !== mergeId) return accept();
      const { otherDealId, unmerge } = state.pendingMerge;
      if (unmerge) {
        return accept<DealEvent>({ type: 'UnmergeCompleted', data: { mergeId, otherDealId }, occurredAt: at });
      }
      return accept<DealEvent>(
        refused === null
          ? { type: 'MergeCompleted', data: { mergeId, otherDealId }, occurredAt: at }
          : { type: 'MergeAbandoned', data: { mergeId, otherDealId, status: refused }, occurredAt: at },
      );
    }
  }
}

/** What a client is told of a deal that cannot be merged. `subject` is a word for people. */
export function refusal(subject: string, obstacle: MergeObstacle): Refused {
  if (obstacle === 'merging' || obstacle === 'merged') {
    const detail =
      obstacle === 'merged'
        ? `The ${subject} was merged into another one.`
        : `The ${subject} is just being merged with another one.`;
    return reject({ code: 'already-merged', detail, data: null });
  }
  return wrongStatus(subject, obstacle, ['open']);
}

function obstacleOf(state: DealState): MergeObstacle | null {
  if (state.status !== 'open') return state.status;
  return state.pendingMerge === null ? null : 'merging';
}

/** Stage and status change in the order of the stream. */
function after(state: DealState, at: EpochMs): EpochMs {
  return Math.max(at, state.last.stage.at);
}
