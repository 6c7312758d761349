import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from '#event-store/port.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { open } from '#domain/shared/testing/deals.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import { CommandRejected, OutcomeUnknown } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { Streams } from '../streams.js';
import { embeddedLog, type EmbeddedLog } from '../testing/embedded-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import {
  churnedDeal,
  WIN_BACK_EFFECTS,
  winBackBy,
  winBackDeal,
  winBackEffects,
  type Churned,
} from '../testing/win-backs.js';
import { TEXTS } from '../testing/personal.js';

let log: EmbeddedLog;
beforeAll(async () => {
  log = await embeddedLog();
});
afterAll(() => log.remove());

/** What must be there in the end, whatever happened before. */
async function expectOneWinBack(churned: Churned): Promise<void> {
  const replayed = await winBackBy(log.store, churned);
  const effects = await winBackEffects(log.store, churned);
  expect(effects.map(({ type }) => type)).toEqual(WIN_BACK_EFFECTS);
  const [wonBack, opened] = effects;
  expect(replayed).toMatchObject({
    status: 201,
    replayed: true,
    location: `/v1/deals/${winBackDeal(effects)}`,
    body: {
      id: churned.deal,
      revision: wonBack?.revision,
      position: String(opened?.position),
      deal: { id: wonBack?.data['dealId'], revision: 0 },
    },
  });
  expect(opened).toMatchObject({ revision: 0, data: { kind: 'win-back', previousDealId: churned.deal } });
  expect(await winBackBy(log.store, churned)).toEqual(replayed);
  await expect(winBackBy(log.store, churned, { key: 'another' })).rejects.toMatchObject({
    rejection: { code: 'already-won-back', data: { dealId: wonBack?.data['dealId'] } },
  });
  expect(await winBackEffects(log.store, churned)).toHaveLength(WIN_BACK_EFFECTS.length);
}

