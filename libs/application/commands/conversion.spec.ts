import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '#event-store/port.js';
import { CommandRejected, OutcomeUnknown } from '../errors.js';
import { convert, convertible, EFFECTS, effectsOf, type Convertible } from '../testing/conversions.js';
import { embeddedLog, type EmbeddedLog } from '../testing/embedded-log.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';

let log: EmbeddedLog;
beforeAll(async () => {
  log = await embeddedLog();
});
afterAll(() => log.remove());

/** What must be there in the end, whatever happened before. */
async function expectOneConversion(convertible: Convertible): Promise<void> {
  const replayed = await convert(log.store, convertible);
  const effects = await effectsOf(log.store, convertible);
  expect(effects.map(({ type }) => type)).toEqual(EFFECTS);
  const [converted, , , opened] = effects;
  expect(replayed).toMatchObject({
    status: 201,
    replayed: true,
    body: {
      id: convertible.lead,
      revision: converted?.revision,
      position: String(opened?.position),
      deal: { id: converted?.data['dealId'], revision: 0 },
    },
  });
  expect(await convert(log.store, convertible)).toEqual(replayed);
  const other = convert(log.store, convertible, { key: 'another' });
  await expect(other).rejects.toMatchObject({
    rejection: { code: 'already-converted', data: { dealId: converted?.data['dealId'] } },
  });
  expect(await effectsOf(log.store, convertible)).toHaveLength(EFFECTS.length);
}

describe.each(EFFECTS)('a process that stops at %s', (effect) => {
  it.each<AppendFault>(['hung-before', 'hung-after'])('%s: the same key finishes it', async (fault) => {
    const lead = await convertible(log.store);
    const store = new UnreliableEventStore(log.store);
    const before = EFFECTS.indexOf(effect);
    store.faults.push(...Array<AppendFault>(before).fill('none'), fault, ...Array<AppendFault>(50).fill('hung-before'));
    await expect(convert(store, lead, { deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    const done = before + (fault === 'hung-after' ? 1 : 0);
    expect((await effectsOf(log.store, lead)).map(({ type }) => type)).toEqual(EFFECTS.slice(0, done));
    if (done === 0) await convert(log.store, lead);
    await expectOneConversion(lead);
  });

  it.each<AppendFault>(['lost-before', 'lost-after', 'conflict'])('%s once: it goes on', async (fault) => {
    const lead = await convertible(log.store);
    const store = new UnreliableEventStore(log.store);
    store.faults.push(...Array<AppendFault>(EFFECTS.indexOf(effect)).fill('none'), fault);
    expect(await convert(store, lead)).toMatchObject({ status: 201, replayed: false });
    await expectOneConversion(lead);
  });
});

describe('a conversion of which the first step is done', () => {
  it('is never said to have written nothing, when appends are refused', async () => {
    const lead = await convertible(log.store);
    const store = new UnreliableEventStore(log.store);
    store.faults.push('none', ...Array<AppendFault>(50).fill('refused'));
    await expect(convert(store, lead, { deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    await expectOneConversion(lead);
  });

  it('is never said to have written nothing, when reads fail', async () => {
    const lead = await convertible(log.store);
    const store = new UnreliableEventStore(log.store);
    const pending = expect(convert(store, lead, { deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    while (store.sent.length === 0) await new Promise(setImmediate);
    store.reads = 'failed';
    await pending;
    await expectOneConversion(lead);
  });

  it('is refused truly when nothing could be sent', async () => {
    const lead = await convertible(log.store);
    const store = new UnreliableEventStore(log.store);
    store.faults.push('refused', 'refused');
    await expect(convert(store, lead)).rejects.toThrow(StoreUnavailable);
    expect(await effectsOf(log.store, lead)).toEqual([]);
  });
});

describe('conversions at the same moment', () => {
  it('of one lead by one key come to one deal, and are answered alike', async () => {
    const lead = await convertible(log.store);
    const answers = await Promise.all(Array.from({ length: 12 }, () => convert(log.store, lead)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await expectOneConversion(lead);
  });

  it('of one lead by many keys come to one deal; the others are told which', async () => {
    const lead = await convertible(log.store);
    const keys = Array.from({ length: 12 }, (_, index) => `key ${index}`);
    const answers = await Promise.allSettled(keys.map((key) => convert(log.store, lead, { key })));
    const done = answers.filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ rejection: { code: 'already-converted' } });
    }
    expect(await effectsOf(log.store, lead)).toHaveLength(EFFECTS.length);
  });

  it('of two leads to one deal id: only one of them is, the other is qualified again', async () => {
    const leads = [await convertible(log.store), await convertible(log.store)];
    const dealId = randomUUID();
    const answers = await Promise.allSettled(leads.map((lead) => convert(log.store, lead, { dealId })));
    const [opened] = await log.store.readStream(`deal-${dealId}`);
    for (const [index, answer] of answers.entries()) {
      const isOwner = opened?.data['leadId'] === leads[index]?.lead;
      expect(answer.status).toBe(isOwner ? 'fulfilled' : 'rejected');
      if (answer.status === 'rejected') {
        expect(answer.reason).toBeInstanceOf(CommandRejected);
        expect(answer.reason).toMatchObject({ rejection: { code: 'id-already-used' } });
      }
    }
    expect(await log.store.readStream(`deal-${dealId}`)).toHaveLength(1);
    for (const lead of leads.filter(({ lead: id }) => id !== opened?.data['leadId'])) {
      await expectQualifiedAgain(lead, dealId);
    }
  });

  it.each<AppendFault>(['hung-before', 'hung-after'])(
    'of two leads to one deal id, and the loser’s process stops (%s): its key makes it qualified again',
    async (fault) => {
      const [winner, loser] = [await convertible(log.store), await convertible(log.store)];
      const dealId = randomUUID();
      // Both have looked for the deal and found none before either of them opens it.
      const held = new UnreliableEventStore(log.store);
      held.faults.push('held-before');
      const losing = convert(held, loser, { dealId, deadlineMs: 10_000 });
      const outcome = losing.then(
        () => null,
        (error: unknown) => error,
      );
      while (held.sent.length === 0) await new Promise(setImmediate);
      await convert(log.store, winner, { dealId });
      // Its contacts are registered; then comes what takes the conversion back.
      held.faults.push('none', 'none', fault, ...Array<AppendFault>(50).fill('hung-before'));
      await held.release();
      while (held.sent.length < 4) await new Promise(setImmediate);
      await expect(convert(log.store, loser, { dealId })).rejects.toMatchObject({
        rejection: { code: 'id-already-used' },
      });
      await expectQualifiedAgain(loser, dealId);
      void outcome;
    },
  );
});

/** The lead is as if it had not been converted: by one event, and it becomes a deal under another id. */
async function expectQualifiedAgain(lead: Convertible, dealId: string): Promise<void> {
  const undone = async () =>
    (await log.store.readStream(`lead-${lead.lead}`)).filter(({ type }) => type === 'LeadConversionReverted');
  expect((await undone()).map(({ data }) => data)).toMatchObject([{ dealId }]);
  const taken = { rejection: { code: 'id-already-used' } };
  await expect(convert(log.store, lead, { dealId })).rejects.toMatchObject(taken);
  await expect(convert(log.store, lead, { dealId, key: 'another' })).rejects.toMatchObject(taken);
  expect(await undone()).toHaveLength(1);
  expect(await convert(log.store, lead, { key: 'a third' })).toMatchObject({ status: 201 });
}
