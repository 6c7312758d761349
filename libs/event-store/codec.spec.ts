import { createCodec, currentSchema, decode } from './codec.js';
import { freshStream, notes, sealed } from './contract/sealed-events.js';
import type { JsonObject, RecordedEvent } from './event.js';

function recorded(data: JsonObject, schema = 1): RecordedEvent {
  const stream = freshStream();
  const [event] = sealed(stream, [data]);
  if (event === undefined) throw new Error('no event was sealed');
  return { ...event, metadata: { ...event.metadata, schema }, stream, revision: 0, position: 7n };
}

describe('decoding an event', () => {
  it('turns its times into epoch milliseconds and keeps the rest', () => {
    expect(decode(recorded({ text: 'hello' }))).toEqual({
      type: 'NoteAdded',
      data: { text: 'hello' },
      occurredAt: Date.UTC(2026, 2, 1, 9),
      recordedAt: Date.UTC(2026, 2, 1, 9),
      revision: 0,
      actor: { id: 'u-1', kind: 'user' },
    });
    expect(currentSchema('NoteAdded')).toBe(1);
  });

  const { decode: decodeNow, currentSchema: schemaNow } = createCodec({
    NoteAdded: [(data) => ({ ...data, pinned: false }), (data) => ({ ...data, language: 'und' })],
  });

  it('lifts a payload from the schema under which it was written to the present one', () => {
    expect(schemaNow('NoteAdded')).toBe(3);
    expect(decodeNow(recorded({ text: 'a' }, 1)).data).toEqual({ text: 'a', pinned: false, language: 'und' });
    expect(decodeNow(recorded({ text: 'b', pinned: true }, 2)).data).toEqual({
      text: 'b',
      pinned: true,
      language: 'und',
    });
    expect(decodeNow(recorded({ text: 'c', pinned: true, language: 'de' }, 3)).data).toEqual({
      text: 'c',
      pinned: true,
      language: 'de',
    });
  });

  it('leaves the stored event as it was', () => {
    const [event] = notes(1);
    const stored = recorded(event ?? {});
    decodeNow(stored);
    expect(stored.data).toEqual(event);
  });

  it('refuses what a later release has written', () => {
    expect(() => decodeNow(recorded({ text: 'd' }, 4))).toThrow(/NoteAdded at revision 0 .* has schema 4.* knows 3/);
  });
});
