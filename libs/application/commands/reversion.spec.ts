import { randomUUID } from 'node:crypto';
import { OutcomeUnknown } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { Streams } from '../streams.js';
import { convert, convertible, type Convertible } from '../testing/conversions.js';
import { embeddedLog, type EmbeddedLog } from '../testing/embedded-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import type { EventStore } from '#event-store/port.js';
import { DEAL } from '../aggregate.js';
import type { CommandAnswer } from './command.js';
import { MoveDealStageCommand, MoveDealStageHandler } from './deal.handlers.js';
import { RevertConversionCommand, RevertConversionHandler } from './void.handlers.js';
import { TEXTS } from '../testing/personal.js';

const EFFECTS = ['DealVoided', 'LeadConversionReverted'];
let log: EmbeddedLog;
beforeAll(async () => {
  log = await embeddedLog();
});
afterAll(() => log.remove());

interface Converted extends Convertible {
  readonly deal: string;
}

async function converted(): Promise<Converted> {
  const lead = await convertible(log.store);
  const deal = randomUUID();
  await convert(log.store, lead, { dealId: deal });
  return { ...lead, deal };
}

/** Takes the conversion back as a process of its own would: nothing cached, nothing remembered. */
function revert(store: EventStore, { lead }: Converted, key = 'revert', deadlineMs = 5_000): Promise<CommandAnswer> {
  const handler = new RevertConversionHandler(new CommandExecutor(new Streams(store, TEXTS), undefined, deadlineMs));
  return handler.execute(new RevertConversionCommand(lead, { reason: 'no budget' }, keyedRequest(`${key} ${lead}`)));
}

async function move({ deal, pipeline }: Converted): Promise<CommandAnswer> {
  const streams = new Streams(log.store, TEXTS);
  const policies = new StreamPolicies(streams);
  const toStageId = (await policies.pipeline(pipeline))?.versions[0]?.stages[1]?.id ?? '';
  const handler = new MoveDealStageHandler(new CommandExecutor(streams), policies);
  return handler.execute(new MoveDealStageCommand(deal, { toStageId }, keyedRequest(`move ${deal}`)));
}

async function effectsOf({ lead, deal }: Converted): Promise<readonly string[]> {
  const events = [...(await log.store.readStream(`deal-${deal}`)), ...(await log.store.readStream(`lead-${lead}`))];
  return events.map(({ type }) => type).filter((type) => EFFECTS.includes(type));
}

/** What must be there in the end, whatever happened before. */
async function expectReverted(lead: Converted): Promise<void> {
  const replayed = await revert(log.store, lead);
  expect(await effectsOf(lead)).toEqual(EFFECTS);
  const [told] = (await log.store.readStream(`lead-${lead.lead}`)).slice(-1);
  expect(replayed).toMatchObject({
    status: 200,
    replayed: true,
    body: { id: lead.lead, revision: told?.revision, position: String(told?.position) },
  });
  await expect(revert(log.store, lead, 'another')).rejects.toMatchObject({ rejection: { code: 'wrong-status' } });
  expect(await effectsOf(lead)).toEqual(EFFECTS);
  const again = await convert(log.store, lead, { key: 'again' });
  expect(again).toMatchObject({ status: 201, replayed: false });
  expect(await revert(log.store, lead)).toEqual(replayed);
}

describe.each(EFFECTS)('a process that stops at %s', (effect) => {
  it.each<AppendFault>(['hung-before', 'hung-after'])('%s: the same key finishes it', async (fault) => {
    const lead = await converted();
    const store = new UnreliableEventStore(log.store);
    const before = EFFECTS.indexOf(effect);
    store.faults.push(...Array<AppendFault>(before).fill('none'), fault, ...Array<AppendFault>(50).fill('hung-before'));
    await expect(revert(store, lead, 'revert', 300)).rejects.toThrow(OutcomeUnknown);
    const done = before + (fault === 'hung-after' ? 1 : 0);
    expect(await effectsOf(lead)).toEqual(EFFECTS.slice(0, done));
    await revert(log.store, lead);
    await expectReverted(lead);
  });

  it.each<AppendFault>(['hung-before', 'hung-after'])('%s: another key finishes it, too', async (fault) => {
    const lead = await converted();
    const store = new UnreliableEventStore(log.store);
    const before = EFFECTS.indexOf(effect);
    store.faults.push(...Array<AppendFault>(before).fill('none'), fault, ...Array<AppendFault>(50).fill('hung-before'));
    await expect(revert(store, lead, 'revert', 300)).rejects.toThrow(OutcomeUnknown);
    await revert(log.store, lead, 'another').catch(() => undefined);
    expect(await effectsOf(lead)).toEqual(EFFECTS);
  });

  it.each<AppendFault>(['lost-before', 'lost-after', 'conflict'])('%s once: it goes on', async (fault) => {
    const lead = await converted();
    const store = new UnreliableEventStore(log.store);
    store.faults.push(...Array<AppendFault>(EFFECTS.indexOf(effect)).fill('none'), fault);
    expect(await revert(store, lead)).toMatchObject({ status: 200, replayed: false });
    await expectReverted(lead);
  });
});

describe('taking a conversion back', () => {
  it('is never said to have written nothing once the deal is voided', async () => {
    const lead = await converted();
    const store = new UnreliableEventStore(log.store);
    store.faults.push('none', ...Array<AppendFault>(50).fill('refused'));
    await expect(revert(store, lead, 'revert', 300)).rejects.toThrow(OutcomeUnknown);
    await revert(log.store, lead);
    await expectReverted(lead);
  });

  it('finishes first a conversion that was cut off', async () => {
    const lead = { ...(await convertible(log.store)), deal: randomUUID() };
    const store = new UnreliableEventStore(log.store);
    store.faults.push('none', ...Array<AppendFault>(50).fill('hung-before'));
    await expect(convert(store, lead, { dealId: lead.deal, deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    await revert(log.store, lead);
    await expectReverted(lead);
  });

  it('is refused when the deal has moved on, and leaves both as they are', async () => {
    const lead = await converted();
    await move(lead);
    await expect(revert(log.store, lead)).rejects.toMatchObject({ rejection: { code: 'deal-moved-on' } });
    expect(await effectsOf(lead)).toEqual([]);
  });

  it('at the same moment as a move: either of them, never both', async () => {
    for (let round = 0; round < 10; round++) {
      const lead = await converted();
      const [moved, reverted] = await Promise.allSettled([move(lead), revert(log.store, lead)]);
      expect([moved.status, reverted.status].sort()).toEqual(['fulfilled', 'rejected']);
      expect(await effectsOf(lead)).toEqual(reverted.status === 'fulfilled' ? EFFECTS : []);
      const { state } = await new Streams(log.store, TEXTS).load(DEAL, lead.deal);
      expect(state?.status).toBe(reverted.status === 'fulfilled' ? 'voided' : 'open');
    }
  });

  it('at once under one key and many comes to the same', async () => {
    const lead = await converted();
    const keys = ['revert', 'revert', 'revert', 'b', 'c', 'd'];
    await Promise.allSettled(keys.map((key) => revert(log.store, lead, key)));
    expect(await effectsOf(lead)).toEqual(EFFECTS);
  });
});
