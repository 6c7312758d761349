import { NO_STREAM, StoreUnavailable } from '../port.js';
import type { StoreUnderTest } from './event-store.contract.js';
import { freshStream, notes, sealed } from './sealed-events.js';

export function durabilityContract(current: () => StoreUnderTest): void {
  describe('a store that is closed', () => {
    it('has kept everything when it is opened again', async () => {
      const { store, reopen } = current();
      const before = await store.head();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(5)));
      const [stored, log, head] = [await store.readStream(stream), await store.readAll(before, 10), await store.head()];
      const again = await reopen();
      expect(await again.readStream(stream)).toEqual(stored);
      expect(await again.readAll(before, 10)).toEqual(log);
      expect(await again.head()).toBe(head);
    });

    it('has first stored all appends that it had accepted', async () => {
      const { store, reopen } = current();
      const streams = Array.from({ length: 40 }, () => freshStream());
      const appends = Promise.all(streams.map((stream) => store.append(stream, NO_STREAM, sealed(stream, notes(2)))));
      await Promise.all([store.close(), appends]);
      const again = await reopen();
      for (const stream of streams) expect(await again.readStream(stream)).toHaveLength(2);
    });

    it('refuses every later call and says that nothing was written', async () => {
      const { store, reopen } = current();
      const stream = freshStream();
      await store.append(stream, NO_STREAM, sealed(stream, notes(1)));
      const closing = store.close();
      const later = [
        () => store.append(stream, 0, sealed(stream, notes(1))),
        () => store.readStream(stream),
        () => store.readAll(null, 1),
        () => store.head(),
        async () => {
          for await (const _ of store.subscribe(null, new AbortController().signal)) break;
        },
      ];
      for (const call of later) {
        const error = await call().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(StoreUnavailable);
        expect(error).toMatchObject({ nothingWritten: true });
      }
      await closing;
      for (const call of later) await expect(call()).rejects.toThrow(StoreUnavailable);
      expect(await (await reopen()).readStream(stream)).toHaveLength(1);
    });

    it('may be closed twice', async () => {
      const { store } = current();
      await store.close();
      await store.close();
    });

    it('ends the subscriptions that are open', async () => {
      const { store } = current();
      const signal = new AbortController().signal;
      const reading = (async () => {
        for await (const batch of store.subscribe(null, signal)) {
          if (batch.live) setTimeout(() => void store.close(), 5);
        }
      })();
      const end = await reading.catch((reason: unknown) => reason);
      if (end !== undefined) expect(end).toBeInstanceOf(StoreUnavailable);
    });
  });
}
