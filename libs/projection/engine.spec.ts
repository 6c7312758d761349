import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { RecordedEvent } from '#event-store/event.js';
import { ViewSchemaConflict } from '#view-store/port.js';
import type { Mishap } from './testing/failing-view-store.js';
import { histories, recorded } from './testing/history.js';
import { MemoryEventStore } from './testing/memory-event-store.js';
import { ENTRIES, OPPORTUNITIES } from './testing/opportunities.view.js';
import { eventually, ProjectionRig } from './testing/projection-rig.js';
import type { View } from './view.js';

const VIEWS: readonly View[] = [OPPORTUNITIES, ENTRIES];

const HOUR = 3_600_000;

/** A life of many deals, long enough for many batches. */
function manyEvents(count: number, run = 'a'): readonly RecordedEvent[] {
  const types = ['Opened', 'Moved', 'Valued', 'Labelled', 'MoveTakenBack', 'Archived', 'Unknown'];
  return recorded(
    Array.from({ length: count }, (_, index) => ({
      stream: `deal-${(index * 7) % 23}`,
      type: types[(index * 5 + Math.floor(index / 7)) % types.length] ?? 'Opened',
      data: { board: `b${index % 2}`, stage: `s${index % 3}`, value: index, label: `l${index % 5}` },
    })),
    run,
  );
}

