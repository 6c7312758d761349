import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expectHistory, type Sent } from '../model/history.js';
import { appliedToLead, CAPTURED } from '../model/lead-model.js';
import { applied, type DealCommand } from '../model/deal-model.js';
import type { Result } from '../model/deal-state.js';
import { dealAsTold, leadAsTold, SalesFloor } from '../model/sales-floor.js';
import { type Wish, wishes } from '../model/sessions.js';
import { type Act, World } from '../model/world.js';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

/** Sessions; many more with MODEL_RUNS. */
const DEFAULT_RUNS = 20;
const RUNS = Number(process.env['MODEL_RUNS'] ?? DEFAULT_RUNS);
const SEED = Number(process.env['MODEL_SEED'] ?? 20_261_122);
const STATUSES: Readonly<Record<string, number>> = { 'invalid-request': 400, 'unknown-revision': 404 };
/** What must have happened in the sessions for them to mean something. */
const EVERYTHING = [
  ...['DealOpened', 'DealStageMoved', 'DealPipelineSwitched', 'GateOverridden', 'DealValueChanged', 'DealAssigned'],
  ...['DealWon', 'DealLost', 'DealReopened', 'DealVoided', 'DealCorrected', 'CustomerChurned', 'CustomerWonBack'],
  ...['MergeStarted', 'DealMergedInto', 'MergeCompleted', 'UnmergeStarted', 'DealUnmerged', 'UnmergeCompleted'],
  ...['LineItemsSet', 'ProposalRecorded', 'ProposalAccepted', 'DealLabelled', 'DealVisibilitySet', 'ExpectedCloseSet'],
  ...['DealProbabilitySet', 'ForecastCategorySet', 'CriterionConfirmed', 'DealSnoozed', 'DealWoken', 'DealKeptAlive'],
  ...['NoteAdded', 'InteractionLogged', 'FileLinked', 'ActivityPlanned', 'ActivityRescheduled', 'ActivityCompleted'],
  ...['ActivityCancelled', 'LeadEdited', 'LeadAssigned', 'LeadLabelled', 'LeadQualified', 'LeadDisqualified'],
  ...['LeadNurtured', 'LeadNoteAdded', 'LeadEngagementRecorded', 'LeadArchived', 'LeadReopened', 'LeadConverted'],
  'LeadConversionReverted',
];

describe(`deals and leads, and a plain model of them (MODEL_SEED=${SEED})`, () => {
  let folder: DataFolder;
  let server: ServerProcess;
  let floor: SalesFloor;

  beforeAll(async () => {
    folder = dataFolder();
    server = await startServer(folder.path, { RATE_LIMIT: '1000000000' });
    floor = new SalesFloor(new Client(server.url));
    await floor.open();
  });
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    folder.remove();
  });

  async function begun(): Promise<World> {
    const world = new World();
    for (const pipeline of [0, 0, 1]) await sendAndExpect(world, { on: 'opening', id: randomUUID(), pipeline });
    for (let count = 0; count < 2; count++) world.leads.set(await floor.captureLead(), CAPTURED);
    return world;
  }

  async function sendAndExpect(world: World, act: Act): Promise<void> {
    const expected = world.act(act);
    const { status, body } = await floor.send(act);
    if (expected.ok) {
      const made = act.on === 'opening' || act.on === 'customer' || act.on === 'conversion';
      expect({ act, status, revision: body.revision, problem: body.detail }).toEqual({
        act,
        status: made ? 201 : 200,
        revision: expected.revision,
      });
      return;
    }
    expect({ act, refused: expected.codes, by: body.code }).toEqual({
      act,
      refused: expect.arrayContaining([body.code]),
      by: body.code,
    });
    expect([body.code, status]).toEqual([body.code, STATUSES[body.code] ?? 409]);
  }

  async function expectTold(world: World): Promise<void> {
    for (const [id, deal] of world.deals) expect(await floor.toldOfDeal(id)).toEqual(dealAsTold(deal));
    for (const [id, lead] of world.leads) expect(await floor.toldOfLead(id)).toEqual(leadAsTold(lead));
  }

  it('do the same, whatever is asked of them in whatever order', async () => {
    const met = new Set<string>();
    const law = fc.asyncProperty(fc.array(wishes, { minLength: 150, maxLength: 200, size: 'max' }), async (session) => {
      const world = await begun();
      for (const wish of session) await sendAndExpect(world, actOf(wish, world));
      await expectTold(world);
      for (const { log } of world.deals.values()) for (const { type } of log) met.add(type);
      for (const { types } of world.leads.values()) for (const type of types) met.add(type);
    });
    await fc.assert(law, { numRuns: RUNS, seed: SEED, unbiased: true });
    if (RUNS >= DEFAULT_RUNS) expect(EVERYTHING.filter((type) => !met.has(type))).toEqual([]);
  }, 3_600_000);

  it('do the same in the order of their histories when several people race', async () => {
    const people = fc.array(fc.array(wishes, { minLength: 3, maxLength: 10, size: 'max' }), {
      minLength: 2,
      maxLength: 5,
    });
    const before = fc.array(wishes, { maxLength: 60, size: 'max' });
    const law = fc.asyncProperty(before, people, async (prelude, sessions) => {
      const world = await begun();
      for (const wish of prelude) await sendAndExpect(world, actOf(wish, world));
      const sent: Sent[] = [];
      const race = sessions.map(async (session) => {
        for (const act of session.map((wish) => actOf(wish, world))) {
          const correlation = randomUUID();
          const headers = { 'Correlation-Id': correlation, 'Idempotency-Key': correlation };
          sent.push({ act, correlation, headers, answer: await floor.send(act, { headers }) });
        }
      });
      await Promise.all(race);
      await expectHistory(floor, world, sent);
      await expectTold(world);
    });
    await fc.assert(law, { numRuns: RUNS, seed: SEED, unbiased: true });
  }, 3_600_000);
});

