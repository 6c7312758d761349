import { randomUUID } from 'node:crypto';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import { formatInstant } from '#domain/shared/instant.js';
import { cancel, complete, plan, putOff } from '#domain/shared/testing/activities.js';
import { open, voidIt } from '#domain/shared/testing/deals.js';
import { create, stage } from '#domain/shared/testing/pipelines.js';
import {
  decideStandalone,
  type PlanStandaloneActivity,
  type StandaloneActivityCommand,
} from '#domain/standalone-activity/standalone.decide.js';
import type { EventStore } from '#event-store/port.js';
import { waitForPosition } from '#projection/wait-for.js';
import { MemoryViews } from '#reports/testing/memory-views.js';
import { ACTIVITIES } from '#views/activities/activities.schema.js';
import { ACTIVITIES_VIEW } from '#views/activities/activities.view.js';
import { CIVIL_TIME } from '#views/civil-time.js';
import { DEAL, LEAD, PIPELINE, STANDALONE_ACTIVITY } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { Streams } from '../streams.js';
import { captureLead } from '../testing/leads.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { DueAnnouncer } from './announce-due.js';
import { TEXTS } from '../testing/personal.js';

const DAY = 86_400_000;
/** A Monday morning long after all that these specs do. */
const NOON = Date.parse('2199-03-04T12:00:00.000Z');
const at = (days: number): string => formatInstant(NOON + days * DAY);

let rig: ProjectedLog;
let commands: CommandExecutor;
let pipeline: PipelineState;
let now = NOON;
beforeEach(async () => {
  now = NOON;
  rig = await projectedLog([ACTIVITIES_VIEW]);
  commands = new CommandExecutor(new Streams(rig.log.store, TEXTS), undefined, 60_000);
  const { state } = await commands.execute(PIPELINE, 'sales', keyedRequest(randomUUID()), (before, context) =>
    decidePipeline(before, create({ id: 'sales', stages: [stage('prospect')] }), context),
  );
  pipeline = state;
});
afterEach(() => rig.remove());

/** An announcer in a process of its own: nothing cached. */
function announcer(store: EventStore = rig.log.store, deadlineMs = 60_000): DueAnnouncer {
  return new DueAnnouncer(new CommandExecutor(new Streams(store, TEXTS), undefined, deadlineMs), rig.views, () => now);
}
const announce = () => announcer().announceAll(new AbortController().signal);

async function announced(): Promise<string[]> {
  const events = (await rig.log.store.readAll(null, 10_000)).filter(({ type }) => type === 'ActivityDue');
  return events.map(({ data }) =>
    [data['activityId'], data['dueAt']].filter((part) => typeof part === 'string').join(' '),
  );
}

async function onDeal(id: string, command: DealCommand): Promise<void> {
  await commands.execute(DEAL, id, keyedRequest(randomUUID()), (before, context) =>
    decideDeal(before, command, context),
  );
}
async function dealWith(...activities: readonly [string, string][]): Promise<string> {
  const id = randomUUID();
  await onDeal(id, open({ id, pipeline, stageId: 'prospect' }));
  for (const [activityId, dueAt] of activities) await onDeal(id, plan(activityId, { dueAt }));
  return id;
}

async function alone(id: string, command: StandaloneActivityCommand): Promise<void> {
  await commands.execute(STANDALONE_ACTIVITY, id, keyedRequest(randomUUID()), (before, context) =>
    decideStandalone(before, command, { ...context, now }),
  );
}
const daily = (id: string): PlanStandaloneActivity => ({
  ...{ type: 'PlanStandaloneActivity', id, kind: 'call', subject: 'Prospecting', dueAt: at(0), assigneeId: null },
  ...{ targetCount: 60, recurrence: { days: [1, 2, 3, 4, 5, 6, 7], zone: 'Europe/Berlin', until: null } },
  civil: CIVIL_TIME,
});

