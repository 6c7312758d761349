import fc from 'fast-check';
import { NO_STREAM } from '../port.js';
import type { StoreUnderTest } from './event-store.contract.js';
import { end, freshStream, notes, sealed } from './sealed-events.js';

export function readContract(current: () => StoreUnderTest): void {
  describe('readStream', () => {
    it('reads a stream that does not exist as empty, both ways', async () => {
      const stream = freshStream();
      expect(await current().store.readStream(stream)).toEqual([]);
      expect(await current().store.readStream(stream, { direction: 'backward', limit: 1 })).toEqual([]);
    });

    it('reads any part of a stream in either direction', async () => {
      const { store } = current();
      const stream = freshStream();
      const neighbour = `${stream}0`;
      await store.append(neighbour, NO_STREAM, sealed(neighbour, notes(3)));
      await store.append(stream, NO_STREAM, sealed(stream, notes(30)));
      const all = await store.readStream(stream);
      expect(all.map((event) => event.revision)).toEqual(Array.from({ length: 30 }, (_, index) => index));
      await fc.assert(
        fc.asyncProperty(
          fc.option(fc.nat(35), { nil: undefined }),
          fc.option(fc.nat(35), { nil: undefined }),
          fc.constantFrom('forward' as const, 'backward' as const, undefined),
          async (from, limit, direction) => {
            const expected =
              direction === 'backward'
                ? all.filter((event) => event.revision <= (from ?? 29)).toReversed()
                : all.filter((event) => event.revision >= (from ?? 0));
            const read = await store.readStream(stream, { from, limit, direction });
            expect(read).toEqual(expected.slice(0, limit ?? expected.length));
          },
        ),
        { numRuns: 60 },
      );
    });

    it('reads a large stream whole', async () => {
      const { store } = current();
      const stream = freshStream();
      let chain = sealed(stream, notes(700));
      await store.append(stream, NO_STREAM, chain);
      const texts = chain.map(({ data }) => data);
      for (let first = 700; first < 3_500; first += 700) {
        chain = sealed(stream, notes(700, first), end(chain, first - 700));
        await store.append(stream, first - 1, chain);
        texts.push(...chain.map(({ data }) => data));
      }
      expect((await store.readStream(stream)).map(({ data }) => data)).toEqual(texts);
      const backward = await store.readStream(stream, { direction: 'backward', limit: 2_999 });
      expect(backward.map(({ data }) => data)).toEqual(texts.toReversed().slice(0, 2_999));
    });

    it.each([{ from: -1 }, { from: 0.5 }, { limit: -1 }, { limit: 1.5 }, { limit: NaN }])(
      'refuses %j',
      async (options) => {
        await expect(current().store.readStream(freshStream(), options)).rejects.toThrow(RangeError);
      },
    );
  });

  describe('readAll', () => {
    it('reads the events of all streams in the order in which they were appended', async () => {
      const { store } = current();
      const before = await store.head();
      const [a, b] = [freshStream('deal'), freshStream('lead')];
      const first = sealed(a, notes(2));
      const ids = [];
      for (const [stream, expected, events] of [
        [a, NO_STREAM, first],
        [b, NO_STREAM, sealed(b, notes(2))],
        [a, 1, sealed(a, notes(1), end(first))],
      ] as const) {
        await store.append(stream, expected, events);
        ids.push(...events.map((event) => event.id));
      }
      const read = await store.readAll(before, 100);
      expect(read.map((event) => event.id)).toEqual(ids);
      expect(read).toEqual(read.toSorted((x, y) => (x.position < y.position ? -1 : 1)));
      expect(read.filter((event) => event.stream === a)).toEqual(await store.readStream(a));
    });

    it('begins after a position, which itself is not read, and stops at the limit', async () => {
      const { store } = current();
      const before = await store.head();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(9)));
      const all = await store.readStream(stream);
      for (const [index, event] of all.entries()) {
        expect(await store.readAll(event.position, 3)).toEqual(all.slice(index + 1, index + 4));
      }
      expect(await store.readAll(before, 0)).toEqual([]);
      expect(await store.readAll(before, 4)).toEqual(all.slice(0, 4));
    });

    it('takes any number for a position, also one that no event has', async () => {
      const { store } = current();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(3)));
      const all = await store.readStream(stream);
      for (const [index, { position }] of all.entries()) {
        expect(await store.readAll(position - 1n, 1)).toEqual([all[index]]);
        if (index === 0) continue;
        const middle = ((all[index - 1]?.position ?? 0n) + position) / 2n;
        expect(await store.readAll(middle, 5)).toEqual(all.slice(middle === position ? index + 1 : index));
      }
      expect(await store.readAll((all.at(-1)?.position ?? 0n) + 1_000_000n, 5)).toEqual([]);
    });

    it('begins with the first event of the store when no position is given', async () => {
      const { store } = current();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(2)));
      const [first, second] = await store.readAll(null, 2);
      expect(await store.readAll(null, 1)).toEqual([first]);
      expect(first === undefined ? [] : await store.readAll(first.position, 1)).toEqual([second]);
    });

    it('reads nothing after the head', async () => {
      const { store } = current();
      const stream = freshStream();
      const { position } = await store.append(stream, NO_STREAM, sealed(stream, notes(1)));
      expect(await store.readAll(position, 10)).toEqual([]);
    });

    it.each([-1, 0.5, NaN])('refuses the limit %d', async (limit) => {
      await expect(current().store.readAll(null, limit)).rejects.toThrow(RangeError);
    });
  });
}
