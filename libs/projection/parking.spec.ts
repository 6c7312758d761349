import type { RecordedEvent } from '#event-store/event.js';
import { Leadership } from './leadership.js';
import { type Happening, recorded } from './testing/history.js';
import { MemoryEventStore } from './testing/memory-event-store.js';
import { ENTRIES, OPPORTUNITIES, type Opportunity } from './testing/opportunities.view.js';
import { eventually, ProjectionRig } from './testing/projection-rig.js';
import { storedView } from './testing/stored-view.js';
import type { View } from './view.js';

const opened = (deal: string): Happening => ({ stream: `deal-${deal}`, type: 'Opened', data: { board: 'b' } });
const moved = (deal: string, stage: string): Happening => ({ stream: `deal-${deal}`, type: 'Moved', data: { stage } });
const broken = (deal: string): Happening => ({ stream: `deal-${deal}`, type: 'Broken', data: { why: 'test' } });

/** The view after the mistake in it was corrected: the event that failed is simply known. */
const CORRECTED: View<Opportunity> = {
  ...OPPORTUNITIES,
  evolve: (state, event) =>
    OPPORTUNITIES.evolve(state, event.type === 'Broken' ? { ...event, type: 'Labelled', data: { label: 'x' } } : event),
};

const without = (events: readonly RecordedEvent[], stream: string, from: bigint): readonly RecordedEvent[] =>
  events.filter((event) => event.stream !== stream || event.position < from);

