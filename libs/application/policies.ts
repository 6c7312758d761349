import { DEFAULT_SETTINGS, type Settings } from '#domain/settings/settings.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Policies } from '#reports/policies.js';
import { PIPELINE } from './aggregate.js';
import type { Streams } from './streams.js';

/** Policies as deciders and queries read them: folded from their own streams, now. */
export class StreamPolicies implements Policies {
  constructor(private readonly streams: Streams) {}

  async pipeline(id: string): Promise<PipelineState | null> {
    return (await this.streams.load(PIPELINE, id)).state;
  }

  settings(): Promise<Settings> {
    return Promise.resolve(DEFAULT_SETTINGS);
  }
}
