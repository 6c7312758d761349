import { verifyChain } from '../envelope.js';
import type { RecordedEvent } from '../event.js';
import { NO_STREAM, WrongExpectedRevision, type EventStore } from '../port.js';
import type { StoreUnderTest } from './event-store.contract.js';
import { end, freshStream, notes, sealed } from './sealed-events.js';

export function concurrencyContract(current: () => StoreUnderTest): void {
  describe('concurrent appends', () => {
    it('to one revision of a stream: exactly one is stored', async () => {
      const { store, another } = current();
      const other = (await another?.()) ?? store;
      const stream = freshStream();
      let hash: string | undefined;
      for (let revision = NO_STREAM; revision < 4; revision += 1) {
        const contenders = Array.from({ length: 20 }, (_, index) =>
          sealed(stream, notes(1, index), hash === undefined ? undefined : { revision, hash }),
        );
        const outcomes = await Promise.allSettled(
          contenders.map((events, index) => (index % 2 === 0 ? store : other).append(stream, revision, events)),
        );
        const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
        expect(refused).toHaveLength(19);
        for (const error of refused) expect(error).toBeInstanceOf(WrongExpectedRevision);
        const winner = contenders[outcomes.findIndex((outcome) => outcome.status === 'fulfilled')];
        const stored = await store.readStream(stream);
        expect(stored).toHaveLength(revision + 2);
        expect(stored.at(-1)?.id).toBe(winner?.[0]?.id);
        hash = stored.at(-1)?.metadata.hash;
      }
      expect(verifyChain(await store.readStream(stream))).toBeNull();
    });

    it('that reload on a conflict lose nothing and keep the chain whole', async () => {
      const { store, another } = current();
      const other = (await another?.()) ?? store;
      const stream = freshStream();
      const accepted = await Promise.all(
        Array.from({ length: 8 }, (_, index) => appendWithReload(index % 2 === 0 ? store : other, stream, 10)),
      );
      const stored = await store.readStream(stream);
      expect(stored.map((event) => event.id).toSorted()).toEqual(accepted.flat().toSorted());
      expect(verifyChain(stored)).toBeNull();
    });

    it('that are refused leave the others alone', async () => {
      const { store } = current();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 60 }, (_, index) => {
          const stream = freshStream();
          return store.append(stream, index % 3 === 0 ? 5 : NO_STREAM, sealed(stream, notes(2)));
        }),
      );
      const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [index] : []));
      expect(refused).toEqual(Array.from({ length: 20 }, (_, index) => index * 3));
    });

    it('never show a position below one that a reader has seen', async () => {
      const { store, another } = current();
      const other = (await another?.()) ?? store;
      const before = await store.head();
      const writing = new AbortController();
      const readers = [store, other].map((reader) => readToTheEnd(reader, before, writing.signal));
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const stream = freshStream();
          const positions = [];
          let chain = sealed(stream, notes(1));
          for (let revision = 0; revision < 15; revision += 1) {
            const writer = index % 2 === 0 ? store : other;
            positions.push((await writer.append(stream, revision - 1, chain)).position);
            chain = sealed(stream, notes(1), end(chain, revision));
          }
          return positions;
        }),
      );
      writing.abort();
      const positions = answers.flat().toSorted((a, b) => (a < b ? -1 : 1));
      for (const reader of readers) expect((await reader).map((event) => event.position)).toEqual(positions);
    });
  });
}

async function appendWithReload(store: EventStore, stream: string, count: number): Promise<readonly string[]> {
  const accepted: string[] = [];
  while (accepted.length < count) {
    const [last] = await store.readStream(stream, { direction: 'backward', limit: 1 });
    const after = last === undefined ? undefined : { revision: last.revision, hash: last.metadata.hash };
    const events = sealed(stream, notes(1), after);
    try {
      await store.append(stream, last?.revision ?? NO_STREAM, events);
      accepted.push(...events.map((event) => event.id));
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  }
  return accepted;
}

/** Polls the log, always after the last position that it has seen, until writing is over and nothing more comes. */
async function readToTheEnd(store: EventStore, after: bigint | null, over: AbortSignal): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  for (;;) {
    const last = over.aborted;
    const read = await store.readAll(seen.at(-1)?.position ?? after, 7);
    seen.push(...read);
    if (last && read.length === 0) return seen;
    if (read.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
