import fc from 'fast-check';
import type { RecordedEvent } from '../../event.js';
import { SharedPages } from './shared-pages.js';

const PAGE_SIZE = 4;

/** A log that grows, and counts how often its events are read. */
class GrowingLog {
  readonly #events: RecordedEvent[] = [];
  readonly reads = new Map<bigint, number>();

  grow(count: number): void {
    for (let n = 0; n < count; n++) this.#events.push(eventAt(BigInt(this.#events.length * 3 + 1)));
  }

  get head(): bigint | null {
    return this.#events.at(-1)?.position ?? null;
  }

  read(after: bigint | null, limit: number): readonly RecordedEvent[] {
    const page = this.#events.filter(({ position }) => after === null || position > after).slice(0, limit);
    for (const { position } of page) this.reads.set(position, (this.reads.get(position) ?? 0) + 1);
    return page;
  }

  positionsAfter(after: bigint | null): readonly bigint[] {
    return this.#events.map(({ position }) => position).filter((position) => after === null || position > after);
  }
}

function eventAt(position: bigint): RecordedEvent {
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
  const metadata = {
    commandId: id,
    request: '',
    correlationId: id,
    causationId: id,
    actor: { id: 'u-1', kind: 'user' as const },
    occurredAt: '2026-01-01T00:00:00.000Z',
    recordedAt: '2026-01-01T00:00:00.000Z',
    schema: 1,
    prevHash: '',
    hash: '',
  };
  return { id, type: 'NoteAdded', data: {}, metadata, stream: 'deal-1', revision: 0, position };
}

function pagesOf(log: GrowingLog): SharedPages {
  return new SharedPages(
    (after, limit) => log.read(after, limit),
    PAGE_SIZE,
    () => log.head,
  );
}

describe('pages of the log that several subscriptions read', () => {
  it('are read once for subscriptions that follow the log side by side', () => {
    const log = new GrowingLog();
    log.grow(10);
    const pages = pagesOf(log);
    const places: (bigint | null)[] = [null, null, null];
    for (let step = 0; step < 3; step++) {
      for (const [index, place] of places.entries())
        places[index] = pages.after(place).events.at(-1)?.position ?? place;
    }
    expect(places).toEqual([log.head, log.head, log.head]);
    expect([...log.reads.values()].every((reads) => reads === 1)).toBe(true);
  });

  it('are the end of the log for all who ask until it grows', () => {
    const log = new GrowingLog();
    log.grow(2);
    const pages = pagesOf(log);
    expect(pages.after(null)).toMatchObject({ events: { length: 2 }, isEnd: true });
    expect(pages.after(null)).toMatchObject({ events: { length: 2 }, isEnd: true });
    expect(log.reads.get(1n)).toBe(1);
    log.grow(1);
    expect(pages.after(null)).toMatchObject({ events: { length: 2 }, isEnd: false });
    expect(pages.after(4n)).toMatchObject({ events: { length: 1 }, isEnd: true });
  });

  it('tell every reader all events in order, however the log grows and whoever reads when', () => {
    const step = fc.oneof(
      fc.record({ grow: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ reader: fc.integer({ min: 0, max: 2 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const log = new GrowingLog();
        const pages = pagesOf(log);
        const told: bigint[][] = [[], [], []];
        const read = (reader: number): void => {
          const seen = told[reader] ?? [];
          const after = seen.at(-1) ?? null;
          const stored = log.positionsAfter(after);
          const { events, isEnd } = pages.after(after);
          const positions = events.map(({ position }) => position);
          expect(positions).toEqual(stored.slice(0, positions.length));
          if (isEnd) expect(positions).toHaveLength(stored.length);
          else expect(positions.length).toBeGreaterThan(0);
          seen.push(...positions);
        };
        for (const one of steps) {
          if ('grow' in one) log.grow(one.grow);
          else read(one.reader);
        }
      }),
    );
  });
});
