import fc from 'fast-check';
import { GENESIS_HASH } from '#event-store/envelope.js';
import type { EventMetadata, JsonObject, RecordedEvent } from '#event-store/event.js';

export interface Happening {
  readonly stream: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** Events as a log would hold them, a second apart. Hashes are unique but not chained. */
export function recorded(happenings: readonly Happening[], run = 'a'): readonly RecordedEvent[] {
  const revisions = new Map<string, number>();
  return happenings.map(({ stream, type, data }, index) => {
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const position = BigInt(index * 3 + 7);
    const hash = `${run}${position.toString(16)}`.padStart(64, '0');
    return { id: hash, stream, type, data, revision, position, metadata: metadataAt(index, hash) };
  });
}

function metadataAt(index: number, hash: string): EventMetadata {
  const at = new Date(1_700_000_000_000 + index * 1_000).toISOString();
  return {
    commandId: hash,
    request: hash,
    correlationId: hash,
    causationId: hash,
    actor: { id: 'ann', kind: 'user' },
    occurredAt: at,
    recordedAt: at,
    schema: 1,
    prevHash: GENESIS_HASH,
    hash,
  };
}

const texts = fc.constantFrom('a', 'b', 'é', 'Z', '\u0000', '');
const happening = fc.record({
  stream: fc.constantFrom('deal-1', 'deal-2', 'deal-3', 'deal-4', 'deal-__proto__', 'person-1'),
  event: fc.oneof(
    fc.record({ type: fc.constant('Opened'), data: fc.record({ board: texts }) }),
    fc.record({ type: fc.constant('Moved'), data: fc.record({ stage: texts }) }),
    fc.record({ type: fc.constantFrom('MoveTakenBack', 'Archived', 'Unknown'), data: fc.constant({}) }),
    fc.record({
      type: fc.constant('Valued'),
      data: fc.record({ value: fc.oneof(fc.constant(null), fc.maxSafeInteger()) }),
    }),
    fc.record({ type: fc.constant('Labelled'), data: fc.record({ label: texts }) }),
  ),
});

/** Histories of a few deals, with events that the views do not know. */
export const histories: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .array(happening, { maxLength: 60 })
  .map((list) => recorded(list.map(({ stream, event }) => ({ stream, type: event.type, data: event.data }))));
