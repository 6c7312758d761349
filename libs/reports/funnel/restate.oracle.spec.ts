import fc from 'fast-check';
import type { PipelineEvent } from '#domain/pipeline/pipeline.events.js';
import { foldPipeline } from '#domain/pipeline/pipeline.evolve.js';
import { dealHistory, historyRows, pathOf } from '../testing/journeys.js';
import type { Step } from '../testing/journeys.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, policiesOf, stage } from '../testing/play.js';
import { FUNNEL_DEFAULTS } from '../testing/questions.js';
import { funnelQuery } from './funnel.query.js';

/**
 * Funnels of a pipeline whose stages are added, reordered and retired while deals go through it, counted again from lists of
 * names and the sentences of metrics.md ("Rank"), without anything of this library.
 */
const START = at('2026-01-01');
const [FROM, TO] = [at('2026-01-05'), at('2026-02-05')];
const FIRST = ['a', 'b', 'c'];

interface Change {
  readonly day: number;
  readonly pick: number;
  /** What is done instead of adding a stage. */
  readonly instead: readonly number[] | 'retire' | null;
}

interface Walk {
  readonly day: number;
  readonly steps: readonly { readonly wait: number; readonly pick: number; readonly act: 'move' | 'win' | 'lose' }[];
}

/** The names of the stages from an instant on: all of them, and where the deals of the retired ones went. */
interface Order {
  readonly from: number;
  readonly names: readonly string[];
  readonly targets: Readonly<Record<string, string>>;
}

const changes = fc.array(
  fc.record({
    day: fc.nat(60),
    pick: fc.nat(20),
    instead: fc.option(fc.oneof(fc.constant('retire' as const), fc.array(fc.nat(), { minLength: 12, maxLength: 12 }))),
  }),
  { maxLength: 8 },
);
const walks = fc.array(
  fc.record({
    day: fc.nat(50),
    steps: fc.array(
      fc.record({
        wait: fc.constantFrom(0, DAY, 3 * DAY, 10 * DAY),
        pick: fc.nat(20),
        act: fc.constantFrom('move' as const, 'move' as const, 'move' as const, 'win' as const, 'lose' as const),
      }),
      { maxLength: 8 },
    ),
  }),
  { maxLength: 12 },
);

/** The same changes twice: as events of a pipeline, and as lists of names. */
function changed(list: readonly Change[]) {
  const events: { event: PipelineEvent; from: number }[] = [];
  const orders: Order[] = [{ from: START, names: FIRST, targets: {} }];
  for (const { day, pick, instead } of [...list].sort((x, y) => x.day - y.day)) {
    const { names, targets } = orders.at(-1) ?? { names: FIRST, targets: {} };
    const from = START + day * DAY;
    const live = liveOf({ names, targets });
    const one = live[pick % live.length] ?? 'a';
    if (instead === 'retire') {
      const other = live[(pick + 1) % live.length] ?? 'a';
      if (other === one) continue;
      events.push({ from, event: { type: 'StageRetired', data: { stageId: one, relocateTo: other } } });
      orders.push({ from, names, targets: { ...targets, [one]: other } });
    } else if (instead === null) {
      const name = `new ${orders.length}`;
      events.push({ from, event: { type: 'StageAdded', data: { stage: stage(name), after: one } } });
      orders.push({ from, names: names.toSpliced(names.indexOf(one) + 1, 0, name), targets });
    } else {
      const keys = new Map(live.map((name, index) => [name, instead[index % 12] ?? 0]));
      const sorted = live.toSorted((x, y) => (keys.get(x) ?? 0) - (keys.get(y) ?? 0));
      events.push({ from, event: { type: 'StagesReordered', data: { stageIds: sorted } } });
      orders.push({ from, names: behindTheirLeaders(names, targets, sorted), targets });
    }
  }
  return { events, orders };
}

const liveOf = ({ names, targets }: Pick<Order, 'names' | 'targets'>): readonly string[] =>
  names.filter((name) => targets[name] === undefined);

/** Retired stages stay right behind the stage that they stood behind. */
function behindTheirLeaders(
  names: readonly string[],
  targets: Order['targets'],
  sorted: readonly string[],
): readonly string[] {
  const leaderOf = (name: string): string | undefined =>
    names.slice(0, names.indexOf(name)).findLast((before) => targets[before] === undefined);
  const led = (leader: string | undefined): string[] =>
    names.filter((name) => targets[name] !== undefined && leaderOf(name) === leader);
  return [...led(undefined), ...sorted.flatMap((name) => [name, ...led(name)])];
}

function inForce(orders: readonly Order[], instant: number): number {
  return Math.max(
    0,
    orders.findLastIndex(({ from }) => from <= instant),
  );
}

const orderAt = (orders: readonly Order[], instant: number): Order =>
  orders[inForce(orders, instant)] ?? { from: START, names: FIRST, targets: {} };

type Walked = Step & { readonly relocated?: boolean };

