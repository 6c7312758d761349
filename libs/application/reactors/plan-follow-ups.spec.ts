import { randomUUID } from 'node:crypto';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { SettingsCommand } from '#domain/settings/settings.commands.js';
import { decideSettings } from '#domain/settings/settings.decide.js';
import type { FollowUp, FollowUpOccasion } from '#domain/settings/settings.events.js';
import { churn } from '#domain/shared/testing/customers.js';
import { lose, open, reopen, win } from '#domain/shared/testing/deals.js';
import { create, stage } from '#domain/shared/testing/pipelines.js';
import { DEAL, PIPELINE, SETTINGS } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { MAIN } from '../policies.js';
import { Streams } from '../streams.js';
import { convert, convertible } from '../testing/conversions.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { planFollowUps } from './plan-follow-ups.js';
import { TEXTS } from '../testing/personal.js';
import { reactToEnd, reactUntil } from '../testing/reacting.js';

const WELCOME: FollowUp = { kind: 'email', subject: 'Welcome', after: 'PT1H' };
const ASK: FollowUp = { kind: 'call', subject: 'How is it going?', after: { businessDays: 2 } };
const CHECK_INS: readonly FollowUp[] = [
  { kind: 'call', subject: 'Check in', after: 'P3M' },
  { kind: 'call', subject: 'Check in again', after: 'P6M' },
];
const FIRST: FollowUp = { kind: 'task', subject: 'Prepare the first meeting', after: 'P1D' };

let rig: ProjectedLog;
let commands: CommandExecutor;
let sales: PipelineState;
beforeEach(async () => {
  rig = await projectedLog([]);
  commands = new CommandExecutor(new Streams(rig.log.store, TEXTS), undefined, 60_000);
  const { state } = await commands.execute(PIPELINE, 'sales', keyedRequest(randomUUID()), (before, context) =>
    decidePipeline(before, create({ id: 'sales', stages: [stage('prospect')] }), context),
  );
  sales = state;
});
afterEach(() => rig.remove());

async function set(command: SettingsCommand): Promise<void> {
  await commands.execute(SETTINGS, MAIN, keyedRequest(randomUUID()), (before, context) =>
    decideSettings(before, command, context),
  );
}

const plan = (on: FollowUpOccasion, ...activities: readonly FollowUp[]) =>
  set({ type: 'SetFollowUpPlan', plan: { on, activities } });

async function onDeal(id: string, command: DealCommand, request = keyedRequest(randomUUID())): Promise<void> {
  await commands.execute(DEAL, id, request, (before, context) => decideDeal(before, command, context));
}

/** A deal that went through the commands, each at the time that it is given, else now. */
async function dealThat(...happened: readonly { readonly command: DealCommand; readonly at?: string }[]) {
  const id = randomUUID();
  await onDeal(id, open({ id, pipeline: sales, stageId: 'prospect', ownerId: 'u-ada' }), at('2025-01-02T09:00:00Z'));
  for (const { command, at: time } of happened) await onDeal(id, command, at(time));
  return id;
}

function at(time: string | undefined) {
  return keyedRequest(randomUUID(), time === undefined ? {} : { occurredAt: Date.parse(time) });
}

const wins = { command: win() };
const loses = { command: lose() };

/** Runs the reactor until it has handled all that is in the log, or what is waited for has come. */
async function react(store: UnreliableEventStore | null = null, until?: () => boolean): Promise<void> {
  const events = store ?? rig.log.store;
  const reactor = planFollowUps(
    new CommandExecutor(new Streams(events, TEXTS), undefined, store === null ? 60_000 : 100),
  );
  await (until === undefined ? reactToEnd(reactor, events, rig.work) : reactUntil(until, reactor, events, rig.work));
}

async function plannedOn(id: string) {
  const { state } = await commands.streams.load(DEAL, id);
  return (await TEXTS.open(state?.activities ?? [])).map(({ kind, subject, dueAt, assigneeId }) => {
    expect(assigneeId).toBe(state?.ownerId);
    return `${kind} ${subject} ${new Date(dueAt).toISOString()}`;
  });
}
const subjectsOn = async (id: string) => (await plannedOn(id)).map((each) => each.replace(/ \S+$/u, ''));

