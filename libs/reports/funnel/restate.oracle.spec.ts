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
 * Funnels of a pipeline whose stages are added and reordered while deals go through it, counted again from lists of
 * names and the sentences of metrics.md ("Rank"), without anything of this library.
 */
const START = at('2026-01-01');
const [FROM, TO] = [at('2026-01-05'), at('2026-02-05')];
const FIRST = ['a', 'b', 'c'];

interface Change {
  readonly day: number;
  readonly pick: number;
  readonly shuffle: readonly number[] | null;
}

interface Walk {
  readonly day: number;
  readonly steps: readonly { readonly wait: number; readonly pick: number; readonly act: 'move' | 'win' | 'lose' }[];
}

/** The names of the stages from an instant on. */
interface Order {
  readonly from: number;
  readonly names: readonly string[];
}

const changes = fc.array(
  fc.record({
    day: fc.nat(60),
    pick: fc.nat(20),
    shuffle: fc.option(fc.array(fc.nat(), { minLength: 12, maxLength: 12 })),
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
  const orders: Order[] = [{ from: START, names: FIRST }];
  for (const { day, pick, shuffle } of [...list].sort((x, y) => x.day - y.day)) {
    const names = [...(orders.at(-1)?.names ?? [])];
    const from = START + day * DAY;
    if (shuffle === null) {
      const behind = pick % names.length;
      const name = `new ${orders.length}`;
      events.push({ from, event: { type: 'StageAdded', data: { stage: stage(name), after: names[behind] ?? null } } });
      names.splice(behind + 1, 0, name);
    } else {
      const keys = new Map(names.map((name, index) => [name, shuffle[index % 12] ?? 0]));
      names.sort((x, y) => (keys.get(x) ?? 0) - (keys.get(y) ?? 0));
      events.push({ from, event: { type: 'StagesReordered', data: { stageIds: [...names] } } });
    }
    orders.push({ from, names });
  }
  return { events, orders };
}

function inForce(orders: readonly Order[], instant: number): number {
  return Math.max(
    0,
    orders.findLastIndex(({ from }) => from <= instant),
  );
}

/** A deal's steps, each to a stage that there was at the time. */
function walked(walk: Walk, orders: readonly Order[]): readonly Step[] {
  let now = START + walk.day * DAY;
  const stageNow = (pick: number): string => {
    const names = orders[inForce(orders, now)]?.names ?? FIRST;
    return names[pick % names.length] ?? 'a';
  };
  let standing = stageNow(walk.day);
  let closed = false;
  const steps: Step[] = [{ to: standing, at: now }];
  for (const { wait, pick, act } of walk.steps) {
    now += wait;
    if (closed) break;
    if (act !== 'move') steps.push({ turn: act === 'win' ? 'won' : 'lost', at: now });
    else if (stageNow(pick) !== standing) steps.push({ to: (standing = stageNow(pick)), at: now });
    closed = act !== 'move';
  }
  return steps;
}

/** Place of a stage that was entered under one order, in the order of the question; -1: before the first. */
function naivePlace(name: string, own: readonly string[], ladder: readonly string[]): number {
  if (ladder.includes(name)) return ladder.indexOf(name);
  for (let index = own.indexOf(name) - 1; index >= 0; index--) {
    const before = own[index] ?? '';
    if (ladder.includes(before)) return ladder.indexOf(before);
  }
  return -1;
}

function naive(all: readonly (readonly Step[])[], orders: readonly Order[], asOf: number, ladder: readonly string[]) {
  const deals = all
    .map((steps) => steps.filter((step) => step.at <= asOf))
    .filter(([first]) => first !== undefined && first.at >= FROM && first.at < TO)
    .map((steps) => ({
      won: steps.some((step) => 'turn' in step && step.turn === 'won'),
      lost: steps.some((step) => 'turn' in step && step.turn === 'lost'),
      places: steps.flatMap((step) =>
        'to' in step ? [naivePlace(step.to, orders[inForce(orders, step.at)]?.names ?? [], ladder)] : [],
      ),
    }));
  return ladder.map((name, i) => {
    const entered = deals.filter(({ places }) => places.includes(i));
    const reached = deals.filter(({ won, places }) => won || Math.max(...places) >= i);
    const without = reached.filter((deal) => !entered.includes(deal));
    const startedLater = without.filter(({ places }) => (places[0] ?? -1) > i).length;
    return {
      stageId: name,
      rank: i + 1,
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
        const versioned = visits.map((visit) => ({ ...visit, pipelineVersion: inForce(orders, visit.enteredAt) + 1 }));
        return historyRows(`d${index}`, { visits: versioned, turns });
      });
      const views = new MemoryViews([dealHistory(rows)]);
      const asOf = START + days * DAY + 7;
      for (const restate of ['current', 'as-was'] as const) {
        const ladder = orders[inForce(orders, restate === 'current' ? asOf : Math.min(TO, asOf))]?.names ?? [];
        const funnel = await funnelQuery(views, policiesOf([sales]), {
          ...FUNNEL_DEFAULTS,
          pipelineId: 'sales',
          dates: { from: '2026-01-05', to: '2026-02-05' },
          restate,
          asOf,
          now: asOf,
        });
        if (funnel === null || 'groups' in funnel) throw new Error('no funnel');
        expect(funnel.stages).toMatchObject(naive(all, orders, asOf, ladder));
        expect(funnel.stages).toHaveLength(ladder.length);
      }
    });
    await fc.assert(law, { numRuns: 200 });
  });
});
