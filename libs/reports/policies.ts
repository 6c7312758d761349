import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Settings } from '#domain/settings/settings.js';

/**
 * Policies are read when the question is asked, folded from their own streams: a changed threshold or probability
 * reaches every deal at the next query, without one write.
 */
export interface Policies {
  /** Null: there is no such pipeline. */
  pipeline(id: string): Promise<PipelineState | null>;
  settings(): Promise<Settings>;
}

/** Names of contacts, read for the page that is shown and stored nowhere else. */
export interface Labels {
  /** By id; a contact without a name is left out. */
  contacts(
    ids: readonly { readonly kind: 'person' | 'organization'; readonly id: string }[],
  ): Promise<ReadonlyMap<string, string>>;
}

/** The zone asked for, else the organisation's. */
export async function zoneOf(policies: Policies, tz: string | null): Promise<string> {
  return tz ?? (await policies.settings()).timeZone;
}