/** A deal's steps, each to a stage that could be entered at the time; out of retired stages it is relocated at once. */
function walked(walk: Walk, orders: readonly Order[]): readonly Walked[] {
  let now = START + walk.day * DAY;
  const stageNow = (pick: number): string => {
    const live = liveOf(orderAt(orders, now));
    return live[pick % live.length] ?? 'a';
  };
  let standing = stageNow(walk.day);
  const steps: Walked[] = [{ to: standing, at: now }];
  const relocate = (from: number, to: number): void => {
    for (const { from: at, targets } of orders) {
      if (at <= from || at > to) continue;
      const target = targets[standing];
      if (target !== undefined) steps.push({ to: (standing = target), at, relocated: true });
    }
  };
  for (const { wait, pick, act } of walk.steps) {
    relocate(now, now + wait);
    now += wait;
    if (act !== 'move') return [...steps, { turn: act === 'win' ? 'won' : 'lost', at: now }];
    if (stageNow(pick) !== standing) steps.push({ to: (standing = stageNow(pick)), at: now });
  }
  relocate(now, Infinity);
  return steps;
}

/** Place of a stage that was entered under one order, in the order of the question; -1: before the first. */
function naivePlace(name: string, own: Order, question: Order): number {
  const ladder = liveOf(question);
  let target: string | undefined = name;
  while (target !== undefined && question.targets[target] !== undefined) target = question.targets[target];
  if (target !== undefined && ladder.includes(target)) return ladder.indexOf(target);
  for (let index = own.names.indexOf(name) - 1; index >= 0; index--) {
    const before = own.names[index] ?? '';
    if (ladder.includes(before)) return ladder.indexOf(before);
  }
  return -1;
}

function naive(
  all: readonly (readonly Walked[])[],
  orders: readonly Order[],
  asOf: number,
  question: Order,
  asWas: boolean,
) {
  const deals = all
    .map((steps) => steps.filter((step) => step.at <= asOf))
    .filter(([first]) => first !== undefined && first.at >= FROM && first.at < TO)
    .map((steps) => ({
      won: steps.some((step) => 'turn' in step && step.turn === 'won'),
      lost: steps.some((step) => 'turn' in step && step.turn === 'lost'),
      places: steps.flatMap((step) =>
        'to' in step && !(asWas && step.relocated) ? [naivePlace(step.to, orderAt(orders, step.at), question)] : [],
      ),
    }));
  return liveOf(question).map((name, i) => {
    const entered = deals.filter(({ places }) => places.includes(i));
    const reached = deals.filter(({ won, places }) => won || Math.max(...places) >= i);
    const without = reached.filter((deal) => !entered.includes(deal));
    const startedLater = without.filter(({ places }) => (places[0] ?? -1) > i).length;
    return {
      stageId: name,
      rank: question.names.indexOf(name) + 1,
      reached: reached.length,
      entered: entered.length,
      startedLater,
      skipped: without.length - startedLater,
      lostAt: deals.filter(({ lost, places }) => lost && places.at(-1) === i).length,
      furthestLost: deals.filter(({ won, lost, places }) => !won && lost && Math.max(...places) === i).length,
      furthestOpen: deals.filter(({ won, lost, places }) => !won && !lost && Math.max(...places) === i).length,
    };
  });
}

describe('a funnel of a pipeline that changed', () => {
  it('ranks every visit on the stages of now, or of then, as counted by hand', async () => {
    const law = fc.asyncProperty(changes, walks, fc.integer({ min: 0, max: 80 }), async (list, lives, days) => {
      const { events, orders } = changed(list);
      const created: PipelineEvent = {
        type: 'PipelineCreated',
        data: {
          name: 'Sales',
          template: null,
          stages: FIRST.map((name) => stage(name)),
          moveRules: { skips: true, stepsBack: true },
          winGates: [],
        },
      };
      const sales = foldPipeline(
        [{ event: created, from: START }, ...events].map(({ event, from }, revision) => ({
          ...event,
          occurredAt: from,
          recordedAt: from,
          revision,
          actor: { id: 'u-1', kind: 'user' as const },
        })),
        'sales',
      );
      if (sales === null) throw new Error('no pipeline');
      const all = lives.map((walk) => walked(walk, orders));
      const rows = all.flatMap((steps, index) => {
        const { visits, turns } = pathOf(steps, 'sales');
        const relocated = steps.flatMap((step) => ('to' in step ? [step.relocated === true] : []));
        const versioned = visits.map((visit, visitIndex) => ({
          ...visit,
          entry: relocated[visitIndex] ? 'relocated' : visit.entry,
          pipelineVersion: inForce(orders, visit.enteredAt) + 1,
        }));
        return historyRows(`d${index}`, { visits: versioned, turns });
      });
      const views = new MemoryViews([dealHistory(rows)]);
      const asOf = START + days * DAY + 7;
      for (const restate of ['current', 'as-was'] as const) {
        const question = orderAt(orders, restate === 'current' ? asOf : Math.min(TO, asOf));
        const funnel = await funnelQuery(views, policiesOf([sales]), {
          ...FUNNEL_DEFAULTS,
          pipelineId: 'sales',
          dates: { from: '2026-01-05', to: '2026-02-05' },
          restate,
          asOf,
          now: asOf,
        });
        if (funnel === null || 'groups' in funnel) throw new Error('no funnel');
        expect(funnel.stages).toMatchObject(naive(all, orders, asOf, question, restate === 'as-was'));
        expect(funnel.stages).toHaveLength(liveOf(question).length);
      }
    });
    await fc.assert(law, { numRuns: 200 });
  });
});
