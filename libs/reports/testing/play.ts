import { currentVersion } from '#domain/pipeline/pipeline.policy.js';
import type { StageDefinition } from '#domain/pipeline/pipeline.events.js';
import type { PipelineState, Stage } from '#domain/pipeline/pipeline.state.js';
import { DEFAULT_SETTINGS } from '#domain/settings/settings.js';
import type { Settings } from '#domain/settings/settings.js';
import type { Labels, Policies } from '../policies.js';

/** A stage for specs: whatever is not said is open, without thresholds, at 50 %. */
export function stage(id: string, given: Partial<StageDefinition> = {}): StageDefinition {
  return {
    id,
    name: id,
    kind: 'open',
    probability: 0.5,
    rottenAfter: null,
    maxStay: null,
    coverHorizon: null,
    forecastCategory: 'pipeline',
    gates: [],
    ...given,
  };
}

/** A pipeline with one version, in force since 1970. */
export function pipeline(id: string, stages: readonly StageDefinition[]): PipelineState {
  const version = {
    version: 1,
    revision: 0,
    from: 0,
    name: id,
    moveRules: { skips: true, stepsBack: true },
    winGates: [],
    stages: ranked(stages.map((definition) => ({ ...definition, rank: 0, retired: false, relocatedTo: null }))),
  };
  return { id, retired: false, versions: [version] };
}

/** The pipeline with one more version, in force from `from`. */
export function changed(
  before: PipelineState,
  from: number,
  change: (stages: readonly Stage[]) => readonly Stage[],
): PipelineState {
  const last = currentVersion(before);
  const { version, revision } = last;
  const next = { ...last, version: version + 1, revision: revision + 1, from, stages: ranked(change(last.stages)) };
  return { ...before, versions: [...before.versions, next] };
}

function ranked(stages: readonly Stage[]): readonly Stage[] {
  return stages.map((each, index) => ({ ...each, rank: index + 1 }));
}

export function policiesOf(pipelines: readonly PipelineState[], settings: Partial<Settings> = {}): Policies {
  return {
    pipeline: (id) => Promise.resolve(pipelines.find((each) => each.id === id) ?? null),
    settings: () => Promise.resolve({ ...DEFAULT_SETTINGS, ...settings }),
  };
}

/** Every contact is called by its id. */
export const NAMES: Labels = {
  contacts: (ids) => Promise.resolve(new Map(ids.map(({ id }) => [id, `Name of ${id}`]))),
};

export const DAY = 86_400_000;

export function at(text: string): number {
  return Date.parse(text.length === 10 ? `${text}T00:00:00.000Z` : text);
}
