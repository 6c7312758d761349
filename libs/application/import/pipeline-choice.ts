import { currentVersion } from '#domain/pipeline/pipeline.policy.js';
import { pipelineProblem } from '#domain/pipeline/pipeline.shape.js';
import type { CreatePipeline } from '#domain/pipeline/pipeline.commands.js';
import type { StageKind } from '#domain/pipeline/pipeline.events.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import { derivedId } from '../command-id.js';
import { isUuid } from '../validation/decorators.js';
import { InvalidMapping, type JsonFields } from './json-fields.js';

/** The pipeline that the deals go to: one that is there, or the mapping's own, which the import creates. */
export type PipelineChoice =
  | { readonly kind: 'existing'; readonly id: string }
  | { readonly kind: 'own'; readonly name: string; readonly stages: readonly OwnStage[] };

export interface OwnStage {
  readonly name: string;
  readonly kind: StageKind;
  /** 0 to 1, at most 4 decimals. */
  readonly probability: number;
  readonly rottenAfter: string | null;
  readonly maxStay: string | null;
}

/** Where rows go: the pipeline, and its stages by name. */
export interface ImportTarget {
  readonly pipelineId: string;
  readonly stageIds: ReadonlyMap<string, string>;
}

/**
 * `{"id"}` of a pipeline, or `{"name", "stages"}`.
 * @throws InvalidMapping
 */
export function readPipelineChoice(at: JsonFields): PipelineChoice {
  if (at.has('id')) {
    const id = at.text('id');
    if (!isUuid(id)) at.fail('id', 'must be a lower-case UUID');
    at.end();
    return { kind: 'existing', id };
  }
  const choice: PipelineChoice = {
    kind: 'own',
    name: at.text('name'),
    stages: at.objects('stages').map((stage) => {
      const read: OwnStage = {
        name: stage.text('name'),
        kind: stage.has('kind') ? stage.oneOf('kind', ['open', 'post-sale']) : 'open',
        probability: stage.number('probability'),
        rottenAfter: stage.optionalText('rottenAfter'),
        maxStay: stage.optionalText('maxStay'),
      };
      stage.end();
      return read;
    }),
  };
  at.end();
  const problem = pipelineProblem(creationOf('', choice));
  if (problem !== null) throw new InvalidMapping(`/pipeline${problem.path} ${problem.message}`);
  return choice;
}

/** The mapping's own pipeline; its ids follow from the mapping's name. */
export function creationOf(mappingName: string, own: PipelineChoice & { kind: 'own' }): CreatePipeline {
  return {
    type: 'CreatePipeline',
    id: derivedId('import', mappingName, 'pipeline'),
    name: own.name,
    template: null,
    stages: own.stages.map((stage, index) => ({
      ...stage,
      id: derivedId('import', mappingName, 'stage', String(index)),
      coverHorizon: null,
      forecastCategory: 'pipeline',
      gates: [],
    })),
    moveRules: { skips: true, stepsBack: true },
    winGates: [],
  };
}

export function targetOfCreation({ id, stages }: CreatePipeline): ImportTarget {
  return { pipelineId: id, stageIds: new Map(stages.map((stage) => [stage.name, stage.id])) };
}

/** The open stages of a pipeline that is there. Where a name was used again, the stage that is not retired has it. */
export function targetIn(pipeline: PipelineState): ImportTarget {
  const open = currentVersion(pipeline).stages.filter((stage) => stage.kind === 'open' && !stage.retired);
  return { pipelineId: pipeline.id, stageIds: new Map(open.map((stage) => [stage.name, stage.id])) };
}