describe('the reactor on follow-up plans', () => {
  it('plans the welcome sequence after a win, in hours and business days of the organisation', async () => {
    await set({ type: 'SetTimeZone', timeZone: 'Europe/Berlin' });
    const calendar = { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-03-30'] };
    await set({ type: 'SetBusinessCalendar', calendar });
    await plan('win', WELCOME, ASK);
    await plan('loss', ...CHECK_INS);
    // A Friday; clocks go forward on the Sunday after it, and Monday is a holiday.
    const won = await dealThat({ ...wins, at: '2026-03-27T09:00:00Z' });
    await react();
    expect(await plannedOn(won)).toEqual([
      'email Welcome 2026-03-27T10:00:00.000Z',
      'call How is it going? 2026-04-01T08:00:00.000Z',
    ]);
  });

  it('plans check-ins after a loss, calendar months later in the organisation’s zone', async () => {
    await set({ type: 'SetTimeZone', timeZone: 'Europe/Berlin' });
    await plan('loss', ...CHECK_INS);
    const lost = await dealThat({ ...loses, at: '2025-11-30T09:00:00Z' });
    await react();
    expect(await plannedOn(lost)).toEqual([
      'call Check in 2026-02-28T09:00:00.000Z',
      'call Check in again 2026-05-30T08:00:00.000Z',
    ]);
  });

  it('plans to win a churned customer back', async () => {
    await plan('churn', ASK);
    await plan('win', WELCOME);
    const churned = await dealThat(wins, { command: churn() });
    await react();
    // What was planned for a customer is of no use any more.
    expect(await subjectsOn(churned)).toEqual(['call How is it going?']);
  });

  it('plans the first task on the deal of a conversion, and on no other that is opened', async () => {
    await plan('conversion', FIRST);
    const dealId = randomUUID();
    await convert(rig.log.store, await convertible(rig.log.store), { dealId });
    const opened = await dealThat();
    await react();
    expect(await subjectsOn(dealId)).toEqual(['task Prepare the first meeting']);
    expect(await subjectsOn(opened)).toEqual([]);
  });

  it('takes the plan that was in force at the event, of none before any was set', async () => {
    const before = await dealThat(loses);
    await plan('loss', ...CHECK_INS);
    const then = await dealThat(loses);
    await plan('loss', ASK);
    const later = await dealThat(loses);
    await plan('loss');
    await react();
    const subjects = ['call Check in', 'call Check in again'];
    expect([await subjectsOn(before), await subjectsOn(then)]).toEqual([[], subjects]);
    expect(await subjectsOn(later)).toEqual(['call How is it going?']);
  });

  it('meets a plan that is set while it runs', async () => {
    const before = await dealThat(loses);
    await react();
    await plan('loss', ASK);
    const after = await dealThat(loses);
    await react();
    expect([await subjectsOn(before), await subjectsOn(after)]).toEqual([[], ['call How is it going?']]);
  });

  it('plans nothing on imported history, nor for an occasion that no longer stands', async () => {
    await plan('loss', ...CHECK_INS);
    await plan('win', WELCOME);
    const imported = await dealThat();
    const caller = { actor: { id: 'i-1', kind: 'import' }, mayOverride: false } as const;
    await onDeal(imported, lose(), keyedRequest(randomUUID(), { caller }));
    const reopened = await dealThat(loses, { command: reopen(sales) });
    const wonAfterAll = await dealThat(loses, { command: reopen(sales) }, wins);
    await react();
    expect([await subjectsOn(imported), await subjectsOn(reopened)]).toEqual([[], []]);
    expect(await subjectsOn(wonAfterAll)).toEqual(['email Welcome']);
  });

  it.each(['hung-before', 'hung-after'] as const)('plans each once, killed in the middle (%s)', async (fault) => {
    await plan('loss', ...CHECK_INS);
    const deals = await Promise.all(Array.from({ length: 40 }, () => dealThat(loses)));
    for (const appends of [0, 1, 2]) {
      const store = new UnreliableEventStore(rig.log.store);
      store.faults.push(...Array<AppendFault>(appends).fill('none'), ...Array<AppendFault>(500).fill(fault));
      await react(store, () => store.sent.length > appends);
    }
    await rig.work.forgetCheckpoint(
      'plan-follow-ups',
      (await rig.work.checkpoint('plan-follow-ups')) ?? { position: 0n, hash: '' },
    );
    await react();
    for (const id of deals) expect(await subjectsOn(id)).toEqual(['call Check in', 'call Check in again']);
  });

  it('several at once plan each once', async () => {
    await plan('loss', ...CHECK_INS);
    const deals = await Promise.all(Array.from({ length: 10 }, () => dealThat(loses)));
    await Promise.all([react(), react(), react()]);
    for (const id of deals) expect(await subjectsOn(id)).toEqual(['call Check in', 'call Check in again']);
  });
});
