import fc from 'fast-check';
import type { SubscriptionBatch } from '#event-store/port.js';
import { gather } from './subscription-batches.js';
import { histories, recorded } from './testing/history.js';

describe('gathering what a subscription hands over', () => {
  it('keeps all events in order, and never holds back what is live', async () => {
    const cuts = fc.array(fc.record({ size: fc.integer({ min: 0, max: 9 }), live: fc.boolean() }), { maxLength: 20 });
    const property = fc.asyncProperty(histories, cuts, fc.integer({ min: 1, max: 20 }), async (history, plan, size) => {
      const handed: SubscriptionBatch[] = [];
      let next = 0;
      for (const { size: count, live } of [...plan, { size: history.length, live: true }]) {
        const events = history.slice(next, next + count);
        next += events.length;
        handed.push({ events, position: events.at(-1)?.position ?? null, live });
      }
      async function* subscription(): AsyncGenerator<SubscriptionBatch> {
        yield* handed;
      }
      const batches = [];
      for await (const batch of gather(subscription(), () => size, 1_000, [0, 0])) batches.push(batch);
      expect(batches.flatMap(({ events }) => events)).toEqual(history);
      expect(batches.filter(({ live }) => live)).toHaveLength(handed.filter(({ live }) => live).length);
    });
    await fc.assert(property);
  });

  it('hands over what it has when more is long in coming', async () => {
    const [event] =
      fc.sample(
        histories.filter(({ length }) => length > 0),
        1,
      )[0] ?? [];
    async function* slow(): AsyncGenerator<SubscriptionBatch> {
      yield { events: event === undefined ? [] : [event], position: 1n, live: false };
      await new Promise(() => undefined);
    }
    const batches = gather(slow(), () => 1_000, 5, [0, 0]);
    expect((await batches.next()).value).toEqual({ events: [event], live: false, more: false });
  });

  it('passes on the error of a subscription, after what came before it', async () => {
    async function* broken(): AsyncGenerator<SubscriptionBatch> {
      yield { events: [], position: 1n, live: true };
      throw new Error('connection lost');
    }
    const batches = gather(broken(), () => 10, 5, [0, 0]);
    expect((await batches.next()).value).toEqual({ events: [], live: true, more: false });
    await expect(batches.next()).rejects.toThrow('connection lost');
  });

  it('puts what comes shortly after a busy batch together, and nothing after a quiet one', async () => {
    const log = recorded(Array.from({ length: 11 }, () => ({ stream: 'deal-1', type: 'Opened', data: {} })));
    const live = (first: number, end: number): SubscriptionBatch => {
      const events = log.slice(first, end);
      return { events, position: events.at(-1)?.position ?? null, live: true };
    };
    async function* subscription(): AsyncGenerator<SubscriptionBatch> {
      yield live(0, 1);
      yield live(1, 9);
      yield live(9, 10);
      yield live(10, 11);
      await new Promise(() => undefined);
    }
    const batches = gather(subscription(), () => 100, 1_000, [30, 30]);
    const sizes: number[] = [];
    for (let count = 0; count < 3; count++) {
      const { value } = await batches.next();
      sizes.push(value?.events.length ?? 0);
    }
    expect(sizes).toEqual([1, 8, 2]);
  });

  it('hands a full batch of a busy log over at once, and lets it wait for the end of the time', async () => {
    const log = recorded(Array.from({ length: 13 }, () => ({ stream: 'deal-1', type: 'Opened', data: {} })));
    async function* subscription(): AsyncGenerator<SubscriptionBatch> {
      for (const [first, end] of [
        [0, 8],
        [8, 12],
        [12, 13],
      ] as const) {
        const events = log.slice(first, end);
        yield { events, position: events.at(-1)?.position ?? null, live: true };
      }
    }
    const batches = [];
    for await (const batch of gather(subscription(), () => 4, 1_000, [60_000, 60_000])) batches.push(batch);
    expect(batches.map(({ events, more }) => ({ events: events.length, more }))).toEqual([
      { events: 8, more: false },
      { events: 4, more: true },
      { events: 1, more: false },
    ]);
  });

  it('ends what waits when nothing more comes', async () => {
    const log = recorded(Array.from({ length: 12 }, () => ({ stream: 'deal-1', type: 'Opened', data: {} })));
    async function* subscription(): AsyncGenerator<SubscriptionBatch> {
      yield { events: log.slice(0, 8), position: 8n, live: true };
      yield { events: log.slice(8), position: 12n, live: true };
      await new Promise(() => undefined);
    }
    const batches = gather(subscription(), () => 4, 1_000, [20, 20]);
    const handed = [];
    for (let more = true, count = 0; more || count < 12;) {
      const { value } = await batches.next();
      count += value?.events.length ?? 0;
      more = value?.more ?? false;
      handed.push(...(value?.events ?? []));
    }
    expect(handed).toEqual(log);
  });
});
