import { currentVersion, firstOpenStage, stageIn } from '../pipeline/pipeline.policy.js';
import type { PipelineState, Stage } from '../pipeline/pipeline.state.js';
import { isNegative } from '../shared/money.js';
import { negativeValue } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { DealOpened } from './deal.events.js';
import { factsOfOpening, missingGates } from './deal.gates.js';
import {
  gateNotMet,
  pipelineRetired,
  stageRetired,
  unknownPipeline,
  unknownStage,
  wrongStageKind,
} from './deal.refusals.js';

/** A deal to be opened, but for the place where it begins. */
export type Opening = Omit<DealOpened['data'], 'pipelineId' | 'pipelineVersion' | 'stageId' | 'rank'>;

/**
 * The payload of DealOpened for a deal that begins in a stage of the pipeline as it is now, by default in the first
 * open one. `unmet`: what the entry gates of the stage refuse, to be returned or let past.
 */
export function openingIn(
  pipeline: PipelineState | null,
  stageId: string | null,
  opening: Opening,
):
  | { readonly ok: true; readonly data: DealOpened['data']; readonly stage: Stage; readonly unmet: Refused | null }
  | Refused {
  const beginning = beginningIn(pipeline, stageId);
  if (!beginning.ok) return beginning;
  const { stage } = beginning;
  if (isNegative(opening.value)) return negativeValue();
  const missing = missingGates(stage.gates, factsOfOpening(opening));
  return {
    ok: true,
    data: {
      ...opening,
      pipelineId: beginning.pipeline.id,
      pipelineVersion: currentVersion(beginning.pipeline).version,
      stageId: stage.id,
      rank: stage.rank,
    },
    stage,
    unmet: missing.length === 0 ? null : gateNotMet(stage.name, stage.id, missing),
  };
}

/** The open stage of a pipeline, as it is now, where a deal may begin: the one that is named, or the first. */
export function beginningIn(
  pipeline: PipelineState | null,
  stageId: string | null,
): { readonly ok: true; readonly pipeline: PipelineState; readonly stage: Stage } | Refused {
  if (pipeline === null) return unknownPipeline();
  if (pipeline.retired) return pipelineRetired();
  const version = currentVersion(pipeline);
  const stage = stageId === null ? firstOpenStage(version) : stageIn(version, stageId);
  if (stage === null) return unknownStage();
  if (stage.retired) return stageRetired(stage);
  if (stage.kind !== 'open') {
    return wrongStageKind(`A deal begins in an open stage; ${stage.name} comes after the win.`);
  }
  return { ok: true, pipeline, stage };
}