describe('the projection engine', () => {
  it('builds all views from an empty store and keeps up with what is added', async () => {
    const events = manyEvents(300);
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events.slice(0, 200)]), async (rig) => {
      const { engine } = await rig.start();
      await rig.expectCurrent(events.slice(0, 200));
      for (let next = 200; next < 300; next += 5) {
        rig.events.add(events.slice(next, next + 5));
        await rig.expectCurrent(events.slice(0, next + 5));
      }
      for (const status of engine.status()) {
        expect(status).toMatchObject({ leading: true, moving: true, parked: 0, error: null, secondsBehind: 0 });
        expect(status.position).toBe(events.at(-1)?.position);
      }
    });
  });

  it('has nothing to do on an empty log', async () => {
    await ProjectionRig.with(VIEWS, new MemoryEventStore(), async (rig) => {
      const { engine } = await rig.start();
      await eventually(() => engine.status().every(({ leading, moving }) => leading && moving));
      expect(engine.status().map(({ position, secondsBehind }) => ({ position, secondsBehind }))).toEqual([
        { position: null, secondsBehind: 0 },
        { position: null, secondsBehind: 0 },
      ]);
      const events = manyEvents(10);
      rig.events.add(events);
      await rig.expectCurrent(events);
    });
  });

  it('makes the indexes when it has caught up', async () => {
    const events = manyEvents(50);
    const made: string[] = [];
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events]), async (rig) => {
      const behind: boolean[] = [];
      await rig.start({}, (call, { view }) => {
        if (call === 'createIndexes') made.push(view);
        else if (call === 'commit') behind.push(made.includes(view));
        return 'none';
      });
      await eventually(() => made.length === 2);
      await rig.expectCurrent(events);
      expect(new Set(made)).toEqual(new Set(['opportunities', 'entries']));
      expect(behind).not.toContain(true);
    });
  });

  it('feeds a view that is far behind beside those that are current, and joins them', async () => {
    const events = manyEvents(400);
    await ProjectionRig.with([ENTRIES], new MemoryEventStore([...events.slice(0, 300)]), async (rig) => {
      const first = await rig.start();
      await rig.expectCurrent(events.slice(0, 300));
      await first.engine.stop();
      const { engine } = await rig.start({}, undefined, { definitions: VIEWS });
      for (let next = 300; next < 400; next += 10) {
        rig.events.add(events.slice(next, next + 10));
        await rig.expectCurrent(events.slice(0, next + 10));
      }
      await rig.expectCurrent(events, VIEWS);
      expect(engine.status().every(({ leading, error }) => leading && error === null)).toBe(true);
    });
  });

  it('refuses to start on a view that is stored under another definition', async () => {
    const other: View = {
      ...ENTRIES,
      schema: { ...ENTRIES.schema, tables: { entry: { id: 'integer', columns: {}, indexes: [] } } },
    };
    await ProjectionRig.with([ENTRIES], new MemoryEventStore([...manyEvents(5)]), async (rig) => {
      await rig.start();
      await rig.expectCurrent(manyEvents(5));
      await expect(rig.start({}, undefined, { definitions: [other] })).rejects.toThrow(ViewSchemaConflict);
    });
  });

  it('builds a view anew when the log was restored from an older backup', async () => {
    const events = manyEvents(80);
    const parted = [...events.slice(0, 40), ...manyEvents(60, 'b').slice(40)];
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events]), async (rig) => {
      const before = await rig.start();
      await rig.expectCurrent(events);
      await before.engine.stop();
      for (const restored of [events.slice(0, 40), parted]) {
        rig.events.restore(restored);
        const { engine, log } = await rig.start();
        await eventually(() => engine.status().every(({ position }) => position === restored.at(-1)?.position));
        await rig.expectCurrent(restored);
        const rebuilt = log.filter(({ message }) => message.includes('built anew')).map(({ view }) => view);
        // The second log goes on from the first: its views are kept.
        expect(rebuilt).toEqual(restored === parted ? [] : ['opportunities', 'entries']);
        await engine.stop();
      }
      rig.events.restore([...events.slice(0, 40), ...manyEvents(80, 'c').slice(40)]);
      const { engine } = await rig.start();
      await rig.expectCurrent([...events.slice(0, 40), ...manyEvents(80, 'c').slice(40)]);
      await engine.stop();
    });
  });

  it('survives a log that goes down', async () => {
    const events = manyEvents(120);
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events.slice(0, 60)]), async (rig) => {
      const { engine } = await rig.start();
      await rig.expectCurrent(events.slice(0, 60));
      rig.events.setDown(true);
      await eventually(() => engine.status().every(({ error }) => error?.includes('the log is down') === true));
      rig.events.setDown(false);
      rig.events.add(events.slice(60));
      await rig.expectCurrent(events);
      await eventually(() => engine.status().every(({ error }) => error === null));
    });
  });

  it('notices a subscription that has fallen silent, and makes it anew', async () => {
    const events = manyEvents(120);
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events.slice(0, 60)]), async (rig) => {
      await rig.start({ stalledAfterMs: 50 });
      await rig.expectCurrent(events.slice(0, 60));
      rig.events.setSilent(true);
      rig.events.add(events.slice(60));
      await eventually(async () => (await rig.store.checkpoint(ENTRIES.schema))?.position === events[59]?.position);
      rig.events.setSilent(false);
      await rig.expectCurrent(events);
    });
  });

  it.each([-HOUR, HOUR])('waits no longer because the clock is set by %d ms', async (by) => {
    const events = manyEvents(120);
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events.slice(0, 60)]), async (rig) => {
      let fails = false;
      const { engine } = await rig.start({ stalledAfterMs: 50 }, () => (fails ? 'fails-before' : 'none'));
      await rig.expectCurrent(events.slice(0, 60));
      const { now } = Date;
      try {
        fails = true;
        rig.events.add(events.slice(60, 90));
        await eventually(() => engine.status().every(({ leading, error }) => !leading && error !== null));
        Date.now = () => now() + by;
        fails = false;
        await rig.expectCurrent(events.slice(0, 90));
        rig.events.setSilent(true);
        rig.events.add(events.slice(90));
        await eventually(async () => (await rig.store.checkpoint(ENTRIES.schema))?.position === events[89]?.position);
        rig.events.setSilent(false);
        await rig.expectCurrent(events);
        await eventually(() => engine.status().every(({ moving, error }) => moving && error === null));
      } finally {
        Date.now = now;
      }
    });
  });

  it('comes to the clean fold whatever the store does', async () => {
    const mishaps = fc.infiniteStream(
      fc.oneof({ weight: 5, arbitrary: fc.constant('none' as const) }, fc.constantFrom('fails-before', 'fails-after')),
    );
    const property = fc.asyncProperty(histories, mishaps, async (history, stream) => {
      await ProjectionRig.with(VIEWS, new MemoryEventStore([...history.slice(0, 20)]), async (rig) => {
        let calls = 0;
        const next = (): Mishap => {
          const step: IteratorResult<Mishap, unknown> = stream.next();
          return step.done === true ? 'none' : step.value;
        };
        // A store that fails for ever proves nothing: after a while it recovers.
        await rig.start({}, () => (++calls > 120 ? 'none' : next()));
        await new Promise((resolve) => setTimeout(resolve, 5));
        rig.events.add(history.slice(20));
        await rig.expectCurrent(history);
      });
    });
    await fc.assert(property, { numRuns: 15 });
  });
});

