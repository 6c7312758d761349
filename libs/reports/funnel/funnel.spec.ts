import { UnsupportedCombination } from '../filters.js';
import { dealHistory, historyRows, openSegment, pathOf } from '../testing/journeys.js';
import type { Step } from '../testing/journeys.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, changed, DAY, pipeline, policiesOf, stage } from '../testing/play.js';
import { FUNNEL_DEFAULTS } from '../testing/questions.js';
import type { FunnelParams } from './funnel.params.js';
import { funnelDrill } from './funnel.drill.js';
import { funnelQuery } from './funnel.query.js';

const SALES = pipeline('sales', [stage('demo'), stage('proposal')]);
const START = at('2026-01-10');

const WAYS: Readonly<Record<string, readonly Step[]>> = {
  won: [
    { value: 10_000, at: START },
    { to: 'demo', at: START },
    { to: 'proposal', at: START + 2 * DAY },
    { turn: 'won', at: START + 3 * DAY },
  ],
  lost: [
    { to: 'demo', at: START },
    { turn: 'lost', at: START + DAY },
  ],
  back: [
    { to: 'proposal', at: START },
    { to: 'demo', at: START + DAY, backward: true },
    { to: 'proposal', at: START + 40 * DAY },
  ],
};
const VIEWS = new MemoryViews([
  dealHistory([
    ...Object.entries(WAYS).flatMap(([id, steps]) =>
      historyRows(id, pathOf(steps, 'sales'), { owner: id === 'won' ? 'ann' : 'bob' }),
    ),
    openSegment('back', 'sales', 'proposal', START + 40 * DAY, { owner: 'carl', currency: 'EUR', value: 700 }),
  ]),
]);
const QUESTION: FunnelParams = {
  ...FUNNEL_DEFAULTS,
  pipelineId: 'sales',
  dates: { from: '2026-01-01', to: '2026-02-01' },
  now: at('2026-06-01'),
};

async function ask(given: Partial<FunnelParams> = {}, policies = policiesOf([SALES])) {
  const funnel = await funnelQuery(VIEWS, policies, { ...QUESTION, ...given });
  if (funnel === null || 'groups' in funnel) throw new Error('no funnel');
  return funnel;
}

