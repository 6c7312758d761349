import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { freshStream, notes, sealed } from './contract/sealed-events.js';
import { canonicalJson } from './canonical-json.js';
import { GENESIS_HASH, hashEvent, idFromHash, sealEvent, verifyChain } from './envelope.js';
import type { EventData, JsonObject, RecordedEvent } from './event.js';

function recorded(stream: string, events: readonly EventData[]): RecordedEvent[] {
  return events.map((event, revision) => ({ ...event, stream, revision, position: BigInt(revision) }));
}

function chain(length: number): RecordedEvent[] {
  const stream = freshStream();
  return recorded(stream, sealed(stream, notes(length)));
}

/** The events with revisions 0, 1, 2 … as a forger would number them. */
function renumbered(events: readonly RecordedEvent[]): RecordedEvent[] {
  return events.map((event, revision) => ({ ...event, revision }));
}

function at(events: readonly RecordedEvent[], index: number): RecordedEvent {
  const event = events[index];
  if (event === undefined) throw new RangeError(`no event ${index}`);
  return event;
}

const json: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.parse(JSON.stringify(value))),
);

const text = fc.string({ unit: 'binary' });

describe('a sealed event', () => {
  it('carries the SHA-256 of its canonical JSON without the hash itself', () => {
    const [event] = chain(1);
    if (event === undefined) throw new Error('no event was sealed');
    const { hash, ...metadata } = event.metadata;
    const { data, revision, stream, type } = event;
    const text = canonicalJson({
      data,
      metadata: { ...metadata, actor: { ...metadata.actor } },
      revision,
      stream,
      type,
    });
    expect(hash).toBe(createHash('sha256').update(Buffer.from(text, 'utf8')).digest('hex'));
    expect(metadata.prevHash).toBe(GENESIS_HASH);
  });

  it("has its hash's first 128 bits as its id, a UUIDv8", () => {
    expect(idFromHash('0123456789abcdef0123456789abcdef'.repeat(2))).toBe('01234567-89ab-8def-8123-456789abcdef');
    expect(idFromHash('f'.repeat(64))).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }), (hash) => {
        const id = idFromHash(hash);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        const bits = id.replaceAll('-', '');
        for (const index of Array.from({ length: 32 }, (_, digit) => digit)) {
          if (index !== 12 && index !== 16) expect(bits[index]).toBe(hash[index]);
        }
        expect(parseInt(bits.charAt(16), 16) & 3).toBe(parseInt(hash.charAt(16), 16) & 3);
      }),
    );
  });

  it('is the same bytes in whatever order its fields are given', () => {
    const metadata = chain(1)[0]?.metadata;
    if (metadata === undefined) throw new Error('no event was sealed');
    const event = { stream: 'deal-1', revision: 0, type: 'X', data: { a: 1, b: { c: 2, d: 3 } }, metadata };
    const turned = {
      metadata: { ...Object.fromEntries(Object.entries(metadata).toReversed()), ...metadata },
      data: { b: { d: 3, c: 2 }, a: 1 },
      type: 'X',
      revision: 0,
      stream: 'deal-1',
    };
    expect(hashEvent(turned)).toBe(hashEvent(event));
  });

  it('has the same hash written as read, whatever texts its metadata hold', () => {
    fc.assert(
      fc.property(fc.tuple(text, text, text, text, text, text, text, text, text), (texts) => {
        const [commandId, request, correlationId, causationId, occurredAt, recordedAt, id, stream, type] = texts;
        const actor = { id, kind: 'user' } as const;
        const metadata = { commandId, request, correlationId, causationId, actor, occurredAt, recordedAt, schema: 3 };
        const event = sealEvent(stream, 7, 'before', { type, data: {}, metadata });
        expect(hashEvent({ ...event, stream, revision: 7 })).toBe(event.metadata.hash);
      }),
    );
  });

  it('is one of a whole chain, whatever its payload, also after a passage through JSON', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 8 }), (payloads) => {
        const stream = freshStream();
        const events = recorded(stream, sealed(stream, payloads));
        expect(verifyChain(events)).toBeNull();
        const copied = events.map((event) => {
          const { data, metadata } = JSON.parse(JSON.stringify({ data: event.data, metadata: event.metadata }));
          return { ...event, data, metadata };
        });
        expect(verifyChain(copied)).toBeNull();
      }),
    );
  });
});

