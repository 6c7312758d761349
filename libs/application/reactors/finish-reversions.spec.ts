import { randomUUID } from 'node:crypto';
import { type SqliteWorkStore } from '#platform/work-store/adapters/sqlite/sqlite-work-store.js';
import { RevertConversionCommand, RevertConversionHandler } from '../commands/void.handlers.js';
import { CommandExecutor } from '../execute.js';
import { Streams } from '../streams.js';
import { convert, convertible, type Convertible } from '../testing/conversions.js';
import { type EmbeddedLog } from '../testing/embedded-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { finishConversions } from './finish-conversions.js';
import { finishReversions } from './finish-reversions.js';
import { type Reactor } from './run-reactor.js';
import { TEXTS } from '../testing/personal.js';
import { reactUntil } from '../testing/reacting.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';

let rig: ProjectedLog;
let log: EmbeddedLog;
let work: SqliteWorkStore;
beforeEach(async () => {
  rig = await projectedLog([]);
  ({ log, work } = rig);
});
afterEach(() => rig.remove());

const HUNG = Array<AppendFault>(50).fill('hung-before');

const react = (reactor: (streams: Streams) => Reactor, until: () => Promise<boolean>): Promise<unknown[]> =>
  reactUntil(until, reactor(new Streams(log.store, TEXTS)), log.store, work);

async function typesOf({ lead }: Convertible): Promise<readonly string[]> {
  return (await log.store.readStream(`lead-${lead}`)).map(({ type }) => type);
}

const isTold = (lead: Convertible) => async () => (await typesOf(lead)).at(-1) === 'LeadConversionReverted';

/** A lead whose deal was voided by a process that died before it could tell the lead. */
async function cutOff(): Promise<Convertible> {
  const lead = await convertible(log.store);
  await convert(log.store, lead);
  const store = new UnreliableEventStore(log.store);
  store.faults.push('none', ...HUNG);
  const handler = new RevertConversionHandler(new CommandExecutor(new Streams(store, TEXTS), undefined, 200));
  const command = new RevertConversionCommand(lead.lead, { reason: 'no budget' }, keyedRequest(`revert ${lead.lead}`));
  await handler.execute(command).catch(() => undefined);
  expect((await typesOf(lead)).at(-1)).toBe('LeadConverted');
  return lead;
}

describe('the reactor on conversions that are taken back', () => {
  it('tells the lead what its deal has decided, once', async () => {
    const leads = [await cutOff(), await cutOff()];
    const all = async () => (await Promise.all(leads.map((lead) => isTold(lead)()))).every(Boolean);
    await Promise.all([react(finishReversions, all), react(finishReversions, all)]);
    for (const lead of leads) {
      expect((await typesOf(lead)).filter((type) => type === 'LeadConversionReverted')).toHaveLength(1);
    }
  });

  it('does not take back a later conversion of the same lead when it meets the event again', async () => {
    const lead = await cutOff();
    await react(finishReversions, isTold(lead));
    await convert(log.store, lead, { key: 'again' });
    await work.forgetCheckpoint(
      'finish-reversions',
      (await work.checkpoint('finish-reversions')) ?? { position: 0n, hash: '' },
    );
    const another = await cutOff();
    await react(finishReversions, isTold(another));
    expect((await typesOf(lead)).at(-1)).toBe('LeadConverted');
  });
});

describe('the reactor on conversions', () => {
  it('makes a lead qualified again of which the deal is somebody else’s', async () => {
    const [winner, loser] = [await convertible(log.store), await convertible(log.store)];
    const dealId = randomUUID();
    const store = new UnreliableEventStore(log.store);
    store.faults.push('none', ...HUNG);
    await convert(store, loser, { dealId, deadlineMs: 200 }).catch(() => undefined);
    await convert(log.store, winner, { dealId });
    const errors = await react(finishConversions, isTold(loser));
    expect(errors).toMatchObject([{ rejection: { code: 'id-already-used' } }]);
    expect((await typesOf(winner)).at(-1)).toBe('LeadConverted');
  });
});
