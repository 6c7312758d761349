import type { Labels } from '#reports/policies.js';
import { survivorOf } from './contact-survivor.js';
import type { Streams } from './streams.js';

/** Names of contacts, folded from their own streams; what was merged goes by the name of its survivor. */
export class StreamLabels implements Labels {
  constructor(private readonly streams: Streams) {}

  async contacts(
    ids: readonly { readonly kind: 'person' | 'organization'; readonly id: string }[],
  ): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    await Promise.all(
      ids.map(async ({ kind, id }) => {
        const state = await survivorOf(this.streams, kind, id);
        if (state !== null) names.set(id, state.name);
      }),
    );
    return names;
  }
}
