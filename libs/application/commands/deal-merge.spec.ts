import { randomUUID } from 'node:crypto';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { lose, move, open, voidIt } from '#domain/shared/testing/deals.js';
import { create } from '#domain/shared/testing/pipelines.js';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { EventStore } from '#event-store/port.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import { OutcomeUnknown } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { Streams } from '../streams.js';
import { embeddedLog, type EmbeddedLog } from '../testing/embedded-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import type { CommandAnswer } from './command.js';
import {
  MergeDealsCommand,
  MergeDealsHandler,
  UnmergeDealsCommand,
  UnmergeDealsHandler,
} from './deal-merge.handlers.js';
import { TEXTS } from '../testing/personal.js';

let log: EmbeddedLog;
let pipeline: PipelineState;
beforeAll(async () => {
  log = await embeddedLog();
  const commands = new CommandExecutor(new Streams(log.store, TEXTS));
  const made = await commands.execute(PIPELINE, 'sales', keyedRequest('sales'), (state, context) =>
    decidePipeline(state, create({ id: 'sales' }), context),
  );
  pipeline = made.state;
});
afterAll(() => log.remove());

/** A command on a deal by a process of its own. */
async function onDeal(id: string, command: DealCommand): Promise<DealState> {
  const commands = new CommandExecutor(new Streams(log.store, TEXTS));
  const outcome = await commands.execute(DEAL, id, keyedRequest(randomUUID()), (state, context) =>
    decideDeal(state, command, context),
  );
  return outcome.state;
}

async function deals(count = 2): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) await onDeal(id, open({ id, pipeline }));
  return ids;
}

type Act = 'merge' | 'unmerge';

/** By a process of its own: nothing cached, nothing remembered. */
function act(
  what: Act,
  survivor: string,
  otherDealId: string,
  { store = log.store, key = what, deadlineMs = 5_000 }: { store?: EventStore; key?: string; deadlineMs?: number } = {},
): Promise<CommandAnswer> {
  const commands = new CommandExecutor(new Streams(store, TEXTS), undefined, deadlineMs);
  const request = keyedRequest(`${key} ${survivor} ${otherDealId}`);
  return what === 'merge'
    ? new MergeDealsHandler(commands).execute(new MergeDealsCommand(survivor, { otherDealId }, request))
    : new UnmergeDealsHandler(commands).execute(new UnmergeDealsCommand(survivor, { otherDealId }, request));
}

async function stateOf(id: string): Promise<DealState> {
  const { state } = await new Streams(log.store, TEXTS).load(DEAL, id);
  if (state === null) throw new Error(`no deal ${id}`);
  return state;
}

const EFFECTS: Readonly<Record<Act, readonly string[]>> = {
  merge: ['MergeStarted', 'DealMergedInto', 'MergeCompleted'],
  unmerge: ['UnmergeStarted', 'DealUnmerged', 'UnmergeCompleted'],
};

async function effectsOf(what: Act, ids: readonly string[]): Promise<readonly string[]> {
  const streams = new Set(ids.map((id) => DEAL.stream(id)));
  const all = await log.store.readAll(null, 1_000_000);
  return all.filter(({ stream, type }) => streams.has(stream) && EFFECTS[what].includes(type)).map(({ type }) => type);
}

/** No half state: who hangs under another is known there, nothing is pending, and no chain leads back to its start. */
async function expectWhole(ids: readonly string[]): Promise<void> {
  const states = new Map(await Promise.all(ids.map(async (id) => [id, await stateOf(id)] as const)));
  for (const [id, state] of states) {
    expect(state.pendingMerge).toBeNull();
    expect(state.mergedInto !== null).toBe(state.status === 'merged');
    if (state.mergedInto !== null) expect(states.get(state.mergedInto)?.merged).toContain(id);
    for (const other of state.merged) expect(states.get(other)?.mergedInto).toBe(id);
    const passed = new Set<string>();
    for (let at: string | null = id; at !== null; at = states.get(at)?.mergedInto ?? null) {
      expect(passed.has(at)).toBe(false);
      passed.add(at);
    }
    // Whatever the others became, one that stands by itself is not left without a visit by a merge.
    expect(state.visits.at(-1)?.exit === 'merged').toBe(state.status === 'merged');
  }
}

async function prepared(what: Act): Promise<readonly [string, string]> {
  const [survivor = '', other = ''] = await deals();
  if (what === 'unmerge') await act('merge', survivor, other);
  return [survivor, other];
}

/** What must be there in the end, whatever happened before. */
async function expectDone(what: Act, survivor: string, other: string): Promise<void> {
  const replayed = await act(what, survivor, other);
  expect(await effectsOf(what, [survivor, other])).toEqual(EFFECTS[what]);
  const state = await stateOf(survivor);
  expect(replayed).toMatchObject({ status: 200, replayed: true, body: { id: survivor, revision: state.revision } });
  expect(await act(what, survivor, other)).toEqual(replayed);
  expect((await stateOf(other)).mergedInto).toBe(what === 'merge' ? survivor : null);
  await expectWhole([survivor, other]);
}