/** The wish, of what there is now: every other time of something on which it has an effect. */
function actOf(wish: Wish, { deals, leads }: World): Act {
  if (wish.on === 'opening') return { on: 'opening', id: randomUUID(), pipeline: wish.pipeline };
  const oneOf = <Model>(models: ReadonlyMap<string, Model>, suits: (model: Model) => boolean): string => {
    const suitable = [...models].flatMap(([id, model]) => (suits(model) ? [id] : []));
    return picked(wish.at % 2 === 0 && suitable.length > 0 ? suitable : [...models.keys()], wish.at);
  };
  switch (wish.on) {
    case 'deal': {
      const { command } = wish;
      if (command.name === 'correct' && wish.at % 2 === 0) return correctionOf(command, deals);
      return { on: 'deal', id: oneOf(deals, (deal) => hasEffect(applied(deal, command))), command };
    }
    case 'lead':
      return {
        on: 'lead',
        id: oneOf(leads, (lead) => hasEffect(appliedToLead(lead, wish.command))),
        command: wish.command,
      };
    case 'pair': {
      const unmerge = wish.name === 'unmerge';
      const id = oneOf(deals, ({ merged, status }) => (unmerge ? merged.length > 0 : status === 'open'));
      const merged = unmerge ? (deals.get(id)?.merged ?? []) : [];
      return {
        on: 'pair',
        id,
        other: picked(merged.length > 0 ? merged : [...deals.keys()], wish.other),
        name: wish.name,
      };
    }
    case 'customer':
    case 'conversion': {
      const { on, to, value } = wish;
      const id =
        on === 'customer'
          ? oneOf(deals, ({ status }) => status === 'churned')
          : oneOf(leads, ({ status }) => status === 'qualified');
      return { on, id, made: randomUUID(), to, ...(value === undefined ? {} : { value }) };
    }
    case 'reversion':
      return { on: 'reversion', id: oneOf(leads, ({ status }) => status === 'converted') };
  }
}

/** Of any event of any deal that it puts right. */
function correctionOf(command: Extract<DealCommand, { name: 'correct' }>, deals: World['deals']): Act {
  const right = [...deals].flatMap(([id, deal]) =>
    deal.log.flatMap((_, revision): Act[] => {
      const given = { ...command, revision };
      return hasEffect(applied(deal, given)) ? [{ on: 'deal', id, command: given }] : [];
    }),
  );
  const [id = ''] = deals.keys();
  return right[command.revision % Math.max(1, right.length)] ?? { on: 'deal', id, command };
}

function hasEffect(result: Result<unknown>): boolean {
  return result.ok && result.events.length > 0;
}

function picked(ids: readonly string[], at: number): string {
  const id = ids[at % ids.length];
  if (id === undefined) throw new Error('there is nothing to pick from');
  return id;
}