describe('the hash chain of a stream', () => {
  it('is whole when nothing was touched, also when it is empty', () => {
    expect(verifyChain([])).toBeNull();
    expect(verifyChain(chain(20))).toBeNull();
  });

  it('shows any change of any byte of any event', () => {
    const events = chain(3);
    let alterations = 0;
    for (const [index, event] of events.entries()) {
      for (const field of ['id', 'stream', 'type', 'data', 'metadata'] as const) {
        const text = JSON.stringify(event[field]);
        for (const place of Array.from(text, (_, each) => each)) {
          for (const character of ['0', 'a', 'F', ' ', '"']) {
            const altered = parsed(text.slice(0, place) + character + text.slice(place + 1));
            if (altered === undefined || JSON.stringify(altered) === text) continue;
            alterations += 1;
            const fault = verifyChain(events.with(index, { ...event, [field]: altered }));
            if (fault?.revision !== index)
              throw new Error(`unseen: ${field} of ${index} as ${JSON.stringify(altered)}`);
          }
        }
      }
    }
    expect(alterations).toBeGreaterThan(5_000);
  });

  it('shows an event that is missing, even when the others are renumbered', () => {
    const events = chain(6);
    for (let index = 0; index < 5; index += 1) {
      const rest = events.toSpliced(index, 1);
      expect(verifyChain(rest)).toMatchObject({ revision: index + 1, fault: 'revision-gap' });
      expect(verifyChain(renumbered(rest))).toMatchObject({ revision: index, fault: 'prev-hash' });
    }
  });

  it('shows events that changed places', () => {
    const events = chain(5);
    for (let index = 0; index < 4; index += 1) {
      const swapped = events.with(index, at(events, index + 1)).with(index + 1, at(events, index));
      expect(verifyChain(swapped)).toMatchObject({ fault: 'revision-gap' });
      expect(verifyChain(renumbered(swapped))).toMatchObject({ revision: index, fault: 'prev-hash' });
    }
  });

  it('shows an event that was put in, and one that is there twice', () => {
    const events = chain(5);
    const { stream } = at(events, 0);
    for (let index = 0; index < 5; index += 1) {
      const before = at(events, index);
      const forged = sealEvent(stream, index + 1, before.metadata.hash, {
        type: 'NoteAdded',
        data: { text: 'never written' },
        metadata: before.metadata,
      });
      const inserted = events.toSpliced(index + 1, 0, { ...forged, stream, revision: index + 1, position: 99n });
      if (index < 4)
        expect(verifyChain(renumbered(inserted))).toMatchObject({ revision: index + 2, fault: 'prev-hash' });
      expect(verifyChain(events.toSpliced(index, 0, before))).toMatchObject({ fault: 'revision-gap' });
    }
  });

  it('shows an altered event whose own hash was forged anew', () => {
    const events = chain(3);
    const { stream, revision, metadata, type } = at(events, 1);
    const forged = sealEvent(stream, revision, metadata.prevHash, { type, data: { text: 'altered' }, metadata });
    const altered = events.with(1, { ...at(events, 1), ...forged });
    expect(verifyChain(altered)).toEqual({ stream, revision: 2, fault: 'prev-hash' });
  });

  it('shows an id that is not that of the event', () => {
    const events = chain(2);
    expect(verifyChain(events.with(1, { ...at(events, 1), id: randomUUID() }))).toMatchObject({
      revision: 1,
      fault: 'id',
    });
  });

  it('shows an event of another stream', () => {
    const [first, second] = [chain(2), chain(2)];
    expect(verifyChain([at(first, 0), at(second, 1)])).toMatchObject({ revision: 1, fault: 'prev-hash' });
  });

  it('does not show that its last events are missing, or that all of it was written anew', () => {
    const events = chain(5);
    expect(verifyChain(events.slice(0, 3))).toBeNull();
    const { stream } = at(events, 0);
    expect(verifyChain(recorded(stream, sealed(stream, notes(5, 100))))).toBeNull();
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
