import { UnsupportedCombination } from '../filters.js';
import { dealHistory, historyRows, openSegment, pathOf } from '../testing/journeys.js';
import type { DealAttributes, Step } from '../testing/journeys.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, pipeline, policiesOf, stage } from '../testing/play.js';
import { PERFORMANCE_DEFAULTS } from '../testing/questions.js';
import { performanceQuery } from './performance.query.js';
import type { PerformanceParams } from './performance.query.js';

const POLICIES = policiesOf([pipeline('sales', [stage('demo')]), pipeline('renewals', [stage('offer')])]);
const QUESTION: PerformanceParams = {
  ...PERFORMANCE_DEFAULTS,
  dates: { from: '2026-03-01', to: '2026-04-01' },
  now: at('2026-06-01'),
};

interface Told {
  readonly opened: string;
  readonly close?: readonly ['won' | 'lost', string];
  readonly reopened?: string;
  readonly value?: number | null;
  readonly currency?: string;
  readonly attributes?: DealAttributes;
}

function viewsOf(deals: Readonly<Record<string, Told>>): MemoryViews {
  const rows = Object.entries(deals).flatMap(([id, told]) => {
    const steps: Step[] = [
      { value: told.value === undefined ? 1000 : told.value, at: at(told.opened) },
      { to: 'demo', at: at(told.opened) },
    ];
    if (told.close) steps.push({ turn: told.close[0], at: at(told.close[1]) });
    if (told.reopened) steps.push({ to: 'demo', at: at(told.reopened) });
    const history = historyRows(id, pathOf(steps, 'sales', told.currency), told.attributes);
    const isOpen = told.close === undefined || told.reopened !== undefined;
    const currency = told.currency ?? 'EUR';
    return isOpen
      ? [...history, openSegment(id, 'sales', 'demo', at(told.opened), { currency, value: 1000 })]
      : history;
  });
  return new MemoryViews([dealHistory(rows)]);
}

async function ask(deals: Readonly<Record<string, Told>>, given: Partial<PerformanceParams> = {}) {
  const answer = await performanceQuery(viewsOf(deals), POLICIES, { ...QUESTION, ...given });
  if (answer === null || 'groups' in answer) throw new Error('no answer');
  return answer;
}

