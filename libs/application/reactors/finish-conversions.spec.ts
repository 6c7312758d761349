import { type SqliteWorkStore } from '#platform/work-store/adapters/sqlite/sqlite-work-store.js';
import { Streams } from '../streams.js';
import { convert, convertible, EFFECTS, effectsOf, type Convertible } from '../testing/conversions.js';
import { type EmbeddedLog } from '../testing/embedded-log.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { finishConversions } from './finish-conversions.js';
import { TEXTS } from '../testing/personal.js';
import { reactUntil } from '../testing/reacting.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';

const NAME = 'finish-conversions';
let rig: ProjectedLog;
let log: EmbeddedLog;
let work: SqliteWorkStore;
beforeEach(async () => {
  rig = await projectedLog([]);
  ({ log, work } = rig);
});
afterEach(() => rig.remove());

/** A lead whose conversion was cut off after so many of its effects. */
async function cutOff(effects: number): Promise<Convertible> {
  const lead = await convertible(log.store);
  const store = new UnreliableEventStore(log.store);
  store.faults.push(...Array<AppendFault>(effects).fill('none'), ...Array<AppendFault>(50).fill('hung-before'));
  await convert(store, lead, { deadlineMs: 200 }).catch(() => undefined);
  expect(await effectsOf(log.store, lead)).toHaveLength(effects);
  return lead;
}

/** Runs the reactor until what is waited for has come. */
const react = (until: () => Promise<boolean>, store = new UnreliableEventStore(log.store)): Promise<unknown[]> =>
  reactUntil(until, finishConversions(new Streams(store, TEXTS)), store, work);

const isFinished = (lead: Convertible) => async () => (await effectsOf(log.store, lead)).length === EFFECTS.length;

describe('the reactor on conversions', () => {
  it('finishes what was cut off, each contact and deal once, and leaves what is whole alone', async () => {
    const leads = [await cutOff(1), await cutOff(2), await cutOff(3), await cutOff(4)];
    expect(
      await react(async () => (await Promise.all(leads.map((lead) => isFinished(lead)()))).every(Boolean)),
    ).toEqual([]);
    for (const lead of leads) {
      expect((await effectsOf(log.store, lead)).map(({ type }) => type)).toEqual(EFFECTS);
    }
  });

  it('goes on from its checkpoint, and may meet a conversion again', async () => {
    const lead = await cutOff(1);
    await react(isFinished(lead));
    await work.forgetCheckpoint(NAME, (await work.checkpoint(NAME)) ?? { position: 0n, hash: '' });
    const another = await cutOff(1);
    await react(isFinished(another));
    expect(await effectsOf(log.store, lead)).toHaveLength(EFFECTS.length);
  });

  it('tries again until the store is back', async () => {
    const lead = await cutOff(1);
    const store = new UnreliableEventStore(log.store);
    store.reads = 'failed';
    const back = setTimeout(() => (store.reads = 'answered'), 100);
    await react(isFinished(lead), store);
    clearTimeout(back);
    expect(await effectsOf(log.store, lead)).toHaveLength(EFFECTS.length);
  });

  it('begins anew when the log does not hold the event of its checkpoint any more', async () => {
    const lead = await cutOff(1);
    // As a log that lost its end leaves it: the position was given out anew, or was never reached again.
    for (const position of [(await log.store.head()) ?? 0n, 1_000_000n]) {
      await work.saveCheckpoint(NAME, { position, hash: 'f'.repeat(64) });
    }
    await react(isFinished(lead));
    expect(await effectsOf(log.store, lead)).toHaveLength(EFFECTS.length);
  });

  it('saves no checkpoint ahead of its effects: a log that loses its end loses both', async () => {
    const lead = await cutOff(1);
    await react(async () => (await work.checkpoint(NAME)) !== null);
    const [converted, , , opened] = await effectsOf(log.store, lead);
    expect(opened?.position).toBeGreaterThan(converted?.position ?? 0n);
    expect((await work.checkpoint(NAME))?.position).toBeGreaterThanOrEqual(opened?.position ?? 0n);
  });

  it('is not held up by a deal that another command has opened', async () => {
    const [first, second] = [await cutOff(1), await cutOff(1)];
    const dealId = (await effectsOf(log.store, first))[0]?.data['dealId'];
    expect(typeof dealId).toBe('string');
    const thief = await convertible(log.store);
    if (typeof dealId === 'string') await convert(log.store, thief, { dealId });
    const errors = await react(isFinished(second));
    expect(errors).toMatchObject([{ rejection: { code: 'id-already-used' } }]);
  });

  it('several at once come to the same', async () => {
    const leads = [await cutOff(1), await cutOff(2), await cutOff(1)];
    const all = async () => (await Promise.all(leads.map((lead) => isFinished(lead)()))).every(Boolean);
    await Promise.all([react(all), react(all), react(all)]);
    for (const lead of leads) expect(await effectsOf(log.store, lead)).toHaveLength(EFFECTS.length);
  });
});
