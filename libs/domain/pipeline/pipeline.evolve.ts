import type { Recorded } from '../shared/decision.js';
import type { PipelineCreated, PipelineEvent, StageDefinition } from './pipeline.events.js';
import { ranked, reordered, withStageAfter } from './pipeline.order.js';
import type { PipelineState, PipelineVersion, Stage } from './pipeline.state.js';

/**
 * The pipeline after one more event of its stream. `id` is the pipeline's id, as the stream's name has it.
 * Throws on a history that does not begin with its only PipelineCreated and on an unknown event type.
 */
export function evolvePipeline(state: PipelineState | null, event: Recorded<PipelineEvent>, id: string): PipelineState {
  if (event.type === 'PipelineCreated') {
    if (state !== null) throw new Error(`pipeline ${id}: PipelineCreated again at revision ${event.revision}`);
    return { id, retired: false, versions: [firstVersion(event)] };
  }
  const last = state?.versions.at(-1);
  if (state === null || last === undefined) throw new Error(`pipeline ${id}: ${event.type} before PipelineCreated`);
  const version = last.version + 1;
  const next = { ...changed(last, event, id), version, revision: event.revision, from: event.occurredAt };
  const versions = [...state.versions, next];
  if (event.type !== 'PipelineRetired') return { ...state, versions };
  const { mapping } = event.data;
  return { ...state, retired: true, retirement: { from: event.occurredAt, mapping }, versions };
}

/** The pipeline that a whole history makes; null for an empty one. */
export function foldPipeline(events: Iterable<Recorded<PipelineEvent>>, id: string): PipelineState | null {
  let state: PipelineState | null = null;
  for (const event of events) state = evolvePipeline(state, event, id);
  return state;
}

function firstVersion(event: Recorded<PipelineCreated>): PipelineVersion {
  const { name, moveRules, winGates, stages } = event.data;
  return {
    version: 1,
    revision: event.revision,
    from: event.occurredAt,
    name,
    moveRules,
    winGates,
    stages: ranked(stages.map(newStage)),
  };
}

function changed(
  version: PipelineVersion,
  event: Exclude<Recorded<PipelineEvent>, Recorded<PipelineCreated>>,
  id: string,
): PipelineVersion {
  switch (event.type) {
    case 'StagePolicySet':
      return withStage(version, event.data.stageId, { probabilityFrom: 'fixed', playbook: [], ...event.data.policy });
    case 'StageAdded': {
      const { stage, after } = event.data;
      return { ...version, stages: ranked(withStageAfter(version.stages, newStage(stage), after)) };
    }
    case 'StageRenamed':
      return withStage(version, event.data.stageId, { name: event.data.name });
    case 'StagesReordered':
      return { ...version, stages: ranked(reordered(version.stages, event.data.stageIds)) };
    case 'StageRetired':
      return withStage(version, event.data.stageId, { retired: true, relocatedTo: event.data.relocateTo });
    case 'MoveRulesSet':
      return { ...version, moveRules: event.data.moveRules, winGates: event.data.winGates };
    case 'PipelineRetired':
      // Its stages stay: reports of its past are measured on them.
      return version;
    case 'PipelineRenamed':
      return { ...version, name: event.data.name };
    default: {
      const unknown: never = event;
      throw new Error(`pipeline ${id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function newStage(stage: StageDefinition): Stage {
  return { ...stage, rank: 0, retired: false, relocatedTo: null };
}

function withStage(version: PipelineVersion, stageId: string, change: Partial<Stage>): PipelineVersion {
  return {
    ...version,
    stages: version.stages.map((stage) => (stage.id === stageId ? { ...stage, ...change } : stage)),
  };
}
