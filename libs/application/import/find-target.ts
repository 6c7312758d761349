import type { CreatePipeline } from '#domain/pipeline/pipeline.commands.js';
import type { StreamPolicies } from '../policies.js';
import { escaped, InvalidMapping } from './json-fields.js';
import type { ImportMapping } from './mapping.js';
import { creationOf, targetIn, targetOfCreation, type ImportTarget } from './pipeline-choice.js';

/**
 * Where the rows go, and the pipeline that has to be created for them if there is none. What the mapping names is
 * looked up: pipeline, stages, reasons.
 * @throws InvalidMapping
 */
export async function findTarget(
  mapping: ImportMapping,
  policies: StreamPolicies,
): Promise<{ readonly target: ImportTarget; readonly creation: CreatePipeline | null }> {
  const { lossReasons } = await policies.settings();
  for (const { path, reason } of meanings(mapping)) {
    if (reason === null || lossReasons.includes(reason)) continue;
    throw new InvalidMapping(`${path}/reason must be one of ${lossReasons.join(', ')}`);
  }
  if (mapping.pipeline.kind === 'own') {
    const creation = creationOf(mapping.name, mapping.pipeline);
    return { target: targetOfCreation(creation), creation };
  }
  const { id } = mapping.pipeline;
  const pipeline = await policies.pipeline(id);
  if (pipeline === null) throw new InvalidMapping(`/pipeline/id names no pipeline: ${id}`);
  if (pipeline.retired) throw new InvalidMapping(`/pipeline/id names a retired pipeline: ${id}`);
  const target = targetIn(pipeline);
  for (const { path, stage } of meanings(mapping)) {
    if (target.stageIds.has(stage)) continue;
    const present = [...target.stageIds.keys()].join(', ');
    throw new InvalidMapping(`${path} names the stage ${JSON.stringify(stage)}; the pipeline has ${present}`);
  }
  return { target, creation: null };
}

/** What texts of the file mean, and where the mapping says so. */
function meanings(mapping: ImportMapping): readonly { path: string; stage: string; reason: string | null }[] {
  if (mapping.kind === 'event-log') {
    return Object.entries(mapping.stages).map(([activity, stage]) => ({
      path: `/stages/${escaped(activity)}`,
      stage,
      reason: null,
    }));
  }
  return Object.entries(mapping.stage.values).map(([text, { stage, reason }]) => ({
    path: `/stage/values/${escaped(text)}`,
    stage,
    reason,
  }));
}
