import { randomUUID } from 'node:crypto';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import type { PipelineCommand } from '#domain/pipeline/pipeline.commands.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import { move, open, switchTo, win } from '#domain/shared/testing/deals.js';
import { create, pipelineOf, stage } from '#domain/shared/testing/pipelines.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { Streams } from '../streams.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { planPlaybooks } from './plan-playbooks.js';
import { TEXTS } from '../testing/personal.js';
import { reactToEnd, reactUntil } from '../testing/reacting.js';

const SALES = 'sales';
const FIRST_CALL = { kind: 'call', subject: 'First call', afterDays: 1 } as const;
const OFFER = { kind: 'proposal', subject: 'Send the offer', afterDays: 7 } as const;
const WELCOME = { kind: 'email', subject: 'Welcome', afterDays: 0 } as const;

let rig: ProjectedLog;
let commands: CommandExecutor;
let sales: PipelineState;
beforeEach(async () => {
  rig = await projectedLog([]);
  commands = new CommandExecutor(new Streams(rig.log.store, TEXTS), undefined, 60_000);
  const stages = [
    stage('prospect'),
    stage('demo', { playbook: [FIRST_CALL, OFFER] }),
    stage('onboarding', { kind: 'post-sale', playbook: [WELCOME] }),
  ];
  sales = await onPipeline(create({ id: SALES, stages }));
});
afterEach(() => rig.remove());

async function onPipeline(command: PipelineCommand): Promise<PipelineState> {
  const outcome = await commands.execute(PIPELINE, SALES, keyedRequest(randomUUID()), (before, context) =>
    decidePipeline(before, command, context),
  );
  return outcome.state;
}

async function onDeal(id: string, command: DealCommand, request = keyedRequest(randomUUID())): Promise<void> {
  await commands.execute(DEAL, id, request, (before, context) => decideDeal(before, command, context));
}

async function openIn(stageId: string, request = keyedRequest(randomUUID()), pipeline = sales): Promise<string> {
  const id = randomUUID();
  await onDeal(id, open({ id, pipeline, stageId, ownerId: 'u-ada' }), request);
  return id;
}

/** Runs the reactor until it has handled all that is in the log, or what is waited for has come. */
async function react(store: UnreliableEventStore | null = null, until?: () => boolean): Promise<void> {
  const events = store ?? rig.log.store;
  const reactor = planPlaybooks(
    new CommandExecutor(new Streams(events, TEXTS), undefined, store === null ? 60_000 : 100),
  );
  await (until === undefined ? reactToEnd(reactor, events, rig.work) : reactUntil(until, reactor, events, rig.work));
}

async function plannedOn(id: string) {
  const { state } = await commands.streams.load(DEAL, id);
  return (await TEXTS.open(state?.activities ?? [])).map(({ kind, subject, dueAt, assigneeId }) => ({
    kind,
    subject,
    assigneeId,
    days: (dueAt - (state?.visits.at(-1)?.enteredAt ?? 0)) / 86_400_000,
  }));
}

const call = { kind: 'call', subject: 'First call', assigneeId: 'u-ada', days: 1 };
const offer = { kind: 'proposal', subject: 'Send the offer', assigneeId: 'u-ada', days: 7 };

describe('the reactor on playbooks', () => {
  it('plans what the stage asks for, for the owner, so many days after the entry', async () => {
    const [opened, moved, won] = [await openIn('demo'), await openIn('prospect'), await openIn('prospect')];
    await onDeal(moved, move('demo', { pipeline: sales }));
    await onDeal(won, win({ pipeline: sales }));
    const switched = await openIn('prospect', keyedRequest(randomUUID()), pipelineOf());
    await onDeal(switched, switchTo({ pipeline: sales, stageId: 'demo' }));
    await react();
    expect(await plannedOn(switched)).toEqual([call, offer]);
    expect(await plannedOn(opened)).toEqual([call, offer]);
    expect(await plannedOn(moved)).toEqual([call, offer]);
    expect(await plannedOn(won)).toEqual([{ kind: 'email', subject: 'Welcome', assigneeId: 'u-ada', days: 0 }]);
  });

  it('takes the playbook of the version that the deal entered under', async () => {
    const before = await openIn('demo');
    await onPipeline({ type: 'SetStagePolicy', stageId: 'demo', policy: { playbook: [OFFER] } });
    await react();
    expect(await plannedOn(before)).toEqual([call, offer]);
  });

  it('plans nothing on imported history, nor on a deal that has moved on', async () => {
    const imported = await openIn(
      'demo',
      keyedRequest(randomUUID(), { caller: { actor: { id: 'i-1', kind: 'import' }, mayOverride: false } }),
    );
    const gone = await openIn('demo');
    await onDeal(gone, move('prospect', { pipeline: sales }));
    await react();
    expect([await plannedOn(imported), await plannedOn(gone)]).toEqual([[], []]);
  });

  it.each(['hung-before', 'hung-after'] as const)('plans each once, killed in the middle (%s)', async (fault) => {
    const deals = await Promise.all(Array.from({ length: 40 }, () => openIn('demo')));
    for (const appends of [0, 1, 2]) {
      const store = new UnreliableEventStore(rig.log.store);
      store.faults.push(...Array<AppendFault>(appends).fill('none'), ...Array<AppendFault>(500).fill(fault));
      await react(store, () => store.sent.length > appends);
    }
    await rig.work.forgetCheckpoint(
      'plan-playbooks',
      (await rig.work.checkpoint('plan-playbooks')) ?? { position: 0n, hash: '' },
    );
    await react();
    for (const id of deals) expect(await plannedOn(id)).toEqual([call, offer]);
  });

  it('several at once plan each once', async () => {
    const deals = await Promise.all(Array.from({ length: 10 }, () => openIn('demo')));
    await Promise.all([react(), react(), react()]);
    for (const id of deals) expect(await plannedOn(id)).toEqual([call, offer]);
  });
});