describe.each(WIN_BACK_EFFECTS)('a process that stops at %s', (effect) => {
  it.each<AppendFault>(['hung-before', 'hung-after'])('%s: the same key finishes it', async (fault) => {
    const churned = await churnedDeal(log.store);
    const store = new UnreliableEventStore(log.store);
    const before = WIN_BACK_EFFECTS.indexOf(effect);
    store.faults.push(...Array<AppendFault>(before).fill('none'), fault, ...Array<AppendFault>(50).fill('hung-before'));
    await expect(winBackBy(store, churned, { deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    const done = before + (fault === 'hung-after' ? 1 : 0);
    expect((await winBackEffects(log.store, churned)).map(({ type }) => type)).toEqual(WIN_BACK_EFFECTS.slice(0, done));
    if (done === 0) await winBackBy(log.store, churned);
    await expectOneWinBack(churned);
  });

  it.each<AppendFault>(['lost-before', 'lost-after', 'conflict'])('%s once: it goes on', async (fault) => {
    const churned = await churnedDeal(log.store);
    const store = new UnreliableEventStore(log.store);
    store.faults.push(...Array<AppendFault>(WIN_BACK_EFFECTS.indexOf(effect)).fill('none'), fault);
    expect(await winBackBy(store, churned)).toMatchObject({ status: 201, replayed: false });
    await expectOneWinBack(churned);
  });
});

describe('a win-back of which the first step is done', () => {
  it('is never said to have written nothing, when appends are refused', async () => {
    const churned = await churnedDeal(log.store);
    const store = new UnreliableEventStore(log.store);
    store.faults.push('none', ...Array<AppendFault>(50).fill('refused'));
    await expect(winBackBy(store, churned, { deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    await expectOneWinBack(churned);
  });

  it('is never said to have written nothing, when reads fail', async () => {
    const churned = await churnedDeal(log.store);
    const store = new UnreliableEventStore(log.store);
    const pending = expect(winBackBy(store, churned, { deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    while (store.sent.length === 0) await new Promise(setImmediate);
    store.reads = 'failed';
    await pending;
    await expectOneWinBack(churned);
  });

  it('is refused truly when nothing could be sent', async () => {
    const churned = await churnedDeal(log.store);
    const store = new UnreliableEventStore(log.store);
    store.faults.push('refused', 'refused');
    await expect(winBackBy(store, churned)).rejects.toThrow(StoreUnavailable);
    expect(await winBackEffects(log.store, churned)).toEqual([]);
  });
});

describe('win-backs at the same moment', () => {
  it('of one customer by one key come to one deal, and are answered alike', async () => {
    const churned = await churnedDeal(log.store);
    const answers = await Promise.all(Array.from({ length: 12 }, () => winBackBy(log.store, churned)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await expectOneWinBack(churned);
  });

  it('of one customer by many keys come to one deal; the others are told which', async () => {
    const churned = await churnedDeal(log.store);
    const keys = Array.from({ length: 12 }, (_, index) => `key ${index}`);
    const answers = await Promise.allSettled(keys.map((key) => winBackBy(log.store, churned, { key })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ rejection: { code: 'already-won-back' } });
    }
    expect(await winBackEffects(log.store, churned)).toHaveLength(WIN_BACK_EFFECTS.length);
  });

  it('of two customers to one deal id: only one of them is, the other can be tried again', async () => {
    const both = [await churnedDeal(log.store), await churnedDeal(log.store)];
    const dealId = randomUUID();
    const answers = await Promise.allSettled(both.map((churned) => winBackBy(log.store, churned, { dealId })));
    const [opened, ...more] = await log.store.readStream(`deal-${dealId}`);
    expect(more).toEqual([]);
    for (const [index, answer] of answers.entries()) {
      const isOwner = opened?.data['previousDealId'] === both[index]?.deal;
      expect(answer.status).toBe(isOwner ? 'fulfilled' : 'rejected');
      if (answer.status === 'rejected') {
        expect(answer.reason).toBeInstanceOf(CommandRejected);
        expect(answer.reason).toMatchObject({ rejection: { code: 'id-already-used' } });
      }
    }
    for (const churned of both.filter(({ deal }) => deal !== opened?.data['previousDealId'])) {
      await expectTriedAgain(churned, dealId);
    }
  });

  it.each<AppendFault>(['hung-before', 'hung-after'])(
    'as a deal of the same id is opened, and the process stops (%s): its key gives the win-back up',
    async (fault) => {
      const churned = await churnedDeal(log.store);
      const dealId = randomUUID();
      // It has looked for the deal and found none before the other opens it.
      const held = new UnreliableEventStore(log.store);
      held.faults.push('held-before');
      const outcome = winBackBy(held, churned, { dealId, deadlineMs: 10_000 }).catch((error: unknown) => error);
      while (held.sent.length === 0) await sleep(1);
      await openDeal(dealId, churned);
      held.faults.push(fault, ...Array<AppendFault>(50).fill('hung-before'));
      await held.release();
      // The deal is found, so what comes next is what gives the win-back up.
      while (held.sent.length < 2) await sleep(1);
      await expect(winBackBy(log.store, churned, { dealId })).rejects.toMatchObject({
        rejection: { code: 'id-already-used' },
      });
      await expectTriedAgain(churned, dealId);
      void outcome;
    },
  );
});

async function openDeal(id: string, { pipeline }: Churned): Promise<void> {
  const commands = new CommandExecutor(new Streams(log.store, TEXTS));
  const { state } = await commands.streams.load(PIPELINE, pipeline);
  await commands.execute(DEAL, id, keyedRequest(id), (deal, context) =>
    decideDeal(deal, open({ id, pipeline: state }), context),
  );
}

/** The customer is as if they had not been won back: by one event, and a deal under another id does it. */
async function expectTriedAgain(churned: Churned, dealId: string): Promise<void> {
  const given = async () =>
    (await log.store.readStream(`deal-${churned.deal}`)).filter(({ type }) => type === 'WinBackAbandoned');
  expect((await given()).map(({ data }) => data)).toEqual([{ dealId }]);
  const taken = { rejection: { code: 'id-already-used' } };
  await expect(winBackBy(log.store, churned, { dealId })).rejects.toMatchObject(taken);
  await expect(winBackBy(log.store, churned, { dealId, key: 'another' })).rejects.toMatchObject(taken);
  expect(await given()).toHaveLength(1);
  expect(await winBackBy(log.store, churned, { key: 'a third' })).toMatchObject({ status: 201 });
}
