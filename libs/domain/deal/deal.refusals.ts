import { reject } from '../shared/decision.js';
import type { MissingGate } from '../shared/rejection.js';
import type { Stage } from '../pipeline/pipeline.state.js';
import { gatesInWords } from './deal.gates.js';

export function unknownPipeline() {
  return reject({ code: 'unknown-pipeline', detail: 'There is no such pipeline.', data: null });
}

export { pipelineRetired, stageRetired, unknownStage } from '../pipeline/pipeline.refusals.js';

export function sameStage(stage: Stage) {
  return reject({ code: 'same-stage', detail: `The deal is in ${stage.name} already.`, data: null });
}

export function wrongStageKind(detail: string) {
  return reject({ code: 'wrong-stage-kind', detail, data: null });
}

export function moveForbidden(code: 'skip-forbidden' | 'step-back-forbidden', fromStageId: string, to: Stage) {
  const detail =
    code === 'skip-forbidden'
      ? `The pipeline does not allow to skip stages on the way to ${to.name}.`
      : `The pipeline does not allow to step back to ${to.name}.`;
  return reject({ code, detail, data: { fromStageId, toStageId: to.id } });
}

/** `name`: the stage that is entered, or what else the gates guard. */
export function gateNotMet(name: string, stageId: string, missing: readonly MissingGate[]) {
  const detail = `${name} needs ${gatesInWords(missing)}.`;
  return reject({ code: 'gate-not-met', detail, data: { stageId, missing } });
}

export function overrideNotAllowed() {
  return reject({ code: 'override-not-allowed', detail: 'The caller may not override.', data: null });
}

export function unknownProduct() {
  return reject({ code: 'unknown-product', detail: 'A line item names a product that does not exist.', data: null });
}
