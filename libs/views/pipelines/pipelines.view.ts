import type { PipelineEvent } from '#domain/pipeline/pipeline.events.js';
import type { Recorded } from '#domain/shared/decision.js';
import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import { isPipelineEvent, unreadableOpening } from '../domain-event.js';
import { PIPELINES } from './pipelines.schema.js';

export interface PipelineEntry {
  readonly name: string;
  readonly retired: boolean;
  readonly version: number;
  readonly createdAt: number;
}

/** The list of pipelines. Their stages and policies are folded from their streams by who needs them. */
export const PIPELINES_VIEW: View<PipelineEntry> = {
  schema: PIPELINES,
  states: 'stored',

  key: (event) => (categoryOf(event.stream) === 'pipeline' ? event.stream : null),

  evolve(state, event) {
    const decoded = decode(event);
    if (isPipelineEvent(decoded)) return evolve(state, decoded, event.stream);
    if (state === null) throw unreadableOpening(event);
    return state;
  },

  rows: ({ name, retired, version, createdAt }, key) => [
    { table: 'pipeline', row: { id: idOf(key), name, retired: retired ? 1 : 0, version, createdAt } },
  ],

  counters: () => [],
};

/** Every change of a pipeline makes a version. */
function evolve(state: PipelineEntry | null, event: Recorded<PipelineEvent>, stream: string): PipelineEntry {
  if (event.type === 'PipelineCreated') {
    if (state !== null) throw new Error(`${stream}: PipelineCreated again at revision ${event.revision}`);
    return { name: event.data.name, retired: false, version: 1, createdAt: event.occurredAt };
  }
  if (state === null) throw new Error(`${stream}: ${event.type} before PipelineCreated`);
  const next = { ...state, version: state.version + 1 };
  if (event.type === 'PipelineRetired') return { ...next, retired: true };
  return event.type === 'PipelineRenamed' ? { ...next, name: event.data.name } : next;
}
