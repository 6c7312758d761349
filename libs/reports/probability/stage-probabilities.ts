import { Temporal } from 'temporal-polyfill';
import type { PipelineState, PipelineVersion } from '#domain/pipeline/pipeline.state.js';
import type { ViewReads } from '#view-store/port.js';
import { historicalProbabilities } from './historical.js';
import type { HistoricalProbability } from './historical.js';

/** What was recorded of past days since is seen after this time. */
const KEPT_MS = 300_000;
const KEPT = 200;

interface Kept {
  readonly takenAt: number;
  readonly probabilities: Promise<ReadonlyMap<string, HistoricalProbability>>;
}

const NONE: ReadonlyMap<string, HistoricalProbability> = new Map();
const keptOf = new WeakMap<object, Map<string, Kept>>();

/**
 * The historical probabilities of the stages whose policy takes them, as of the beginning of the civil day, so that
 * every board, deal and forecast of a day weighs alike. They are counted once for a version and day, and again after a
 * while. Empty when no stage takes them: nothing is read then.
 */
export async function probabilitiesOfDay(
  views: Pick<ViewReads, 'scan'>,
  pipeline: PipelineState,
  version: PipelineVersion,
  instant: number,
  zone: string,
): Promise<ReadonlyMap<string, HistoricalProbability>> {
  if (!version.stages.some(({ probabilityFrom }) => probabilityFrom === 'historical')) return NONE;
  const day = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).startOfDay().epochMilliseconds;
  const kept = keptOf.get(views) ?? new Map<string, Kept>();
  keptOf.set(views, kept);
  const key = `${pipeline.id} ${version.version} ${day}`;
  const known = kept.get(key);
  const now = performance.now();
  if (known !== undefined && now - known.takenAt < KEPT_MS) return known.probabilities;
  const probabilities = historicalProbabilities(views, pipeline, version, day);
  // What failed is not kept.
  probabilities.catch(() => kept.delete(key));
  kept.delete(key);
  kept.set(key, { takenAt: now, probabilities });
  const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return probabilities;
}

/**
 * The version with the probabilities that deals are weighed with at the instant: of a stage whose policy takes the
 * historical one that, unless too few deals were closed; then, as of every other stage, the fixed one.
 */
export async function weighedVersion(
  views: Pick<ViewReads, 'scan'>,
  pipeline: PipelineState,
  version: PipelineVersion,
  instant: number,
  zone: string,
): Promise<PipelineVersion> {
  const probabilities = await probabilitiesOfDay(views, pipeline, version, instant, zone);
  if (probabilities.size === 0) return version;
  const stages = version.stages.map((stage) => {
    const value = stage.probabilityFrom === 'historical' ? (probabilities.get(stage.id)?.value ?? null) : null;
    return value === null ? stage : { ...stage, probability: value };
  });
  return { ...version, stages };
}
