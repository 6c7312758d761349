import { reject } from '../shared/decision.js';
import { invalidRequest } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { ShapeProblem } from './pipeline.shape.js';
import type { Stage } from './pipeline.state.js';

export function pipelineRetired(): Refused {
  return reject({ code: 'pipeline-retired', detail: 'The pipeline is retired.', data: null });
}

export function unknownStage(): Refused {
  return reject({ code: 'unknown-stage', detail: 'The pipeline has no such stage.', data: null });
}

export function stageRetired(stage: Stage): Refused {
  return reject({ code: 'stage-retired', detail: `The stage ${stage.name} is retired.`, data: null });
}

export function refuseShape({ path, message }: ShapeProblem): Refused {
  const field = path.slice(path.lastIndexOf('/') + 1);
  return invalidRequest(path, `${field} ${message}`);
}