describe('performance', () => {
  it('is answered to the letter of the contract', async () => {
    const deals: Record<string, Told> = {
      a: { opened: '2026-03-02', close: ['won', '2026-03-12'], value: 10_000 },
      b: { opened: '2026-03-02', close: ['won', '2026-03-07'], value: 5_001 },
      c: { opened: '2026-01-01', close: ['lost', '2026-03-31'], value: 4_999 },
      d: { opened: '2026-03-10', value: 1000 },
      e: { opened: '2026-02-01', close: ['won', '2026-02-20'], value: 5_000 },
    };
    expect(await ask(deals, { pipelineId: 'sales', minSample: 1, window: 'P92D' })).toEqual({
      definition: 'performance/1',
      parameters: {
        pipeline: 'sales',
        window: 'P92D',
        minSample: 1,
        from: '2026-03-01',
        to: '2026-04-01',
        attributes: 'then',
        groupBy: null,
        asOf: '2026-06-01T00:00:00.000Z',
        tz: 'UTC',
      },
      interval: { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
      tz: 'UTC',
      asOf: '2026-06-01T00:00:00.000Z',
      n: 3,
      winRate: {
        closed: { ratio: 0.666667, won: 2, lost: 1 },
        cohort: { ratio: 0.666667, won: 2, opened: 3, stillOpen: 0.333333 },
        value: [{ currency: 'EUR', ratio: 0.75005, won: '150.01', lost: '49.99' }],
      },
      excluded: { voided: 0, merged: 0 },
      dealSize: [{ currency: 'EUR', n: 2, mean: '75.00', median: '75.00' }],
      withoutValue: 0,
      salesCycle: { n: 2, meanDays: 7.5, medianDays: 7.5, p90Days: 9.5 },
      velocity: {
        potential: [
          {
            currency: 'EUR',
            // 1 open x 2/3 x 75.005 / 7.5 days
            perDay: '6.67',
            inputs: { openDeals: 1, winRate: 0.666667, wins: 2, losses: 1, meanDealSize: '75.00', meanCycleDays: 7.5 },
          },
        ],
        realised: [{ currency: 'EUR', perDay: '4.84', wonValue: '150.01', days: 31 }],
      },
      revenueGrowth: [{ currency: 'EUR', ratio: 2.0002, current: '150.01', previous: '50.00' }],
    });
  });

  it('of nothing has no rates', async () => {
    const empty = await ask({});
    expect(empty).toMatchObject({
      n: 0,
      winRate: { closed: { ratio: null, won: 0, lost: 0 }, cohort: { ratio: null, stillOpen: null }, value: [] },
      dealSize: [],
      salesCycle: { n: 0, meanDays: null, medianDays: null, p90Days: null },
      velocity: { potential: [], realised: [] },
      revenueGrowth: [],
    });
  });

  it('forgets a close when the deal is reopened, but not for the days before', async () => {
    const deals: Record<string, Told> = {
      a: { opened: '2026-03-02', close: ['won', '2026-03-12'], reopened: '2026-04-15' },
    };
    expect((await ask(deals)).winRate.closed).toEqual({ ratio: null, won: 0, lost: 0 });
    expect((await ask(deals, { asOf: at('2026-04-14') })).winRate.closed).toEqual({ ratio: 1, won: 1, lost: 0 });
    expect((await ask(deals, { asOf: at('2026-03-11') })).winRate.closed).toEqual({ ratio: null, won: 0, lost: 0 });
  });

  it('keeps deals without value out of every mean, and counts them', async () => {
    const deals: Record<string, Told> = {
      a: { opened: '2026-03-02', close: ['won', '2026-03-12'], value: null },
      b: { opened: '2026-03-02', close: ['won', '2026-03-12'], value: 300 },
    };
    expect(await ask(deals)).toMatchObject({
      withoutValue: 1,
      dealSize: [{ n: 1, mean: '3.00' }],
      salesCycle: { n: 2 },
      winRate: { closed: { won: 2 }, value: [{ won: '3.00' }] },
    });
  });

  it('names no velocity under its smallest sample, but its inputs', async () => {
    const deals = Object.fromEntries(
      Array.from({ length: 5 }, (_, i): [string, Told] => [
        `d${i}`,
        { opened: '2026-05-01', close: ['won', '2026-05-11'] },
      ]),
    );
    expect((await ask({ ...deals, o: { opened: '2026-05-01' } })).velocity.potential).toMatchObject([
      { perDay: '1.00', inputs: { openDeals: 1, wins: 5, losses: 0 } },
    ]);
    const { d0: _, ...four } = deals;
    expect((await ask(four)).velocity.potential).toMatchObject([{ perDay: null, inputs: { wins: 4 } }]);
  });

  it('computes the velocity of a currency from its own deals', async () => {
    const won = (currency: string, i: number): [string, Told] => [
      `${currency}${i}`,
      { opened: '2026-05-01', close: ['won', currency === 'EUR' ? '2026-05-11' : '2026-05-21'], currency },
    ];
    const deals = Object.fromEntries([0, 1, 2, 3, 4].flatMap((i) => [won('EUR', i), won('USD', i)]));
    const open: Record<string, Told> = {
      o1: { opened: '2026-05-01', currency: 'EUR' },
      o2: { opened: '2026-05-01', currency: 'USD' },
      o3: { opened: '2026-05-01', currency: 'USD' },
    };
    expect((await ask({ ...deals, ...open })).velocity.potential).toMatchObject([
      { currency: 'EUR', perDay: '1.00', inputs: { openDeals: 1, wins: 5, meanCycleDays: 10 } },
      { currency: 'USD', perDay: '1.00', inputs: { openDeals: 2, wins: 5, meanCycleDays: 20 } },
    ]);
  });

  it('grows from nothing without a ratio', async () => {
    const deals: Record<string, Told> = { a: { opened: '2026-03-02', close: ['won', '2026-03-12'] } };
    expect((await ask(deals)).revenueGrowth).toEqual([
      { currency: 'EUR', ratio: null, current: '10.00', previous: '0.00' },
    ]);
    expect((await ask(deals, { dates: { from: '2026-04-01', to: '2026-05-02' } })).revenueGrowth).toEqual([
      { currency: 'EUR', ratio: -1, current: '0.00', previous: '10.00' },
    ]);
  });

  it('is told apart by owner, and the owners sum to the whole', async () => {
    const deals: Record<string, Told> = {
      a: { opened: '2026-03-02', close: ['won', '2026-03-12'], attributes: { owner: 'ann', products: ['x', 'y'] } },
      b: { opened: '2026-03-02', close: ['lost', '2026-03-12'], attributes: { owner: 'bob' } },
    };
    const byOwner = await performanceQuery(viewsOf(deals), POLICIES, { ...QUESTION, groupBy: 'owner' });
    expect(byOwner).toMatchObject({
      n: 2,
      groups: [
        { key: 'ann', n: 1, winRate: { closed: { ratio: 1 }, cohort: { opened: 1 } } },
        { key: 'bob', n: 1, winRate: { closed: { ratio: 0 }, cohort: { opened: 1 } } },
      ],
    });
    const byProduct = await performanceQuery(viewsOf(deals), POLICIES, { ...QUESTION, groupBy: 'product' });
    expect(byProduct).toMatchObject({
      n: 2,
      groups: [
        { key: 'x', n: 1 },
        { key: 'y', n: 1 },
        { key: null, n: 1 },
      ],
    });
  });

  it('counts merged deals apart, and a switched one once over all pipelines', async () => {
    const merged = pathOf(
      [
        { to: 'demo', at: at('2026-03-02') },
        { turn: 'merged', at: at('2026-03-03') },
      ],
      'sales',
    );
    const switched = pathOf(
      [
        { to: 'demo', at: at('2026-03-02') },
        { to: 'offer', at: at('2026-03-03'), pipeline: 'renewals' },
        { turn: 'won', at: at('2026-03-04') },
      ],
      'sales',
    );
    const views = new MemoryViews([dealHistory([...historyRows('m', merged), ...historyRows('s', switched)])]);
    const of = (pipelineId: string | null) => performanceQuery(views, POLICIES, { ...QUESTION, pipelineId });
    expect(await of(null)).toMatchObject({
      winRate: { cohort: { opened: 1, won: 1 } },
      excluded: { voided: 0, merged: 1 },
    });
    expect(await of('sales')).toMatchObject({ winRate: { closed: { won: 0 }, cohort: { opened: 1, won: 0 } } });
    expect(await of('renewals')).toMatchObject({ winRate: { closed: { won: 1 }, cohort: { opened: 1, won: 1 } } });
  });

  it('refuses the filter stalled, which a close does not have, and knows its pipelines', async () => {
    await expect(ask({}, { filters: { stalled: true } })).rejects.toThrow(UnsupportedCombination);
    expect(await performanceQuery(viewsOf({}), POLICIES, { ...QUESTION, pipelineId: 'nowhere' })).toBeNull();
  });
});
