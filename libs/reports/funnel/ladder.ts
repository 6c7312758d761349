import { stageIn } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState, PipelineVersion, Stage } from '#domain/pipeline/pipeline.state.js';
import type { JourneyVisit } from '#views/deal-history/journey.js';
import { stageAt } from '../stage-at.js';

/** L of metrics.md: the open stages in force, in order, against which every visit is ranked. */
export interface Ladder {
  readonly stages: readonly Stage[];
  /** Counts from 1; 0: before the first stage; null: a post-sale stage, which has no rank. */
  place(visit: Pick<JourneyVisit, 'stageId' | 'pipelineVersion'>): number | null;
}

/** The ladder of a pipeline in one of its versions. */
export function ladderOf(pipeline: PipelineState, version: PipelineVersion): Ladder {
  const stages = version.stages.filter((stage) => stage.kind === 'open' && !stage.retired);
  const places = new Map(stages.map((stage, index) => [stage.id, index + 1]));
  const known = new Map<string, number | null>();
  return {
    stages,
    place(visit) {
      const key = `${visit.pipelineVersion} ${visit.stageId}`;
      let place = known.get(key);
      if (place === undefined) {
        place = placeOf(pipeline, version, places, visit);
        known.set(key, place);
      }
      return place;
    },
  };
}

/** A stage that is not on the ladder counts at its relocation target, else at the nearest one before it, else at 0. */
function placeOf(
  pipeline: PipelineState,
  version: PipelineVersion,
  places: ReadonlyMap<string, number>,
  visit: Pick<JourneyVisit, 'stageId' | 'pipelineVersion'>,
): number | null {
  if (stageAt(pipeline, version, visit.stageId)?.kind === 'post-sale') return null;
  const passed = new Set<string>();
  for (let stageId: string | null = visit.stageId; stageId !== null && !passed.has(stageId);) {
    const place = places.get(stageId);
    if (place !== undefined) return place;
    passed.add(stageId);
    stageId = stageIn(version, stageId)?.relocatedTo ?? null;
  }
  const own = pipeline.versions.find((candidate) => candidate.version === visit.pipelineVersion)?.stages ?? [];
  const index = own.findIndex((stage) => stage.id === visit.stageId);
  const before = own.slice(0, Math.max(index, 0)).findLast((stage) => places.has(stage.id));
  return before === undefined ? 0 : (places.get(before.id) ?? 0);
}
