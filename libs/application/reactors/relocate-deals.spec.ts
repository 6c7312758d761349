import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { PipelineCommand } from '#domain/pipeline/pipeline.commands.js';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import { lose, move, open, renewals, reopen, switchTo, win } from '#domain/shared/testing/deals.js';
import { create, stage } from '#domain/shared/testing/pipelines.js';
import type { EventStore } from '#event-store/port.js';
import type { RecordedEvent } from '#event-store/event.js';
import { DEALS_VIEW } from '#views/deals/deals.view.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { Streams } from '../streams.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { relocateDeals } from './relocate-deals.js';
import { runReactor } from './run-reactor.js';
import { TEXTS } from '../testing/personal.js';

const SALES = 'sales';
const RENEWALS = 'renewals';
const OTHER = create({ id: RENEWALS, stages: [stage('notice'), stage('kept', { kind: 'post-sale' })] });
let rig: ProjectedLog;
let commands: CommandExecutor;
beforeEach(async () => {
  rig = await projectedLog([DEALS_VIEW]);
  commands = new CommandExecutor(new Streams(rig.log.store, TEXTS), undefined, 60_000);
  await onPipeline(create({ id: SALES }));
});
afterEach(() => rig.remove());

async function onPipeline(command: PipelineCommand, id = SALES): Promise<PipelineState> {
  const { state } = await commands.execute(PIPELINE, id, keyedRequest(randomUUID()), (before, context) =>
    decidePipeline(before, command, context),
  );
  return state;
}

const retire = (stageId: string, relocateTo: string) => onPipeline({ type: 'RetireStage', stageId, relocateTo });
const pipelineNow = async (): Promise<PipelineState> => {
  const { state } = await commands.streams.load(PIPELINE, SALES);
  if (state === null) throw new Error('no pipeline');
  return state;
};

/** A command on a deal, decided under the pipeline that is given: perhaps one that has changed since. */
async function onDeal(id: string, command: DealCommand): Promise<void> {
  await commands.execute(DEAL, id, keyedRequest(randomUUID()), (before, context) =>
    decideDeal(before, command, context),
  );
}

async function openIn(stageId: string, count: number): Promise<string[]> {
  const pipeline = await pipelineNow();
  const ids = Array.from({ length: count }, () => randomUUID());
  await Promise.all(ids.map((id) => onDeal(id, open({ id, pipeline, stageId }))));
  return ids;
}

interface Running {
  readonly errors: unknown[];
  stop(): Promise<void>;
}

