import { type SqliteWorkStore } from '#platform/work-store/adapters/sqlite/sqlite-work-store.js';
import { Streams } from '../streams.js';
import { type EmbeddedLog } from '../testing/embedded-log.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import {
  churnedDeal,
  WIN_BACK_EFFECTS,
  winBackBy,
  winBackDeal,
  winBackEffects,
  type Churned,
} from '../testing/win-backs.js';
import { finishWinBacks } from './finish-win-backs.js';
import { TEXTS } from '../testing/personal.js';
import { reactUntil } from '../testing/reacting.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';

const NAME = 'finish-win-backs';
let rig: ProjectedLog;
let log: EmbeddedLog;
let work: SqliteWorkStore;
beforeEach(async () => {
  rig = await projectedLog([]);
  ({ log, work } = rig);
});
afterEach(() => rig.remove());

/** A churned deal whose win-back was cut off after so many of its effects. */
async function cutOff(effects: number): Promise<Churned> {
  const churned = await churnedDeal(log.store);
  const store = new UnreliableEventStore(log.store);
  store.faults.push(...Array<AppendFault>(effects).fill('none'), ...Array<AppendFault>(50).fill('hung-before'));
  await winBackBy(store, churned, { deadlineMs: 200 }).catch(() => undefined);
  expect(await winBackEffects(log.store, churned)).toHaveLength(effects);
  return churned;
}

/** Runs the reactor until what is waited for has come. */
const react = (until: () => Promise<boolean>, store = new UnreliableEventStore(log.store)): Promise<unknown[]> =>
  reactUntil(until, finishWinBacks(new Streams(store, TEXTS)), store, work);

const isFinished = (churned: Churned) => async () => {
  return (await winBackEffects(log.store, churned)).length === WIN_BACK_EFFECTS.length;
};

describe('the reactor on win-backs', () => {
  it('opens the deals of those that were cut off, once, and leaves what is whole alone', async () => {
    const cut = [await cutOff(1), await cutOff(2), await cutOff(1)];
    const all = async () => (await Promise.all(cut.map((churned) => isFinished(churned)()))).every(Boolean);
    expect(await react(all)).toEqual([]);
    for (const churned of cut) {
      const effects = await winBackEffects(log.store, churned);
      const [, opened, ...more] = effects;
      expect(more).toEqual([]);
      expect(opened).toMatchObject({
        stream: `deal-${winBackDeal(effects)}`,
        type: 'DealOpened',
        data: { kind: 'win-back', previousDealId: churned.deal },
      });
    }
  });

  it('goes on from its checkpoint, and may meet a win-back again', async () => {
    const churned = await cutOff(1);
    await react(isFinished(churned));
    await work.forgetCheckpoint(NAME, (await work.checkpoint(NAME)) ?? { position: 0n, hash: '' });
    await react(isFinished(await cutOff(1)));
    expect(await winBackEffects(log.store, churned)).toHaveLength(WIN_BACK_EFFECTS.length);
  });

  it('tries again until the store is back', async () => {
    const churned = await cutOff(1);
    const store = new UnreliableEventStore(log.store);
    store.faults.push('refused', 'lost-before', 'lost-after');
    await react(isFinished(churned), store);
    expect(await winBackEffects(log.store, churned)).toHaveLength(WIN_BACK_EFFECTS.length);
  });

  it('is not held up by a deal that another command has opened: that win-back is given up', async () => {
    const [first, second] = [await cutOff(1), await cutOff(1)];
    const dealId = winBackDeal(await winBackEffects(log.store, first));
    await winBackBy(log.store, await churnedDeal(log.store), { dealId });
    const errors = await react(isFinished(second));
    expect(errors).toMatchObject([{ rejection: { code: 'id-already-used' } }]);
    expect((await log.store.readStream(`deal-${first.deal}`)).at(-1)).toMatchObject({
      type: 'WinBackAbandoned',
      data: { dealId },
    });
  });

  it('several at once, and beside the command itself, come to the same', async () => {
    const cut = [await cutOff(1), await cutOff(1)];
    const all = async () => (await Promise.all(cut.map((churned) => isFinished(churned)()))).every(Boolean);
    await Promise.all([react(all), react(all), ...cut.map((churned) => winBackBy(log.store, churned))]);
    for (const churned of cut) {
      expect(await winBackEffects(log.store, churned)).toHaveLength(WIN_BACK_EFFECTS.length);
    }
  });
});
