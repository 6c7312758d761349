import { stageIn } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState, PipelineVersion, Stage } from '#domain/pipeline/pipeline.state.js';

/**
 * The stage as the version has it. One that came only after the version (its deals were back-dated) is as it came
 * first. Null: the pipeline never had it.
 */
export function stageAt(pipeline: PipelineState, version: PipelineVersion, stageId: string): Stage | null {
  const stage = stageIn(version, stageId);
  if (stage !== null) return stage;
  for (const other of pipeline.versions) {
    const first = stageIn(other, stageId);
    if (first !== null) return first;
  }
  return null;
}
