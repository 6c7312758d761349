import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { MergeAbandoned, MergeObstacle, MergeRefused, MergeStarted } from '#domain/deal/deal.merge-events.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { EventData } from '#event-store/event.js';
import { DEAL } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import { NotFound } from '../errors.js';
import type { Outcome } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import type { Streams } from '../streams.js';
import { takeStep } from './second-step.js';

/** Where a merge ended on the survivor. */
export interface EndedDealMerge {
  readonly revision: number;
  /** Of the last event of the merge, in whichever stream. */
  readonly position: bigint;
  /** Why the other did not join; null: it did, or it left. */
  readonly refused: MergeObstacle | null;
}

/** Whether the event begins what `finishDealMerge` finishes. */
export function beginsDealMerge({ type }: Pick<EventData, 'type'>): boolean {
  return type === 'MergeStarted' || type === 'UnmergeStarted';
}

/**
 * The steps of a merge or an unmerge of deals after the survivor has begun it: the other decides, once and for ever,
 * then the survivor ends it. Each step has a command id of its own, made from the merge's, so the command itself, its
 * replay and the reactor may all take it, at once or one after another, and are told the same.
 * @throws OutcomeUnknown the merge is begun and will be finished later
 */
export async function finishDealMerge(
  streams: Streams,
  survivorId: string,
  started: Pick<EventData, 'id' | 'type' | 'data' | 'metadata'>,
  deadlineMs?: number,
): Promise<EndedDealMerge> {
  // The caller gives an event that begins a merge; its shape is the stored format of that type.
  const { mergeId, otherDealId } = started.data as MergeStarted['data'];
  const step = (
    name: string,
    id: string,
    command: (state: DealState | null) => DealCommand | Promise<DealCommand>,
  ): Promise<Outcome<DealState>> =>
    takeStep(
      streams,
      DEAL,
      id,
      started,
      derivedId(name, mergeId),
      async (state, context) => decideDeal(state, await command(state), context),
      deadlineMs,
    );
  const decided = await step('deal-merge-decision', otherDealId, async (state) => {
    if (started.type === 'MergeStarted') return { type: 'JoinSurvivor', mergeId, survivorId };
    const pipeline = state === null ? null : await new StreamPolicies(streams).pipeline(state.pipelineId);
    if (pipeline === null) throw new NotFound();
    return { type: 'LeaveSurvivor', mergeId, survivorId, pipeline };
  });
  const verdict = decided.events.find(({ type }) => type === 'MergeRefused');
  const refused = verdict === undefined ? null : (verdict.data as MergeRefused['data']).status;
  const ended = await step('deal-merge-end', survivorId, () => ({ type: 'EndMerge', mergeId, refused }));
  const end = ended.events.find(({ type }) => type === 'MergeAbandoned');
  return {
    revision: ended.revision,
    position: ended.position > decided.position ? ended.position : decided.position,
    refused: end === undefined ? null : (end.data as MergeAbandoned['data']).status,
  };
}
