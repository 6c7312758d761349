import type { Recorded } from '../shared/decision.js';
import type { PipelineCreated, PipelineEvent } from './pipeline.events.js';
import type { PipelineState, PipelineVersion } from './pipeline.state.js';

/**
 * The pipeline after one more event of its stream. `id` is the pipeline's id, as the stream's name has it.
 * Throws on a history that does not begin with its only PipelineCreated and on an unknown event type.
 */
export function evolvePipeline(state: PipelineState | null, event: Recorded<PipelineEvent>, id: string): PipelineState {
  switch (event.type) {
    case 'PipelineCreated':
      if (state !== null) throw new Error(`pipeline ${id}: PipelineCreated again at revision ${event.revision}`);
      return { id, retired: false, versions: [firstVersion(event)] };
    case 'StagePolicySet': {
      const { stageId, policy } = event.data;
      return changed(state, event, id, (version) => ({
        ...version,
        stages: version.stages.map((stage) => (stage.id === stageId ? { ...stage, ...policy } : stage)),
      }));
    }
    default: {
      const unknown: never = event;
      throw new Error(`pipeline ${id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
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
    stages: stages.map((stage, index) => ({ ...stage, rank: index + 1, retired: false, relocatedTo: null })),
  };
}

function changed(
  state: PipelineState | null,
  event: Recorded<PipelineEvent>,
  id: string,
  change: (version: PipelineVersion) => PipelineVersion,
): PipelineState {
  const last = state?.versions.at(-1);
  if (state === null || last === undefined) throw new Error(`pipeline ${id}: ${event.type} before PipelineCreated`);
  const next = { ...change(last), version: last.version + 1, revision: event.revision, from: event.occurredAt };
  return { ...state, versions: [...state.versions, next] };
}
