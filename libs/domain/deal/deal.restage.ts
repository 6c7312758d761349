import { currentVersion, stageIn } from '../pipeline/pipeline.policy.js';
import type { PipelineState } from '../pipeline/pipeline.state.js';
import type { Recorded } from '../shared/decision.js';
import { fieldsOf } from './deal.as-of.js';
import type { Amendment } from './deal.correction-events.js';
import { breaksOrder, type Amended } from './deal.correction-refusals.js';
import type { DealEvent, DealStageMoved, GateOverridden, StagePlace } from './deal.events.js';
import { foldDeal } from './deal.evolve.js';
import { sameStage, unknownStage, wrongStageKind } from './deal.refusals.js';
import { lastOpenPlace } from './deal.state.js';
import type { DealState } from './deal.state.js';

type History = readonly Recorded<DealEvent>[];
type Move = Recorded<DealStageMoved>;
type Pipelines = ReadonlyMap<string, PipelineState>;

/** The move led to another stage of its pipeline. */
export function restaged(before: History, move: Move, toStageId: string, pipelines: Pipelines): Amended {
  const { from, to, pipelineVersion } = move.data;
  if (toStageId === to.stageId) return { ok: true, amended: [] };
  const pipeline = pipelines.get(to.pipelineId);
  const then = pipeline?.versions.find(({ version }) => version === pipelineVersion);
  const stage =
    (then === undefined ? null : stageIn(then, toStageId)) ??
    (pipeline === undefined ? null : stageIn(currentVersion(pipeline), toStageId));
  if (stage === null) return unknownStage();
  if (stage.id === from.stageId) return sameStage(stage);
  const earlier = stateBefore(before, move);
  const kind = earlier.status === 'open' ? 'open' : 'post-sale';
  if (stage.kind !== kind) return wrongStageKind(`The deal was ${earlier.status}; ${stage.name} was no stage for it.`);
  const place = { pipelineId: to.pipelineId, stageId: stage.id, rank: stage.rank };
  const amendment = { revision: move.revision, move: { from, to: place, direction: directionOf(from, place) } };
  return followed(before, move, place, earlier, pipelines, [amendment]);
}

/** The move did not happen: the deal stayed where it was until the next one. */
export function withdrawn(before: History, move: Move, pipelines: Pipelines): Amended {
  const next = before.find((event) => event.revision > move.revision && isTurn(event));
  if (next !== undefined && !leavesItsStage(next)) return breaksOrder(next);
  return followed(before, move, move.data.from, stateBefore(before, move), pipelines, gone(before, move));
}

/** The override that let the event past a gate: it is stored with it, right before it or, of an opening, right after. */
export function overrideOf(before: History, event: Recorded<DealEvent>): Recorded<GateOverridden> | null {
  const revision = event.revision + (event.type === 'DealOpened' ? 1 : -1);
  const neighbour = before.find((other) => other.revision === revision);
  if (neighbour?.type !== 'GateOverridden' || neighbour.occurredAt !== event.occurredAt) return null;
  const { stageId } = neighbour.data;
  switch (event.type) {
    case 'DealOpened':
      return stageId === event.data.stageId ? neighbour : null;
    case 'DealStageMoved':
    case 'DealPipelineSwitched':
      return stageId === event.data.to.stageId ? neighbour : null;
    case 'DealWon':
      return stageId === null ? neighbour : null;
    default:
      return null;
  }
}

/**
 * Goes on from a move that led to `place` instead: what came after began where the deal then was. A move that would now
 * lead to where the deal is already did not happen either.
 */
function followed(
  before: History,
  move: Move,
  place: StagePlace,
  earlier: DealState,
  pipelines: Pipelines,
  start: readonly Amendment[],
): Amended {
  const amended = [...start];
  let open = earlier.status === 'open';
  let lastOpen = open ? place : { ...place, ...placeOf(earlier) };
  let recorded = move.data.to;
  const rankIn = ({ pipelineId, stageId, rank }: StagePlace, version: number): number =>
    pipelines
      .get(pipelineId)
      ?.versions.find((candidate) => candidate.version === version)
      ?.stages.find(({ id }) => id === stageId)?.rank ?? rank;

  for (const event of before.filter(({ revision }) => revision > move.revision)) {
    const { revision } = event;
    switch (event.type) {
      case 'DealStageMoved': {
        const { from, to, pipelineVersion } = event.data;
        recorded = to;
        if (to.stageId === place.stageId) {
          amended.push(...gone(before, event));
          break;
        }
        if (from.stageId !== place.stageId) {
          const began = { ...place, rank: rankIn(place, pipelineVersion) };
          amended.push({ revision, move: { from: began, to, direction: directionOf(began, to) } });
        }
        place = to;
        if (open) lastOpen = to;
        break;
      }
      case 'DealPipelineSwitched': {
        const { from, to } = event.data;
        if (from.stageId !== place.stageId) amended.push({ revision, from: place });
        place = recorded = lastOpen = to;
        break;
      }
      case 'DealWon':
      case 'DealLost': {
        const { stageId, rank } = place;
        if (event.data.stageId !== stageId) amended.push({ revision, stage: { stageId, rank } });
        open = false;
        const enters = event.type === 'DealWon' ? event.data.enters : null;
        if (enters !== null) place = recorded = enters;
        break;
      }
      case 'DealReopened': {
        const { toStageId, pipelineVersion } = event.data;
        const rank = rankIn(lastOpen, pipelineVersion);
        if (toStageId !== lastOpen.stageId) amended.push({ revision, stage: { stageId: lastOpen.stageId, rank } });
        recorded = { ...lastOpen, stageId: toStageId };
        place = lastOpen = { ...lastOpen, rank };
        open = true;
        break;
      }
      case 'CustomerChurned':
      case 'CustomerWonBack':
      case 'WinBackAbandoned':
        break;
      default:
        // What else changes the stage says nothing of one that the deal was not in.
        if (isTurn(event) && place.stageId !== recorded.stageId) return breaksOrder(event);
        if (event.type === 'DealRelocated') {
          place = recorded = event.data.to;
          if (open) lastOpen = place;
        }
    }
  }
  return { ok: true, amended };
}

function placeOf(earlier: DealState): Pick<StagePlace, 'pipelineId' | 'stageId'> {
  const { pipelineId, stageId } = lastOpenPlace(earlier);
  return { pipelineId, stageId };
}

function isTurn(event: Recorded<DealEvent>): boolean {
  return event.type !== 'GateOverridden' && fieldsOf(event).includes('stage');
}

function leavesItsStage({ type }: Recorded<DealEvent>): boolean {
  return type === 'DealStageMoved' || type === 'DealPipelineSwitched';
}

function gone(before: History, move: Move): readonly Amendment[] {
  const override = overrideOf(before, move);
  const amendment = { revision: move.revision, withdrawn: true } as const;
  return override === null ? [amendment] : [{ revision: override.revision, withdrawn: true }, amendment];
}

function stateBefore(before: History, { revision }: Move): DealState {
  const earlier = before.filter((event) => event.revision < revision);
  const state = foldDeal(earlier, '');
  if (state === null) throw new Error(`a deal begins with a move, at revision ${revision}`);
  return state;
}

function directionOf(from: StagePlace, to: StagePlace): 'forward' | 'backward' {
  return to.rank > from.rank ? 'forward' : 'backward';
}
