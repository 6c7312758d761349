import type { Labels } from '#reports/policies.js';
import { ORGANIZATION, PERSON } from './aggregate.js';
import type { Streams } from './streams.js';

/** Names of contacts, folded from their own streams. */
export class StreamLabels implements Labels {
  constructor(private readonly streams: Streams) {}

  async contacts(
    ids: readonly { readonly kind: 'person' | 'organization'; readonly id: string }[],
  ): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    await Promise.all(
      ids.map(async ({ kind, id }) => {
        const { state } = await this.streams.load(kind === 'person' ? PERSON : ORGANIZATION, id);
        if (state !== null) names.set(id, state.name);
      }),
    );
    return names;
  }
}
