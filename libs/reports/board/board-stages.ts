import { currentVersion, stageIn } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState, PipelineVersion, Stage } from '#domain/pipeline/pipeline.state.js';
import { stageAt } from '../stage-at.js';

/** A stage that may be a column of the board. */
export interface BoardStage {
  readonly stage: Stage;
  /** Shown without a deal too: in force and not retired. */
  readonly always: boolean;
}

/**
 * Every stage that a deal on the board can be in, in order. A stage that came only after the version shown (its deals
 * were back-dated) is described as when it came. Stages never leave a pipeline, so the newest version names them all.
 */
export function boardStages(pipeline: PipelineState, version: PipelineVersion): readonly BoardStage[] {
  const shown = version.stages.map((stage) => ({ stage, always: !stage.retired }));
  const later = currentVersion(pipeline).stages.flatMap(({ id }) => {
    if (stageIn(version, id) !== null) return [];
    const stage = stageAt(pipeline, version, id);
    return stage === null ? [] : [{ stage, always: false }];
  });
  return [...shown, ...later].sort((a, b) => place(a.stage) - place(b.stage));
}

export function boardStage(pipeline: PipelineState, version: PipelineVersion, stageId: string): BoardStage | null {
  return boardStages(pipeline, version).find(({ stage }) => stage.id === stageId) ?? null;
}

function place(stage: Stage): number {
  return (stage.kind === 'open' ? 0 : 1_000_000) + stage.rank;
}