describe('the announcer of what is due', () => {
  it('announces activities of deals, of leads and of neither, when their time has come', async () => {
    const deal = await dealWith(['demo', at(0)], ['tomorrow', at(1)]);
    const lead = randomUUID();
    for (const command of [captureLead(lead), plan('ask', { dueAt: at(-1) })]) {
      await commands.execute(LEAD, lead, keyedRequest(randomUUID()), (before, context) =>
        decideLead(before, command, context),
      );
    }
    await alone('once', { ...daily('once'), recurrence: null });
    await announce();
    expect((await announced()).sort()).toEqual([`ask ${at(-1)}`, `demo ${at(0)}`, `once ${at(0)}`]);
    const told = (await rig.log.store.readAll(null, 1_000)).filter(({ type }) => type === 'ActivityDue');
    expect(told.find(({ data }) => data['activityId'] === 'demo')).toMatchObject({
      data: { dealId: deal, leadId: null, kind: 'demo', assigneeId: 'u-1', occurrence: null },
      metadata: { actor: { id: 'announce-due', kind: 'reactor' } },
    });
    expect(told.every(({ stream }) => stream.startsWith('alert-'))).toBe(true);
    now += DAY;
    await announce();
    expect((await announced()).at(-1)).toBe(`tomorrow ${at(1)}`);
  });

  it('announces each once, whoever does it again, also after the view was built anew', async () => {
    await dealWith(['demo', at(0)], ['call', at(0)]);
    await announce();
    await announce();
    await Promise.all([announce(), announce(), announce()]);
    expect((await announced()).sort()).toEqual([`call ${at(0)}`, `demo ${at(0)}`]);
  });

  it('leaves alone what is over, and what is on a deal that was voided', async () => {
    const deal = await dealWith(['done', at(0)], ['dropped', at(0)]);
    await onDeal(deal, complete('done'));
    await onDeal(deal, cancel('dropped'));
    await onDeal(await dealWith(['never', at(0)]), voidIt());
    await announce();
    expect(await announced()).toEqual([]);
  });

  it('does not believe a view that has not seen that it is over', async () => {
    const deal = await dealWith(['demo', at(0)]);
    const head = (await rig.log.store.head()) ?? 0n;
    await waitForPosition(rig.views, [ACTIVITIES], head, 60_000);
    // The view stands still for the announcer, while the deal goes on.
    const { results } = await rig.views.read(ACTIVITIES, [{ kind: 'find', table: 'activity', where: {}, limit: 10 }]);
    const rows = results[0].rows.map((row) => ({ table: 'activity', row }));
    const stale = Object.assign(new MemoryViews([{ schema: ACTIVITIES, rows }]), {
      checkpoint: () => Promise.resolve({ position: 1n << 60n, hash: '' }),
    });
    await onDeal(deal, complete('demo'));
    expect(rows).toHaveLength(1);
    await new DueAnnouncer(commands, stale, () => now).announceAll(new AbortController().signal);
    expect(await announced()).toEqual([]);
  });

  it('announces again what was put off, at its new time', async () => {
    const deal = await dealWith(['demo', at(0)]);
    await announce();
    await onDeal(deal, { type: 'RescheduleActivity', activityId: 'demo', dueAt: putOff('demo', at(2)).data.dueAt });
    await announce();
    now += 2 * DAY;
    await announce();
    expect(await announced()).toEqual([`demo ${at(0)}`, `demo ${at(2)}`]);
  });

  it('announces each day of a series, done or not, and after a pause the latest alone', async () => {
    await alone('calls', daily('calls'));
    for (let day = 0; day < 3; day++) {
      now = NOON + day * DAY;
      await announce();
      await announce();
    }
    expect(await announced()).toEqual([0, 1, 2].map((day) => `calls ${at(day)}`));
    now = NOON + 10 * DAY + 1;
    await announce();
    await announce();
    expect((await announced()).slice(3)).toEqual([`calls ${at(10)}`]);
    const done = { type: 'CompleteOccurrence', outcome: null, note: null, count: null, civil: CIVIL_TIME } as const;
    await alone('calls', { ...done, occurrence: at(10).slice(0, 10) });
    await alone('calls', {
      ...{ type: 'CancelOccurrence', occurrence: at(11).slice(0, 10), reason: null },
      civil: CIVIL_TIME,
    });
    now = NOON + 12 * DAY;
    await announce();
    expect((await announced()).slice(4)).toEqual([`calls ${at(12)}`]);
  });

  it.each(['hung-before', 'hung-after', 'lost-before', 'lost-after'] as const)(
    'announces each once, cut off in the middle (%s)',
    async (fault) => {
      const deals = await Promise.all(Array.from({ length: 30 }, (_, index) => dealWith([`a-${index}`, at(0)])));
      for (const appends of [0, 5, 20]) {
        const store = new UnreliableEventStore(rig.log.store);
        store.faults.push(...Array<AppendFault>(appends).fill('none'), ...Array<AppendFault>(500).fill(fault));
        await announcer(store, 100)
          .announceAll(new AbortController().signal)
          .catch(() => undefined);
      }
      await announce();
      const expected = deals.map((_, index) => `a-${index} ${at(0)}`);
      expect((await announced()).sort()).toEqual(expected.sort());
    },
  );

  it('goes on until it is stopped, whatever fails', async () => {
    await dealWith(['demo', at(0)]);
    const store = new UnreliableEventStore(rig.log.store);
    store.faults.push('refused', 'refused');
    const stop = new AbortController();
    const errors: unknown[] = [];
    const running = announcer(store, 50).run(stop.signal, (error) => errors.push(error), 1);
    while ((await announced()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await running;
    expect(await announced()).toEqual([`demo ${at(0)}`]);
  });
});