describe.each<Act>(['merge', 'unmerge'])('a process that stops during a %s', (what) => {
  const moments = EFFECTS[what].flatMap((effect) =>
    (['hung-before', 'hung-after'] as const).map((fault) => [effect, fault] as const),
  );

  it.each(moments)('at %s, %s: the same key finishes it', async (effect, fault) => {
    const [survivor, other] = await prepared(what);
    const store = new UnreliableEventStore(log.store);
    const before = EFFECTS[what].indexOf(effect);
    store.faults.push(...Array<AppendFault>(before).fill('none'), fault, ...Array<AppendFault>(50).fill('hung-before'));
    await expect(act(what, survivor, other, { store, deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    const done = before + (fault === 'hung-after' ? 1 : 0);
    expect(await effectsOf(what, [survivor, other])).toEqual(EFFECTS[what].slice(0, done));
    await act(what, survivor, other);
    await expectDone(what, survivor, other);
  });

  it.each(moments)('at %s, %s: another key finishes it', async (effect, fault) => {
    const [survivor, other] = await prepared(what);
    const store = new UnreliableEventStore(log.store);
    const before = EFFECTS[what].indexOf(effect);
    store.faults.push(...Array<AppendFault>(before).fill('none'), fault, ...Array<AppendFault>(50).fill('hung-before'));
    await expect(act(what, survivor, other, { store, deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    await act(what, survivor, other, { key: 'another' }).catch(() => undefined);
    expect(await effectsOf(what, [survivor, other])).toEqual(EFFECTS[what]);
    await expectWhole([survivor, other]);
  });

  it.each(EFFECTS[what])('once it goes on at %s', async (effect) => {
    for (const fault of ['lost-before', 'lost-after', 'conflict'] as const) {
      const [survivor, other] = await prepared(what);
      const store = new UnreliableEventStore(log.store);
      store.faults.push(...Array<AppendFault>(EFFECTS[what].indexOf(effect)).fill('none'), fault);
      expect(await act(what, survivor, other, { store })).toMatchObject({ status: 200, replayed: false });
      await expectDone(what, survivor, other);
    }
  });
});

describe('a merge', () => {
  it('that the other refuses meanwhile is abandoned, and its key is told the same for ever', async () => {
    const [survivor, other] = await prepared('merge');
    const store = new UnreliableEventStore(log.store);
    store.faults.push('none', ...Array<AppendFault>(50).fill('hung-before'));
    await expect(act('merge', survivor, other, { store, deadlineMs: 300 })).rejects.toThrow(OutcomeUnknown);
    await onDeal(other, lose());
    const refused = { rejection: { code: 'wrong-status', data: { status: 'lost', allowed: ['open'] } } };
    await expect(act('merge', survivor, other)).rejects.toMatchObject(refused);
    await expect(act('merge', survivor, other)).rejects.toMatchObject(refused);
    expect((await stateOf(survivor)).merged).toEqual([]);
    await expectWhole([survivor, other]);
  });

  it('of one into the other and back at once: no circle, nothing half', async () => {
    for (let round = 0; round < 15; round++) {
      const [a = '', b = ''] = await deals();
      const answers = await Promise.allSettled([act('merge', a, b), act('merge', b, a)]);
      expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2);
      for (const answer of answers) {
        if (answer.status === 'rejected')
          expect(answer.reason).toMatchObject({ rejection: { code: 'already-merged' } });
      }
      await expectWhole([a, b]);
    }
  });

  it('at once with moves, losses and voids of both: either, and nothing half', async () => {
    for (let round = 0; round < 15; round++) {
      const [a = '', b = ''] = await deals();
      const meanwhile = [
        () => [onDeal(b, move('demo', { pipeline })), onDeal(a, move('demo', { pipeline }))],
        () => [onDeal(b, lose()), onDeal(a, move('demo', { pipeline }))],
        () => [onDeal(a, voidIt()), onDeal(b, voidIt())],
      ][round % 3];
      await Promise.allSettled([act('merge', a, b), ...(meanwhile?.() ?? [])]);
      await expectWhole([a, b]);
    }
  });

  it('among many at once, with unmerges: nothing half, no circle, nobody stranded', async () => {
    const ids = await deals(4);
    const pairs = ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => [a, b] as const));
    for (let round = 0; round < 4; round++) {
      const acts = pairs.map(([a, b], index) =>
        act((index + round) % 3 === 0 ? 'unmerge' : 'merge', a, b, { key: `round ${round}` }),
      );
      await Promise.allSettled(acts);
      await expectWhole(ids);
    }
    // Everybody can be taken out again.
    for (const id of ids)
      for (const other of (await stateOf(id)).merged) await act('unmerge', id, other, { key: 'last' });
    for (const id of ids) expect((await stateOf(id)).status).toBe('open');
  });

  it('under one key at once is one', async () => {
    const [survivor, other] = await prepared('merge');
    const answers = await Promise.all(Array.from({ length: 8 }, () => act('merge', survivor, other)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await expectDone('merge', survivor, other);
  });
});