describe('an event that a view cannot fold', () => {
  const events = recorded([
    opened('sound'),
    opened('ill'),
    moved('ill', 's1'),
    broken('ill'),
    moved('ill', 's2'),
    moved('sound', 's1'),
    moved('ill', 's3'),
    moved('sound', 's2'),
    broken('ill'),
    opened('late'),
  ]);
  const failed = events[3]?.position ?? 0n;
  const waiting = [4, 6, 8].map((index) => events[index]?.position);

  it('parks its key, keeps what was there before, and lets all others go on', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events]), async (rig) => {
      for (const batchSize of [1, 3, 100]) {
        await rig.store.drop(OPPORTUNITIES.schema);
        const { engine, log } = await rig.start({ batchSize });
        await rig.store.prepare(OPPORTUNITIES.schema);
        await eventually(() => engine.status()[0]?.position === events.at(-1)?.position);
        expect(await engine.parkedKeys('opportunities')).toEqual([
          { key: 'ill', error: 'Error: cannot be folded: test', position: failed, waiting },
        ]);
        expect(engine.status()[0]).toMatchObject({ parked: 1, error: null, secondsBehind: 0 });
        expect(log.some(({ level, message }) => level === 'error' && message.includes('ill'))).toBe(true);
        await engine.stop();
        const { rows } = await storedView(rig.store, OPPORTUNITIES.schema);
        expect(rows.get('card ill')?.row).toMatchObject({ stage: 's1' });
        expect(rows.get('card sound')?.row).toMatchObject({ stage: 's2' });
        await rig.expectCurrent(without(events, 'deal-ill', failed));
      }
    });
  });

  it('stays parked through restarts and takeovers, and other processes see it', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events.slice(0, 5)]), async (rig) => {
      const first = await rig.start();
      await eventually(() => first.engine.status()[0]?.parked === 1);
      const second = await rig.start();
      await eventually(() => second.engine.status()[0]?.parked === 1);
      expect(await second.engine.parkedKeys('opportunities')).toHaveLength(1);
      await expect(second.engine.retry('opportunities', 'ill')).rejects.toThrow(/not led by this process/);
      await first.engine.stop();
      rig.events.add(events.slice(5));
      await eventually(() => second.engine.status()[0]?.position === events.at(-1)?.position);
      expect(await second.engine.parkedKeys('opportunities')).toMatchObject([{ key: 'ill', waiting }]);
    });
  });

  it('stays parked when it is tried again in vain', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events]), async (rig) => {
      const { engine } = await rig.start();
      await eventually(() => engine.status()[0]?.position === events.at(-1)?.position);
      const before = await engine.parkedKeys('opportunities');
      expect(await engine.retry('opportunities', 'ill')).toBe(false);
      expect(await engine.parkedKeys('opportunities')).toEqual(before);
      expect(await engine.retry('opportunities', 'nothing of that name')).toBe(true);
      await expect(engine.retry('nothing', 'ill')).rejects.toThrow(TypeError);
    });
  });

  it('is made up for, in order, when the view was corrected', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events]), async (rig) => {
      const before = await rig.start();
      await eventually(() => before.engine.status()[0]?.position === events.at(-1)?.position);
      await before.engine.stop();
      const { engine } = await rig.start({}, undefined, { definitions: [CORRECTED] });
      await eventually(() => engine.status()[0]?.leading === true);
      expect(await engine.retry('opportunities', 'ill')).toBe(true);
      expect(await engine.parkedKeys('opportunities')).toEqual([]);
      await rig.expectCurrent(events, [CORRECTED]);
      const more = recorded([...Array.from({ length: events.length }, () => opened('x')), moved('ill', 's9')]).slice(
        -1,
      );
      rig.events.add(more);
      await rig.expectCurrent([...events, ...more], [CORRECTED]);
    });
  });

  it('parks its key in just the same way when many batches are committed together', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events]), async (rig) => {
      const { engine } = await rig.start({ chunkSize: 1, batchSize: 100, heldStates: 100 });
      await eventually(() => engine.status()[0]?.position === events.at(-1)?.position);
      expect(await engine.parkedKeys('opportunities')).toEqual([
        { key: 'ill', error: 'Error: cannot be folded: test', position: failed, waiting },
      ]);
      await rig.expectCurrent(without(events, 'deal-ill', failed));
    });
  });

  it('parks also when only its rows cannot be told, or do not fit the table', async () => {
    const rowless: View<Opportunity> = {
      ...OPPORTUNITIES,
      rows: (state, key) => {
        if (state.stage === 'throws') throw new RangeError('no rows');
        const [card, ...moves] = OPPORTUNITIES.rows(state, key);
        if (state.stage !== 'unfit' || card === undefined) return OPPORTUNITIES.rows(state, key);
        return [{ table: card.table, row: { ...card.row, value: 2 ** 60 } }, ...moves];
      },
    };
    const history = recorded([
      opened('a'),
      opened('b'),
      moved('b', 'throws'),
      moved('a', 's1'),
      moved('a', 'unfit'),
      moved('b', 's2'),
      opened('c'),
    ]);
    await ProjectionRig.with([rowless], new MemoryEventStore([...history], 1), async (rig) => {
      const { engine } = await rig.start({ batchSize: 1 });
      await eventually(() => engine.status()[0]?.position === history.at(-1)?.position);
      expect(
        new Set((await engine.parkedKeys('opportunities')).map(({ key, position }) => `${key} ${position}`)),
      ).toEqual(new Set([`b ${history[2]?.position}`, `a ${history[4]?.position}`]));
      await engine.stop();
      await rig.expectCurrent(
        without(without(history, 'deal-b', history[2]?.position ?? 0n), 'deal-a', history[4]?.position ?? 0n),
      );
    });
  });

  it('parks under its stream when not even the key can be told', async () => {
    const keyless: View = {
      ...ENTRIES,
      key: (event) => {
        if (event.type === 'Broken') throw new Error('whose is it?');
        return event.id;
      },
    };
    await ProjectionRig.with([keyless], new MemoryEventStore([...events]), async (rig) => {
      const { engine } = await rig.start();
      await eventually(() => engine.status()[0]?.position === events.at(-1)?.position);
      expect(await engine.parkedKeys('entries')).toEqual([
        { key: '$stream/deal-ill', error: 'Error: whose is it?', position: failed, waiting: [events[8]?.position] },
      ]);
      expect(await engine.retry('entries', '$stream/deal-ill')).toBe(false);
      await engine.stop();
      await rig.expectCurrent(events.filter(({ type }) => type !== 'Broken'));
      const corrected = await rig.start({}, undefined, { definitions: [ENTRIES] });
      await eventually(() => corrected.engine.status()[0]?.leading === true);
      expect(await corrected.engine.retry('entries', '$stream/deal-ill')).toBe(true);
      await rig.expectCurrent(events, [ENTRIES]);
    });
  });

  it('is not what an error of the store is: that is tried again', async () => {
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([...events.slice(0, 3)]), async (rig) => {
      let fails = 10;
      const { engine } = await rig.start({}, (call) => (call === 'commit' && fails-- > 0 ? 'fails-before' : 'none'));
      await rig.expectCurrent(events.slice(0, 3));
      expect(await engine.parkedKeys('opportunities')).toEqual([]);
    });
  });
});

describe('a leadership', () => {
  it('refuses events after a gap', async () => {
    const history = recorded([opened('a'), moved('a', 's1'), moved('a', 's2')]);
    await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore(), async ({ store }) => {
      await store.prepare(OPPORTUNITIES.schema);
      const epoch = (await store.acquireLease(OPPORTUNITIES.schema, 'host:1:a', 60_000))?.epoch ?? 0;
      const leadership = await Leadership.take(OPPORTUNITIES, store, epoch);
      await leadership.apply(history.slice(0, 1), null);
      const gap = leadership.apply(history.slice(2), history[1]?.position ?? null);
      await expect(gap).rejects.toThrow(/would miss events/);
      await leadership.apply(history, null);
      expect(leadership.checkpoint?.position).toBe(history[2]?.position);
    });
  });
});
