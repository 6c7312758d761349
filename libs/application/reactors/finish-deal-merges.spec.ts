import { randomUUID } from 'node:crypto';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import { open } from '#domain/shared/testing/deals.js';
import { create } from '#domain/shared/testing/pipelines.js';
import { DEALS_VIEW } from '#views/deals/deals.view.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import {
  MergeDealsCommand,
  MergeDealsHandler,
  UnmergeDealsCommand,
  UnmergeDealsHandler,
} from '../commands/deal-merge.handlers.js';
import { CommandExecutor } from '../execute.js';
import { Streams } from '../streams.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { finishDealMerges } from './finish-deal-merges.js';
import { TEXTS } from '../testing/personal.js';
import { reactUntil } from '../testing/reacting.js';

let rig: ProjectedLog;
beforeEach(async () => {
  rig = await projectedLog([DEALS_VIEW]);
});
afterEach(() => rig.remove());

async function twoDeals(): Promise<[string, string]> {
  const commands = new CommandExecutor(new Streams(rig.log.store, TEXTS));
  const sales = randomUUID();
  const { state: pipeline } = await commands.execute(PIPELINE, sales, keyedRequest(sales), (state, context) =>
    decidePipeline(state, create({ id: sales }), context),
  );
  const ids: [string, string] = [randomUUID(), randomUUID()];
  for (const id of ids) {
    await commands.execute(DEAL, id, keyedRequest(id), (state, context) =>
      decideDeal(state, open({ id, pipeline }), context),
    );
  }
  return ids;
}

/** By a process that dies after so many of its appends. */
async function cutOff(
  what: 'merge' | 'unmerge',
  survivor: string,
  otherDealId: string,
  appends: number,
): Promise<void> {
  const store = new UnreliableEventStore(rig.log.store);
  store.faults.push(...Array<AppendFault>(appends).fill('none'), ...Array<AppendFault>(50).fill('hung-before'));
  const commands = new CommandExecutor(new Streams(store, TEXTS), undefined, 300);
  const request = keyedRequest(`${what} ${survivor}`);
  const done =
    what === 'merge'
      ? new MergeDealsHandler(commands).execute(new MergeDealsCommand(survivor, { otherDealId }, request))
      : new UnmergeDealsHandler(commands).execute(new UnmergeDealsCommand(survivor, { otherDealId }, request));
  await done.catch(() => undefined);
}

async function react(survivor: string): Promise<void> {
  const isEnded = async () => (await stateOf(survivor))?.pendingMerge === null;
  await reactUntil(isEnded, finishDealMerges(new Streams(rig.log.store, TEXTS)), rig.log.store, rig.work);
}

const stateOf = async (id: string) => (await new Streams(rig.log.store, TEXTS).load(DEAL, id)).state;

describe('the reactor on merges of deals', () => {
  it.each([1, 2])('finishes a merge that was cut off after %i of its events', async (appends) => {
    const [survivor, other] = await twoDeals();
    await cutOff('merge', survivor, other, appends);
    expect((await stateOf(survivor))?.pendingMerge).not.toBeNull();
    await Promise.all([react(survivor), react(survivor)]);
    expect(await stateOf(survivor)).toMatchObject({ merged: [other], status: 'open' });
    expect(await stateOf(other)).toMatchObject({ mergedInto: survivor, status: 'merged' });
  });

  it.each([1, 2])('finishes an unmerge that was cut off after %i of its events', async (appends) => {
    const [survivor, other] = await twoDeals();
    await cutOff('merge', survivor, other, 3);
    await cutOff('unmerge', survivor, other, appends);
    expect((await stateOf(survivor))?.pendingMerge).not.toBeNull();
    await react(survivor);
    expect(await stateOf(survivor)).toMatchObject({ merged: [] });
    expect(await stateOf(other)).toMatchObject({ mergedInto: null, status: 'open' });
  });
});