/** A reactor in a process of its own: nothing cached. */
function react(store: EventStore = rig.log.store, deadlineMs = 60_000): Running {
  const ending = new AbortController();
  const errors: unknown[] = [];
  const reactor = relocateDeals(new CommandExecutor(new Streams(store, TEXTS), undefined, deadlineMs), rig.views);
  const running = runReactor(reactor, store, rig.work, ending.signal, (error) => errors.push(error));
  return {
    errors,
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

/** Waits until the reactor has handled all that is in the log, its own events included. */
async function settled(): Promise<void> {
  const isAtHead = async () => (await rig.work.checkpoint('relocate-deals'))?.position === (await rig.log.store.head());
  while (!(await isAtHead())) {
    await sleep(5);
    await onDeal(await nudged, { type: 'AddNote', text: 'and so the log goes on' });
    await sleep(50);
  }
}
let nudged: Promise<string>;
beforeEach(() => {
  nudged = openIn('prospect', 1).then(([id]) => id ?? '');
});

async function untilSettled(...reactors: readonly Running[]): Promise<void> {
  await settled();
  await Promise.all(reactors.map((one) => one.stop()));
}

async function stagesOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const { state } = await commands.streams.load(DEAL, id);
    const place = `${state?.status} ${state?.stageId}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

async function relocations(): Promise<readonly RecordedEvent[]> {
  const all = await rig.log.store.readAll(null, 1_000_000);
  return all.filter(({ type }) => type === 'DealRelocated');
}

describe('the reactor on retired stages', () => {
  it('takes every deal that is in the stage to the one that stands in for it, and no other', async () => {
    const [inDemo, elsewhere] = [await openIn('demo', 30), await openIn('proposal', 5)];
    const [lost, won] = [await openIn('demo', 3), await openIn('demo', 3)];
    for (const id of lost) await onDeal(id, lose());
    for (const id of won) await onDeal(id, win({ pipeline: await pipelineNow() }));
    await retire('demo', 'prospect');
    const reactor = react();
    await untilSettled(reactor);
    expect(reactor.errors).toEqual([]);
    expect(await stagesOf(inDemo)).toEqual(new Map([['open prospect', 30]]));
    expect(await stagesOf(elsewhere)).toEqual(new Map([['open proposal', 5]]));
    expect(await stagesOf(lost)).toEqual(new Map([['lost demo', 3]]));
    expect(await stagesOf(won)).toEqual(new Map([['won onboarding', 3]]));
    const events = await relocations();
    expect(events).toHaveLength(30);
    const [retirement] = (await rig.log.store.readAll(null, 1_000)).filter(({ type }) => type === 'StageRetired');
    for (const { data, metadata } of events) {
      expect(data['retirementId']).toBe(retirement?.id);
      expect(metadata.actor).toEqual({ id: 'relocate-deals', kind: 'reactor' });
    }
  });

  it('takes won deals on among the stages after the sale', async () => {
    const won = await openIn('demo', 4);
    for (const id of won) await onDeal(id, win({ pipeline: await pipelineNow() }));
    await retire('onboarding', 'care');
    await untilSettled(react());
    expect(await stagesOf(won)).toEqual(new Map([['won care', 4]]));
  });

  it('follows the chain of targets, whichever retirement came first', async () => {
    const deals = [...(await openIn('demo', 10)), ...(await openIn('prospect', 10))];
    await retire('demo', 'prospect');
    await retire('prospect', 'proposal');
    await untilSettled(react());
    expect(await stagesOf(deals)).toEqual(new Map([['open proposal', 20]]));
    // The chain was there when the first was worked through, so each took one step.
    expect((await relocations()).length).toBe(21);
  });

  it('takes on what comes into the stage later: moves that were decided before, reopenings, openings', async () => {
    const before = await pipelineNow();
    const [moving, closed] = [await openIn('proposal', 5), await openIn('demo', 5)];
    for (const id of closed) await onDeal(id, lose());
    await retire('demo', 'prospect');
    const reactor = react();
    await settled();
    expect(await relocations()).toEqual([]);
    for (const id of moving) await onDeal(id, move('demo', { pipeline: before }));
    for (const id of closed) await onDeal(id, reopen(await pipelineNow()));
    const late = Array.from({ length: 3 }, () => randomUUID());
    for (const id of late) await onDeal(id, open({ id, pipeline: before, stageId: 'demo' }));
    const switching = Array.from({ length: 3 }, () => randomUUID());
    for (const id of switching) {
      await onDeal(id, open({ id, pipeline: renewals() }));
      await onDeal(id, switchTo({ pipeline: before, stageId: 'demo' }));
    }
    await untilSettled(reactor);
    expect(await stagesOf([...moving, ...closed, ...late, ...switching])).toEqual(new Map([['open prospect', 16]]));
  });

  it('takes a deal on again that comes back', async () => {
    const before = await pipelineNow();
    const [deal = ''] = await openIn('demo', 1);
    await retire('demo', 'prospect');
    const reactor = react();
    await settled();
    await onDeal(deal, move('demo', { pipeline: before }));
    await untilSettled(reactor);
    expect(await stagesOf([deal])).toEqual(new Map([['open prospect', 1]]));
    expect(await relocations()).toHaveLength(2);
  });

  it.each(['hung-before', 'hung-after'] as const)(
    'killed in the middle (%s) goes on where it was, and relocates none twice',
    async (fault) => {
      const deals = await openIn('demo', 100);
      await retire('demo', 'prospect');
      for (const appends of [0, 1, 30, 45]) {
        const store = new UnreliableEventStore(rig.log.store);
        store.faults.push(...Array<AppendFault>(appends).fill('none'), ...Array<AppendFault>(200).fill(fault));
        const cut = react(store, 100);
        while (store.sent.length <= appends && (await relocations()).length < 100) await sleep(5);
        await cut.stop();
      }
      await untilSettled(react());
      expect(await stagesOf(deals)).toEqual(new Map([['open prospect', 100]]));
      expect(await relocations()).toHaveLength(100);
    },
  );

  it('several at once, while deals are moved, closed and reopened, strand none', async () => {
    const before = await pipelineNow();
    const deals = await openIn('demo', 150);
    const others = await openIn('proposal', 50);
    await retire('demo', 'prospect');
    const reactors = [react(), react(), react()];
    // Each as a process would that has not heard of the retirement.
    const people = [...deals, ...others].map(async (id, index) => {
      await sleep(index % 40);
      const act = index % 4;
      const commandsOf = [
        [move('proposal', { pipeline: before }), move('demo', { pipeline: before })],
        [lose(), reopen(before)],
        [move('demo', { pipeline: before })],
        [win({ pipeline: before })],
      ];
      for (const command of commandsOf[act] ?? []) await onDeal(id, command).catch(() => undefined);
    });
    await Promise.all(people);
    await untilSettled(...reactors);
    const places = [...(await stagesOf([...deals, ...others])).keys()];
    expect(places).not.toContain('open demo');
    for (const event of await relocations()) expect(event.data['to']).toMatchObject({ stageId: 'prospect' });
  });

  it('empties a stage of thousands', async () => {
    const deals = await openIn('demo', 3_000);
    await retire('demo', 'prospect');
    await untilSettled(react());
    expect(await stagesOf(deals)).toEqual(new Map([['open prospect', 3_000]]));
    expect(await relocations()).toHaveLength(3_000);
  });

  it('empties a pipeline that is retired, across every chain, and what comes into it later', async () => {
    const renewals = await onPipeline(OTHER, RENEWALS);
    const before = await pipelineNow();
    const [inDemo, inProposal, won] = [
      await openIn('demo', 10),
      await openIn('proposal', 10),
      await openIn('prospect', 3),
    ];
    for (const id of won) await onDeal(id, win({ pipeline: before }));
    const [lost = ''] = await openIn('demo', 1);
    await onDeal(lost, lose());
    await retire('demo', 'proposal');
    const mapping = ['prospect', 'proposal'].map((from) => ({ from, to: 'notice' }));
    const postSale = ['onboarding', 'care'].map((from) => ({ from, to: 'kept' }));
    await onPipeline({ type: 'RetirePipeline', mapping: [...mapping, ...postSale], targets: [renewals] });
    const reactor = react();
    await settled();
    await onDeal(lost, reopen(before));
    const late = randomUUID();
    await onDeal(late, open({ id: late, pipeline: before, stageId: 'prospect' }));
    await untilSettled(reactor);
    expect(reactor.errors).toEqual([]);
    expect(await stagesOf([...inDemo, ...inProposal, lost, late])).toEqual(new Map([['open notice', 22]]));
    expect(await stagesOf(won)).toEqual(new Map([['won kept', 3]]));
    const { state } = await commands.streams.load(DEAL, lost);
    expect(state?.pipelineId).toBe(RENEWALS);
    // Won in the retired pipeline, they return to where they were last open, and are taken on from there.
    const another = react();
    for (const id of won) await onDeal(id, reopen(await pipelineNow()));
    await untilSettled(another);
    expect(await stagesOf(won)).toEqual(new Map([['open notice', 3]]));
  });

  it('leaves the deals in the pipeline that is retired last, when two are retired into each other at once', async () => {
    const renewals = await onPipeline(OTHER, RENEWALS);
    const sales = await pipelineNow();
    const deals = [...(await openIn('demo', 5)), ...(await openIn('prospect', 5))];
    const noticed = randomUUID();
    await onDeal(noticed, open({ id: noticed, pipeline: renewals, stageId: 'notice' }));
    const openStages = ['prospect', 'demo', 'proposal'].map((from) => ({ from, to: 'notice' }));
    const postSale = ['onboarding', 'care'].map((from) => ({ from, to: 'kept' }));
    const back = [
      { from: 'notice', to: 'demo' },
      { from: 'kept', to: 'care' },
    ];
    // Each was decided before the other was stored.
    await onPipeline({ type: 'RetirePipeline', mapping: [...openStages, ...postSale], targets: [renewals] });
    await onPipeline({ type: 'RetirePipeline', mapping: back, targets: [sales] }, RENEWALS);
    const reactors = [react(), react()];
    await untilSettled(...reactors);
    expect(reactors.flatMap(({ errors }) => errors)).toEqual([]);
    expect(await stagesOf([...deals, noticed])).toEqual(new Map([['open notice', 11]]));
    const [moved = ''] = deals;
    await onDeal(moved, lose());
    const another = react();
    await onDeal(moved, reopen(sales));
    await untilSettled(another);
    expect(await stagesOf([moved])).toEqual(new Map([['open notice', 1]]));
  });
});
