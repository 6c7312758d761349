import { Leadership } from './leadership.js';
import { foldView } from './fold.js';
import { type Happening, recorded } from './testing/history.js';
import { MemoryEventStore } from './testing/memory-event-store.js';
import { OPPORTUNITIES, type Opportunity } from './testing/opportunities.view.js';
import { ProjectionRig } from './testing/projection-rig.js';
import { comparable, storedView } from './testing/stored-view.js';
import type { View } from './view.js';

const opened = (deal: string): Happening => ({ stream: `deal-${deal}`, type: 'Opened', data: { board: 'b' } });
const moved = (deal: string, stage: string): Happening => ({ stream: `deal-${deal}`, type: 'Moved', data: { stage } });

/** Folds everything, but has no rows for one stage. */
const ROWLESS: View<Opportunity> = {
  ...OPPORTUNITIES,
  rows: (state, key) => {
    if (state.stage === 'throws') throw new RangeError('no rows');
    return OPPORTUNITIES.rows(state, key);
  },
};

async function withLeader(
  view: View<Opportunity>,
  test: (leader: Leadership<Opportunity>, rig: ProjectionRig) => Promise<void>,
): Promise<void> {
  await ProjectionRig.with([OPPORTUNITIES], new MemoryEventStore([]), async (rig) => {
    await rig.store.prepare(view.schema);
    const lease = await rig.store.acquireLease(view.schema, 'test:0:a', 60_000);
    await test(await Leadership.take(view, rig.store, lease?.epoch ?? 0), rig);
  });
}

describe('events that are folded before they are committed', () => {
  const events = recorded([
    opened('a'),
    opened('b'),
    moved('b', 's1'),
    moved('b', 'throws'),
    moved('a', 's1'),
    moved('b', 's2'),
    moved('b', 'throws'),
  ]);

  it('are stored by the commit after them and not before', async () => {
    await withLeader(OPPORTUNITIES, async (leader, rig) => {
      await leader.gather(events.slice(0, 3), null);
      await leader.gather(events.slice(3, 5), events[2]?.position ?? null);
      expect(leader.waiting).toEqual({ held: 2, touched: 5, events: 5 });
      expect(leader.checkpoint).toBeNull();
      expect((await storedView(rig.store, OPPORTUNITIES.schema)).rows.size).toBe(0);
      await leader.apply(events.slice(5), events[4]?.position ?? null);
      expect(leader.waiting).toEqual({ held: 0, touched: 0, events: 0 });
      const stored = await storedView(rig.store, OPPORTUNITIES.schema);
      const { schema } = OPPORTUNITIES;
      expect(comparable(schema, stored)).toEqual(comparable(schema, foldView(OPPORTUNITIES, events)));
    });
  });

  it('are not folded twice when they are delivered again, and none may be missing', async () => {
    await withLeader(OPPORTUNITIES, async (leader) => {
      await leader.gather(events.slice(0, 3), null);
      await leader.gather(events.slice(0, 4), null);
      expect(leader.waiting.events).toBe(4);
      await expect(leader.gather(events.slice(5), events[4]?.position ?? null)).rejects.toThrow(/would miss events/);
    });
  });

  it('park a key whose rows cannot be told from its first event on, until it is tried again', async () => {
    await withLeader(ROWLESS, async (leader) => {
      await leader.gather(events.slice(0, 5), null);
      await leader.apply(events.slice(5), events[4]?.position ?? null);
      const positions = [1, 2, 3, 5, 6].map((index) => events[index]?.position);
      expect(leader.parked.get('b')).toMatchObject({ position: positions[0], waiting: positions.slice(1) });
      expect(leader.takeRoughlyParked()).toEqual(['b']);
      expect(leader.takeRoughlyParked()).toEqual([]);
      const read = async (places: readonly bigint[]) => events.filter(({ position }) => places.includes(position));
      expect(await leader.retry('b', read)).toBe(false);
      expect(leader.parked.get('b')).toMatchObject({ position: positions[2], waiting: positions.slice(3) });
    });
  });
});
