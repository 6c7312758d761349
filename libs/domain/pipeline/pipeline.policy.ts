import type { EpochMs } from '../shared/decision.js';
import type { PipelineState, PipelineVersion, Stage } from './pipeline.state.js';

/** The version in force now. */
export function currentVersion(pipeline: PipelineState): PipelineVersion {
  const last = pipeline.versions.at(-1);
  if (last === undefined) throw new Error(`pipeline ${pipeline.id} has no version`);
  return last;
}

/** The version in force at an instant; before its first event a pipeline is read as its first version. */
export function versionAt(pipeline: PipelineState, instant: EpochMs): PipelineVersion {
  const inForce = pipeline.versions.findLast((version) => version.from <= instant);
  return inForce ?? pipeline.versions[0] ?? currentVersion(pipeline);
}

export function stageIn(version: PipelineVersion, stageId: string): Stage | null {
  return version.stages.find((stage) => stage.id === stageId) ?? null;
}

/** Where a deal begins when no stage is named; null when all open stages are retired. */
export function firstOpenStage(version: PipelineVersion): Stage | null {
  return version.stages.find((stage) => stage.kind === 'open' && !stage.retired) ?? null;
}

/** Where a deal goes when it is won; null when the pipeline ends with the win. */
export function firstPostSaleStage(version: PipelineVersion): Stage | null {
  return version.stages.find((stage) => stage.kind === 'post-sale' && !stage.retired) ?? null;
}

/**
 * Rank, in the present version, of a stage that a deal came to be in under version `enteredUnder`. A stage that is no
 * longer in the pipeline counts as the nearest one before it in its own version that still is, else 0.
 */
export function presentRank(pipeline: PipelineState, stageId: string, enteredUnder: number): number {
  const present = currentVersion(pipeline);
  const stage = stageIn(present, stageId);
  if (stage !== null) return stage.rank;
  const own = pipeline.versions.find((version) => version.version === enteredUnder)?.stages ?? [];
  const place = own.findIndex((candidate) => candidate.id === stageId);
  const before = own.slice(0, Math.max(place, 0)).findLast((candidate) => stageIn(present, candidate.id) !== null);
  return before === undefined ? 0 : (stageIn(present, before.id)?.rank ?? 0);
}
