import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Settings } from '#domain/settings/settings.js';
import { BusinessTime } from './business-time.js';

/**
 * Policies are read when the question is asked, folded from their own streams: a changed threshold or probability
 * reaches every deal at the next query, without one write.
 */
export interface Policies {
  /** Null: there is no such pipeline. */
  pipeline(id: string): Promise<PipelineState | null>;
  /** As they are now, or with the policies in force at an instant. */
  settings(asOf?: number | null): Promise<Settings>;
}

/** Names of contacts, read for the page that is shown and stored nowhere else. */
export interface Labels {
  /** By id; a contact without a name is left out. */
  contacts(
    ids: readonly { readonly kind: 'person' | 'organization'; readonly id: string }[],
  ): Promise<ReadonlyMap<string, string>>;
}

/** The business calendar in force at `asOf` (null: now), in the zone asked for, else in the organisation's of then. */
export async function businessTimeOf(
  policies: Policies,
  asOf: number | null,
  tz: string | null = null,
): Promise<BusinessTime> {
  return BusinessTime.of(await policies.settings(asOf), tz);
}

/** The zone asked for, else the organisation's. */
export async function zoneOf(policies: Policies, tz: string | null): Promise<string> {
  return tz ?? (await policies.settings()).timeZone;
}