describe('a version of a view', () => {
  const NEXT: View = { ...OPPORTUNITIES, schema: { ...OPPORTUNITIES.schema, version: 2 } };
  const events = manyEvents(60);

  it('is removed some time after the next one has caught up, when nobody leads it any more', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events]), async (rig) => {
      const old = await rig.start();
      await rig.expectCurrent(events);
      const { engine, log } = await rig.start({}, () => 'none', { definitions: [NEXT, ENTRIES], retireEarlier: true });
      await rig.expectCurrent(events, [NEXT, ENTRIES]);
      await sleep(200);
      await rig.expectCurrent(events, [OPPORTUNITIES]);
      expect(await rig.store.versions(NEXT.schema)).toEqual([1, 2]);
      await old.engine.stop();
      await eventually(async () => (await rig.store.versions(NEXT.schema)).join() === '2');
      expect(await rig.store.checkpoint(OPPORTUNITIES.schema)).toBeNull();
      await rig.expectCurrent(events, [NEXT, ENTRIES]);
      expect(log.map(({ message }) => message)).toContain('version 1 is removed: version 2 has caught up');
      expect(engine.status()).toMatchObject([{ error: null }, { error: null }]);
    });
  });

  it('stays where the engine is not told to remove any, and when it cannot be removed', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events]), async (rig) => {
      await (await rig.start()).engine.stop();
      const plain = await rig.start({}, () => 'none', { definitions: [NEXT] });
      await rig.expectCurrent(events, [NEXT]);
      await sleep(150);
      await plain.engine.stop();
      expect(await rig.store.versions(NEXT.schema)).toEqual([1, 2]);
      const broken = await rig.start({}, (call) => (call === 'drop' ? 'fails-before' : 'none'), {
        definitions: [NEXT],
        retireEarlier: true,
      });
      await eventually(() => broken.log.some(({ message }) => message.startsWith('earlier versions are not removed')));
      const more = manyEvents(70).slice(60);
      rig.events.add(more);
      await rig.expectCurrent([...events, ...more], [NEXT]);
      expect(await rig.store.versions(NEXT.schema)).toEqual([1, 2]);
    });
  });
});

describe('several engines on the same stores', () => {
  it('take over from one that has stopped', async () => {
    const events = manyEvents(200);
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events.slice(0, 100)]), async (rig) => {
      const first = await rig.start();
      await rig.expectCurrent(events.slice(0, 100));
      const second = await rig.start();
      await eventually(() => second.engine.status().every(({ position }) => position === events[99]?.position));
      expect(second.engine.status().map(({ leading }) => leading)).toEqual([false, false]);
      await first.engine.stop();
      rig.events.add(events.slice(100));
      await rig.expectCurrent(events);
      expect(second.engine.status().map(({ leading }) => leading)).toEqual([true, true]);
      expect(first.engine.status().map(({ leading }) => leading)).toEqual([false, false]);
    });
  });

  it('take over from one that has died in the middle', async () => {
    const events = manyEvents(300);
    for (const dies of [1, 2, 5, 9, 14, 23, 31]) {
      await ProjectionRig.with(VIEWS, new MemoryEventStore([...events]), async (rig) => {
        let commits = 0;
        let dead = false;
        const dying = await rig.start({ leaseTtlMs: 40 }, (call) => {
          if (call === 'commit' && ++commits === dies) dead = true;
          return dead ? 'never-returns' : 'none';
        });
        await eventually(() => dead);
        rig.bury(dying);
        await rig.start({ leaseTtlMs: 40 });
        await rig.expectCurrent(events);
      });
    }
  });

  it('count every event once while their leases keep running out', async () => {
    const events = manyEvents(1_500);
    await ProjectionRig.with(VIEWS, new MemoryEventStore([...events.slice(0, 200)]), async (rig) => {
      // A lease of no duration passes at every attempt: both lead, and only the epochs keep them apart.
      const engines = [
        await rig.start({ leaseTtlMs: 0, tickMs: 3 }),
        await rig.start({ leaseTtlMs: 0, tickMs: 4 }),
        await rig.start({ leaseTtlMs: 1, tickMs: 5 }),
      ];
      for (let next = 200; next < events.length; next += 50) {
        rig.events.add(events.slice(next, next + 50));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await rig.expectCurrent(events);
      const takeovers = engines.flatMap(({ log }) => log.filter(({ message }) => message.startsWith('leads from')));
      expect(takeovers.length).toBeGreaterThan(10);
    });
  });
});