describe('a funnel', () => {
  it('is answered to the letter of the contract', async () => {
    expect(await ask({ tz: 'Europe/Berlin', filters: { owner: ['ann'] } })).toEqual({
      definition: 'funnel/1',
      parameters: {
        pipeline: 'sales',
        basis: 'cohort',
        mode: 'reached',
        bucket: 'none',
        restate: 'current',
        from: '2026-01-01',
        to: '2026-02-01',
        attributes: 'then',
        groupBy: null,
        asOf: '2026-06-01T00:00:00.000Z',
        tz: 'Europe/Berlin',
        owner: ['ann'],
      },
      interval: { from: '2025-12-31T23:00:00.000Z', to: '2026-01-31T23:00:00.000Z' },
      tz: 'Europe/Berlin',
      asOf: '2026-06-01T00:00:00.000Z',
      n: 1,
      maturity: 0,
      stages: ['demo', 'proposal'].map((name, index) => ({
        stageId: name,
        name,
        rank: index + 1,
        retired: false,
        reached: 1,
        entered: 1,
        skipped: 0,
        startedLater: 0,
        reentries: 0,
        backwardFrom: 0,
        lostAt: 0,
        furthestLost: 0,
        furthestOpen: 0,
        furthestSwitched: 0,
        furthestMerged: 0,
        conversion: { step: 1, cumulative: 1 },
        toNext: { n: 1, medianDays: 2 - index, p90Days: 2 - index },
        valueAtEntry: [{ amount: '100.00', currency: 'EUR' }],
      })),
      won: { ever: 1, now: 1, step: 1, cumulative: 1 },
      transitions: [],
      buckets: [],
    });
  });

  it('of nothing has no ratios', async () => {
    const empty = await ask({ dates: { from: '2020-01-01', to: '2020-02-01' } });
    expect(empty).toMatchObject({ n: 0, maturity: null, won: { ever: 0, step: null, cumulative: null } });
    expect(empty.stages[0]).toMatchObject({
      conversion: { step: null, cumulative: null },
      toNext: { medianDays: null },
    });
  });

  it('counts visitors without ratios when asked for entries', async () => {
    const { stages, won } = await ask({ mode: 'entered' });
    expect(stages).toMatchObject([
      { reached: 3, conversion: { step: null, cumulative: null } },
      { reached: 2, conversion: { step: null, cumulative: null } },
    ]);
    expect(won).toEqual({ ever: 1, now: 1, step: null, cumulative: null });
  });

  it('counts only who came through in order when strict', async () => {
    const { stages, won } = await ask({ mode: 'strict' });
    // `back` began at the proposal: its first entries are not in order.
    expect(stages).toMatchObject([{ reached: 3 }, { reached: 1 }]);
    expect(won).toEqual({ ever: 1, now: 1, step: 1, cumulative: 0.333333 });
  });

  it('shows every move in the matrix of transitions', async () => {
    const { transitions } = await ask({ mode: 'transitions' });
    expect(transitions).toEqual([
      { from: null, to: 'demo', count: 2, share: 0.666667 },
      { from: null, to: 'proposal', count: 1, share: 0.333333 },
      { from: 'demo', to: 'proposal', count: 2, share: 0.666667 },
      { from: 'demo', to: 'lost', count: 1, share: 0.333333 },
      { from: 'proposal', to: 'demo', count: 1, share: 0.5 },
      { from: 'proposal', to: 'won', count: 1, share: 0.5 },
    ]);
  });

  it('of a period counts the visits that ended in it', async () => {
    const january = await ask({ basis: 'period' });
    expect(january).toMatchObject({
      n: 4,
      maturity: null,
      won: null,
      stages: [
        { exits: 2, advanced: 1, conversion: { step: 0.5, cumulative: null } },
        { exits: 2, advanced: 1, conversion: { step: 0.5, cumulative: null } },
      ],
    });
    const february = await ask({ basis: 'period', dates: { from: '2026-02-01', to: '2026-03-01' } });
    expect(february.stages).toMatchObject([
      { exits: 1, advanced: 1 },
      { exits: 0, advanced: 0, conversion: { step: null } },
    ]);
  });

  it('of an instant is the stock of open deals', async () => {
    const stock = await ask({ basis: 'snapshot', asOf: START + 41 * DAY });
    expect(stock).toMatchObject({
      n: 1,
      stages: [
        { stageId: 'demo', count: 0, value: [] },
        { stageId: 'proposal', count: 1, value: [{ amount: '7.00', currency: 'EUR' }] },
      ],
    });
    expect((await ask({ basis: 'snapshot', asOf: START + 39 * DAY })).n).toBe(0);
  });

  it('takes attributes as they were, or as they are', async () => {
    expect((await ask({ filters: { owner: ['bob'] } })).n).toBe(2);
    expect((await ask({ filters: { owner: ['bob'] }, attributes: 'now' })).n).toBe(0);
    expect((await ask({ filters: { owner: ['carl'] }, attributes: 'now' })).n).toBe(1);
  });

  it('is cut into buckets of its window', async () => {
    const { buckets } = await ask({ bucket: 'week' });
    expect(buckets.map(({ from, to, n }) => [from, to, n])).toEqual([
      ['2026-01-01', '2026-01-05', 0],
      ['2026-01-05', '2026-01-12', 3],
      ['2026-01-12', '2026-01-19', 0],
      ['2026-01-19', '2026-01-26', 0],
      ['2026-01-26', '2026-02-01', 0],
    ]);
  });

  it('is measured on the stages of now, or on those of then', async () => {
    const longer = changed(SALES, at('2026-03-01'), (stages) => [
      ...stages,
      { ...stage('closing'), rank: 0, retired: false, relocatedTo: null },
    ]);
    const policies = policiesOf([longer]);
    expect((await ask({}, policies)).stages).toHaveLength(3);
    expect((await ask({ restate: 'as-was' }, policies)).stages).toHaveLength(2);
    expect((await ask({ asOf: at('2026-02-15') }, policies)).stages).toHaveLength(2);
  });

  it('refuses what has no definition', async () => {
    await expect(ask({ basis: 'period', mode: 'strict' })).rejects.toThrow(UnsupportedCombination);
    await expect(ask({ basis: 'snapshot', mode: 'transitions' })).rejects.toThrow(UnsupportedCombination);
    await expect(ask({ basis: 'snapshot', bucket: 'day' })).rejects.toThrow(UnsupportedCombination);
    await expect(ask({ basis: 'period', filters: { owner: ['ann'] } })).rejects.toThrow(UnsupportedCombination);
    await expect(ask({ filters: { stalled: true } })).rejects.toThrow(UnsupportedCombination);
  });

  it('of an unknown pipeline is none', async () => {
    expect(await funnelQuery(VIEWS, policiesOf([]), QUESTION)).toBeNull();
  });
});

describe('a cell of the funnel', () => {
  async function open(cell: 'lostAt' | 'won' | 'startedLater', stageId: string | null) {
    const titles = () => Promise.resolve(new Map([['lost', 'Boiler']]));
    const params = { ...QUESTION, cell, stageId, limit: 10, after: null, titles };
    return funnelDrill(VIEWS, policiesOf([SALES]), params);
  }

  it('opens to its deals and the events that put them there', async () => {
    expect(await open('lostAt', 'demo')).toEqual({
      items: [
        {
          dealId: 'lost',
          title: 'Boiler',
          event: { revision: 1, type: 'DealLost', occurredAt: '2026-01-11T00:00:00.000Z' },
        },
      ],
      next: null,
      n: 1,
    });
    expect(await open('won', null)).toMatchObject({ n: 1, items: [{ title: null, event: { type: 'DealWon' } }] });
    expect(await open('startedLater', 'demo')).toMatchObject({ n: 0, items: [] });
  });

  it('of an unknown stage is none', async () => {
    expect(await open('lostAt', 'nowhere')).toBeNull();
  });
});
