import { readFileSync } from 'node:fs';
import type { EventMetadata, JsonObject } from './event.js';
import { canonicalJson } from './canonical-json.js';
import { hashEvent, idFromHash, sealEvent, verifyChain } from './envelope.js';

/** An event of each type with its canonical text, hash and id, which another program in another language computed. */
interface GoldenEvent {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: Omit<EventMetadata, 'hash'>;
  readonly canonical: string;
  readonly hash: string;
  readonly id: string;
}

const file = new URL('../../../test/fixtures/golden-events.json', import.meta.url);
const GOLDEN: readonly GoldenEvent[] = JSON.parse(readFileSync(file, 'utf8'));

describe('the stored format, for ever', () => {
  it.each(GOLDEN.map((event) => [event.type, event] as const))('of %s', (_, event) => {
    const { stream, revision, type, data, metadata } = event;
    expect(
      canonicalJson({ stream, revision, type, data, metadata: { ...metadata, actor: { ...metadata.actor } } }),
    ).toBe(event.canonical);
    expect(hashEvent(event)).toBe(event.hash);
    expect(idFromHash(event.hash)).toBe(event.id);
    expect(sealEvent(stream, revision, metadata.prevHash, { type, data, metadata })).toEqual({
      id: event.id,
      type,
      data,
      metadata: { ...metadata, hash: event.hash },
    });
  });

  it('makes whole chains', () => {
    const streams = new Set(GOLDEN.map((event) => event.stream));
    for (const stream of streams) {
      const events = GOLDEN.filter((event) => event.stream === stream);
      const recorded = events.map(({ canonical: _, hash, metadata, ...event }, index) => ({
        ...event,
        metadata: { ...metadata, hash },
        position: BigInt(index),
      }));
      expect(verifyChain(recorded)).toBeNull();
    }
    expect(streams.size).toBeGreaterThan(5);
  });
});
