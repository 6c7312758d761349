import type { EpochMs } from '#domain/shared/decision.js';
import type { Settings } from '#domain/settings/settings.js';
import { settingsAt, settingsNow } from '#domain/settings/settings.state.js';
import type { ProductState } from '#domain/product/product.state.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Policies } from '#reports/policies.js';
import { PIPELINE, PRODUCT, SETTINGS } from './aggregate.js';
import type { Streams } from './streams.js';

/** A decision may rest on a policy as it was this long ago: as if it had been taken then. */
const RECENT_MS = 50;

/** There is one stream of settings. */
export const MAIN = 'main';

/** Policies as deciders and queries read them: folded from their own streams, now. */
export class StreamPolicies implements Policies {
  readonly #checkedAt = new Map<string, number>();

  constructor(private readonly streams: Streams) {}

  /** As deciders read it: what another process has changed in the last moment may be missing. */
  async recentPipeline(id: string): Promise<PipelineState | null> {
    const cached = this.streams.cached(PIPELINE, id);
    const now = performance.now();
    if (cached !== undefined && now - (this.#checkedAt.get(id) ?? -Infinity) < RECENT_MS) return cached.state;
    const pipeline = await this.pipeline(id);
    if (pipeline !== null) this.#checkedAt.set(id, now);
    return pipeline;
  }

  /** As it is now. */
  async pipeline(id: string): Promise<PipelineState | null> {
    return (await this.streams.load(PIPELINE, id)).state;
  }

  /** The products among the ids that can be sold, as they are now. */
  async products(ids: readonly string[]): Promise<ReadonlyMap<string, ProductState>> {
    const found = new Map<string, ProductState>();
    await Promise.all(
      [...new Set(ids)].map(async (id) => {
        const { state } = await this.streams.load(PRODUCT, id);
        if (state?.retired === false) found.set(id, state);
      }),
    );
    return found;
  }

  /** As they are now, or with the policies in force at an instant. */
  async settings(asOf: EpochMs | null = null): Promise<Settings> {
    const { state } = await this.streams.load(SETTINGS, MAIN);
    return asOf === null ? settingsNow(state) : settingsAt(state, asOf);
  }
}
