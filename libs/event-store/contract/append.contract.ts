import { randomUUID } from 'node:crypto';
import { AppendTooLarge, MAX_APPEND_BYTES, NO_STREAM, WrongExpectedRevision } from '../port.js';
import type { EventData } from '../event.js';
import type { StoreUnderTest } from './event-store.contract.js';
import { end, freshStream, notes, sealed } from './sealed-events.js';

export function appendContract(current: () => StoreUnderTest): void {
  describe('append', () => {
    it('starts a stream at revision 0 and answers with the place of the event', async () => {
      const { store } = current();
      const stream = freshStream();
      const events = sealed(stream, notes(1));
      const { revision, position } = await store.append(stream, NO_STREAM, events);
      expect(revision).toBe(0);
      expect(await store.readStream(stream)).toEqual([{ ...events[0], stream, revision, position }]);
      expect(await store.head()).toBe(position);
    });

    it('continues a stream after its last event, at a later position', async () => {
      const { store } = current();
      const stream = freshStream();
      const first = sealed(stream, notes(2));
      const second = sealed(stream, notes(3), end(first));
      const before = await store.append(stream, NO_STREAM, first);
      const after = await store.append(stream, 1, second);
      expect(after.revision).toBe(4);
      expect(after.position > before.position).toBe(true);
      const stored = await store.readStream(stream);
      expect(stored.map((event) => event.id)).toEqual([...first, ...second].map((event) => event.id));
      expect(stored.at(-1)?.position).toBe(after.position);
    });

    it.each<[string, { readonly [key: string]: string | number | null | object }]>([
      ['an empty payload', {}],
      [
        'every script and plane',
        { text: 'Grüße, Ωμέγα, مرحبا, 日本語, 👩‍👩‍👧‍👦, e\u0301 is not \u00e9, \u2028\u2029\ufeff' },
      ],
      ['control characters', { text: '\u0000\u0001\b\t\n\f\r\u001f\u007f "quoted" \\ / ' }],
      ['numbers', { big: 9007199254740991, small: -5e-324, huge: 1.7976931348623157e308, tenth: 0.1, zero: 0 }],
      ['keys of any kind', { '': 1, 'a b': 2, é: 3, '\u20ac': 4, '😀': 5, constructor: 6, 10: 7, 9: 8 }],
      ['nesting', { list: [1, [2, [3, { deep: [null, true, false, 'x'] }]], {}] }],
    ])('gives back %s as it was', async (_, payload) => {
      const { store } = current();
      const stream = freshStream();
      const events = sealed(stream, [JSON.parse(JSON.stringify(payload))]);
      await store.append(stream, NO_STREAM, events);
      const [stored] = await store.readStream(stream);
      expect(stored?.data).toEqual(payload);
      expect(stored?.metadata).toEqual(events[0]?.metadata);
    });

    it('refuses an append of no events', async () => {
      const stream = freshStream();
      await expect(current().store.append(stream, NO_STREAM, [])).rejects.toThrow(RangeError);
      expect(await current().store.readStream(stream)).toEqual([]);
    });

    it.each(['', '-1', '$all', 'unknown-1', 'deal-\u0000', 'deal-\ud800'])(
      'refuses the stream name %j, which is none of ours',
      async (stream) => {
        await expect(current().store.append(stream, NO_STREAM, sealed('deal-1', notes(1)))).rejects.toThrow(RangeError);
        expect(await current().store.readStream(stream)).toEqual([]);
      },
    );

    it.each([-2, 0.5, NaN, Infinity])('refuses %d as an expected revision', async (expected) => {
      const stream = freshStream();
      await expect(current().store.append(stream, expected, sealed(stream, notes(1)))).rejects.toThrow(RangeError);
    });

    it('refuses ids that are no lower-case UUIDs, or given twice', async () => {
      const stream = freshStream();
      const [event] = sealed(stream, notes(1)) as readonly [EventData];
      const append = (...events: EventData[]) => current().store.append(stream, NO_STREAM, events);
      await expect(append({ ...event, id: 'first' })).rejects.toThrow(RangeError);
      await expect(append({ ...event, id: randomUUID().toUpperCase() })).rejects.toThrow(RangeError);
      await expect(append(event, event)).rejects.toThrow(RangeError);
      await expect(append({ ...event, type: '' })).rejects.toThrow(RangeError);
      expect(await current().store.readStream(stream)).toEqual([]);
    });
  });

  describe('the expected revision', () => {
    it.each([
      { stored: 0, expected: 0 },
      { stored: 0, expected: 7 },
      { stored: 3, expected: NO_STREAM },
      { stored: 3, expected: 0 },
      { stored: 3, expected: 1 },
      { stored: 3, expected: 3 },
    ])('$expected is refused on a stream of $stored events', async ({ stored, expected }) => {
      const { store } = current();
      const stream = freshStream();
      const events = sealed(stream, notes(stored));
      if (stored > 0) await store.append(stream, NO_STREAM, events);
      const late = sealed(stream, notes(2, 100), { revision: expected, hash: 'f'.repeat(64) });
      const error = await store.append(stream, expected, late).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(WrongExpectedRevision);
      expect(error).toMatchObject({ stream, expected, actual: stored - 1 });
      expect((await store.readStream(stream)).map((event) => event.id)).toEqual(events.map((event) => event.id));
    });
  });

  describe('a resend', () => {
    it('of the same events succeeds with the first answer', async () => {
      const { store } = current();
      const stream = freshStream();
      const events = sealed(stream, notes(3));
      const first = await store.append(stream, NO_STREAM, events);
      expect(await store.append(stream, NO_STREAM, events)).toEqual(first);
      expect(await store.readStream(stream)).toHaveLength(3);
    });

    it('succeeds with the first answer even when the stream has gone on', async () => {
      const { store } = current();
      const stream = freshStream();
      const first = sealed(stream, notes(2));
      const second = sealed(stream, notes(2), end(first));
      const third = sealed(stream, notes(2), end(second, 2));
      const answers = [
        await store.append(stream, NO_STREAM, first),
        await store.append(stream, 1, second),
        await store.append(stream, 3, third),
      ];
      expect(await store.append(stream, NO_STREAM, first)).toEqual(answers[0]);
      expect(await store.append(stream, 1, second)).toEqual(answers[1]);
      expect(await store.readStream(stream)).toHaveLength(6);
    });

    it('at the same time as the first send stores once and answers both alike', async () => {
      const { store } = current();
      const stream = freshStream();
      const events = sealed(stream, notes(2));
      const answers = await Promise.all([1, 2, 3].map(() => store.append(stream, NO_STREAM, events)));
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
      expect(await store.readStream(stream)).toHaveLength(2);
    });

    it('to another store on the same data, or after a restart, succeeds with the first answer', async () => {
      const { store, another, reopen } = current();
      const stream = freshStream();
      const events = sealed(stream, notes(2));
      const first = await store.append(stream, NO_STREAM, events);
      if (another !== undefined) expect(await (await another()).append(stream, NO_STREAM, events)).toEqual(first);
      expect(await (await reopen()).append(stream, NO_STREAM, events)).toEqual(first);
    });

    it('of only partly the same events is refused and stores nothing', async () => {
      const { store } = current();
      const stream = freshStream();
      const events = sealed(stream, notes(4));
      const [a, b, c, d] = events as readonly [EventData, EventData, EventData, EventData];
      const [other] = sealed(stream, notes(1, 100), end([a])) as readonly [EventData];
      await store.append(stream, NO_STREAM, [a, b, c]);
      for (const again of [
        [a, b, c, d],
        [a, other],
        [a, other, c],
        [b, a, c],
        [other, b, c],
        [a, c],
      ]) {
        const error = await store.append(stream, NO_STREAM, again).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(WrongExpectedRevision);
        expect(error).toMatchObject({ expected: NO_STREAM, actual: 2 });
      }
      expect((await store.readStream(stream)).map((event) => event.id)).toEqual([a.id, b.id, c.id]);
    });
  });

  describe('the size of an append', () => {
    it.each([
      ['one byte a character', 'x', 1],
      ['four bytes a character', '😀', 1],
      ['over several events', 'é', 3],
    ])('may be exactly the limit, but not a byte more (%s)', async (_, character, count) => {
      const { store } = current();
      const stream = freshStream();
      const fitting = sealed(stream, filled(stream, character, count, MAX_APPEND_BYTES));
      const over = sealed(stream, filled(stream, character, count, MAX_APPEND_BYTES + 1));
      expect(bytesOf(fitting)).toBe(MAX_APPEND_BYTES);

      const error = await store.append(stream, NO_STREAM, over).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AppendTooLarge);
      expect(error).toMatchObject({ bytes: MAX_APPEND_BYTES + 1, limit: MAX_APPEND_BYTES });
      expect(await store.readStream(stream)).toEqual([]);

      await store.append(stream, NO_STREAM, fitting);
      expect((await store.readStream(stream)).map(({ data }) => data)).toEqual(fitting.map(({ data }) => data));
    });
  });
}

function bytesOf(events: readonly EventData[]): number {
  return events.reduce(
    (sum, { data, metadata }) =>
      sum + Buffer.byteLength(JSON.stringify(data), 'utf8') + Buffer.byteLength(JSON.stringify(metadata), 'utf8'),
    0,
  );
}

/** Payloads that make an append of exactly so many bytes. */
function filled(stream: string, character: string, count: number, bytes: number): { text: string }[] {
  const empty = Array.from({ length: count }, () => ({ text: '' }));
  const room = bytes - bytesOf(sealed(stream, empty));
  const width = Buffer.byteLength(character, 'utf8');
  const each = Math.floor(room / width / count);
  return empty.map((_, index) => ({
    text: character.repeat(each) + (index === 0 ? 'x'.repeat(room - each * width * count) : ''),
  }));
}
