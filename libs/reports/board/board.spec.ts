import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Keyset, Row } from '#view-store/port.js';
import { cardRow, dealCards } from '../testing/cards.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, changed, DAY, NAMES, pipeline, policiesOf, stage } from '../testing/play.js';
import { boardQuery, columnPage, columnTotals } from './board.query.js';
import type { Board, BoardParams } from './board.query.js';

const NOW = at('2026-06-01');
const SALES = pipeline('sales', [
  stage('demo', { probability: 0.6, rottenAfter: 'P14D', maxStay: 'P30D' }),
  stage('proposal', { probability: 0.8 }),
  stage('care', { kind: 'post-sale', probability: 1, rottenAfter: 'P7D' }),
]);

const PARAMS: BoardParams = {
  pipelineId: 'sales',
  filters: {},
  sort: 'touch',
  cards: 20,
  asOf: null,
  now: NOW,
  tz: null,
  cursor: (stageId, keyset) => `${stageId} ${JSON.stringify(keyset)}`,
  dealsAsOf: () => Promise.resolve(new Map()),
};

function deal(id: string, stageId: string, daysAgo: number, given: Partial<Row> = {}): Row {
  return cardRow(id, 'sales', stageId, NOW - daysAgo * DAY, given);
}

const euros = (amount: number) => ({ currency: 'EUR', value: amount * 100 });

async function boardOf(rows: readonly Row[], params: Partial<BoardParams> = {}, state: PipelineState = SALES) {
  const views = new MemoryViews([dealCards(rows)]);
  const board = await boardQuery(views, policiesOf([state]), NAMES, { ...PARAMS, ...params });
  if (board === null) throw new Error('no board');
  return { board, views };
}

const column = (board: Board, stageId: string) => board.columns.find((each) => each.stageId === stageId);

describe('a board', () => {
  it('weighs ten deals of 100,000 at 60 % as 600,000', async () => {
    const deals = Array.from({ length: 10 }, (_, i) => deal(`d${i}`, 'demo', 1, euros(100_000)));
    const { board } = await boardOf(deals);
    expect(column(board, 'demo')).toMatchObject({
      count: 10,
      value: [{ amount: '1000000.00', currency: 'EUR' }],
      weightedValue: [{ amount: '600000.00', currency: 'EUR' }],
    });
  });

  it('takes a deal’s own probability before its stage’s, and rounds once', async () => {
    const { board } = await boardOf([
      deal('a', 'demo', 1, { currency: 'EUR', value: 1, ownProbability: 2500 }),
      deal('b', 'demo', 1, { currency: 'EUR', value: 1, ownProbability: 2500 }),
      deal('c', 'proposal', 1, { currency: 'EUR', value: 1, ownProbability: 5000 }),
    ]);
    // 0.25 + 0.25 cents are half a cent: to the even one. With the other half it is a whole one.
    expect(column(board, 'demo')?.weightedValue).toEqual([{ amount: '0.00', currency: 'EUR' }]);
    expect(board.totals.weightedValue).toEqual([{ amount: '0.01', currency: 'EUR' }]);
  });

  it('is answered to the letter of the contract', async () => {
    const rows = [
      deal('old', 'demo', 40, { ...euros(5), contactKind: 'person', contactId: 'ada', team: 'north', labels: ['hot'] }),
      deal('new', 'demo', 1, { currency: 'USD', value: 700, owner: 'bob' }),
      deal('kept', 'care', 8, { status: 'won' }),
    ];
    const { board } = await boardOf(rows, { cards: 1 });
    expect(board).toEqual({
      pipelineId: 'sales',
      pipelineVersion: 1,
      asOf: null,
      tz: 'UTC',
      now: '2026-06-01T00:00:00.000Z',
      sort: 'touch',
      filters: {},
      columns: [
        {
          stageId: 'demo',
          name: 'demo',
          kind: 'open',
          rank: 1,
          retired: false,
          count: 2,
          stalled: 1,
          overstayed: 1,
          withoutValue: 0,
          value: [
            { amount: '5.00', currency: 'EUR' },
            { amount: '7.00', currency: 'USD' },
          ],
          weightedValue: [
            { amount: '3.00', currency: 'EUR' },
            { amount: '4.20', currency: 'USD' },
          ],
          reporting: null,
          cards: [
            {
              id: 'old',
              revision: 3,
              title: 'Title old',
              stageId: 'demo',
              status: 'open',
              value: { amount: '5.00', currency: 'EUR' },
              ownerId: 'ann',
              teamId: 'north',
              labels: ['hot'],
              expectedClose: null,
              contact: 'Name of ada',
              enteredAt: '2026-04-22T00:00:00.000Z',
              rotAt: '2026-05-06T00:00:00.000Z',
              stalled: true,
              overstayed: true,
              snoozedUntil: null,
              nextActivity: null,
            },
          ],
          next: `demo [${NOW - 40 * DAY},"old"]`,
        },
        {
          ...{ stageId: 'proposal', name: 'proposal', kind: 'open', rank: 2, retired: false, count: 0, stalled: 0 },
          ...{ overstayed: 0, withoutValue: 0, value: [], weightedValue: [], reporting: null, cards: [], next: null },
        },
        {
          ...{ stageId: 'care', name: 'care', kind: 'post-sale', rank: 3, retired: false, count: 1, stalled: 1 },
          ...{ overstayed: 0, withoutValue: 1, value: [], weightedValue: [], reporting: null, next: null },
          cards: [expect.objectContaining({ id: 'kept', status: 'won', stalled: true })],
        },
      ],
      totals: {
        count: 2,
        stalled: 1,
        overstayed: 1,
        withoutValue: 0,
        value: [
          { amount: '5.00', currency: 'EUR' },
          { amount: '7.00', currency: 'USD' },
        ],
        weightedValue: [
          { amount: '3.00', currency: 'EUR' },
          { amount: '4.20', currency: 'USD' },
        ],
        reporting: null,
      },
    });
  });

  it('is read from one snapshot', async () => {
    const { views } = await boardOf([deal('a', 'demo', 1)], { filters: { stalled: false, label: ['hot'] } });
    expect(views.calls).toHaveLength(1);
  });

  it('sums owners from counters and everything else from cards, alike', async () => {
    const rows = [deal('a', 'demo', 1, euros(5)), deal('b', 'demo', 20, { ...euros(7), owner: 'bob', team: 't' })];
    const byOwner = await boardOf(rows, { filters: { owner: ['bob'] } });
    const byTeam = await boardOf(rows, { filters: { team: ['t'] } });
    expect(byOwner.board.columns).toEqual(byTeam.board.columns);
    expect(byOwner.board.totals).toMatchObject({ count: 1, stalled: 1, value: [{ amount: '7.00' }] });
    expect(byOwner.board.filters).toEqual({ owner: ['bob'] });
  });

  it('shows stalled deals alone, or all but them', async () => {
    const rows = [deal('fresh', 'demo', 1), deal('old', 'demo', 14), deal('any', 'proposal', 999)];
    const stalled = await boardOf(rows, { filters: { stalled: true } });
    expect(stalled.board.totals).toMatchObject({ count: 1, stalled: 1 });
    expect(column(stalled.board, 'demo')?.cards.map(({ id }) => id)).toEqual(['old']);
    const others = await boardOf(rows, { filters: { stalled: false } });
    expect(others.board.totals).toMatchObject({ count: 2, stalled: 0 });
  });

  it('follows a changed threshold and probability at the next query', async () => {
    const rows = [deal('a', 'demo', 10, euros(100))];
    const stricter = changed(SALES, NOW - DAY, (stages) =>
      stages.map((each) => (each.id === 'demo' ? { ...each, rottenAfter: 'P7D', probability: 0.1 } : each)),
    );
    const { board } = await boardOf(rows, {}, stricter);
    expect(board.pipelineVersion).toBe(2);
    expect(column(board, 'demo')).toMatchObject({ stalled: 1, weightedValue: [{ amount: '10.00' }] });
  });

  it('keeps a retired stage as a column while it holds deals', async () => {
    const retired = changed(SALES, NOW - DAY, (stages) =>
      stages.map((each) => (each.id === 'proposal' ? { ...each, retired: true, relocatedTo: 'demo' } : each)),
    );
    const shown = await boardOf([deal('a', 'proposal', 1)], { filters: { owner: ['bob'] } }, retired);
    expect(column(shown.board, 'proposal')).toMatchObject({ retired: true, count: 0 });
    const gone = await boardOf([deal('a', 'demo', 1)], {}, retired);
    expect(column(gone.board, 'proposal')).toBeUndefined();
  });

  it('of an unknown pipeline is none', async () => {
    expect(await boardQuery(new MemoryViews([]), policiesOf([]), NAMES, PARAMS)).toBeNull();
  });
});

describe('a column', () => {
  const rows = [
    deal('a', 'demo', 5, { ...euros(10), expectedClose: '2026-07-01' }),
    deal('b', 'demo', 4, { ...euros(30), expectedClose: '2026-06-15' }),
    deal('c', 'demo', 9),
    deal('d', 'demo', 7, { ...euros(20), expectedClose: '2026-07-01' }),
    deal('e', 'demo', 6),
    deal('f', 'proposal', 6),
  ];
  const policies = policiesOf([SALES]);

  async function paged(sort: BoardParams['sort'], limit: number): Promise<readonly string[]> {
    const views = new MemoryViews([dealCards(rows)]);
    const seen: string[] = [];
    for (let after: Keyset | null = null; ;) {
      const page = await columnPage(views, policies, NAMES, { ...PARAMS, stageId: 'demo', sort, limit, after });
      if (page === null) throw new Error('no column');
      expect(page.items.length).toBeGreaterThan(0);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...page.items.map(({ id }) => id));
      if (page.next === null) return seen;
      after = page.next;
    }
  }

  it('shows the longest untouched first', async () => {
    for (const limit of [1, 2, 5, 9]) expect(await paged('touch', limit)).toEqual(['c', 'd', 'e', 'a', 'b']);
  });

  it('shows the highest value first, and deals without one last', async () => {
    for (const limit of [1, 2, 3, 4, 5]) expect(await paged('-value', limit)).toEqual(['b', 'd', 'a', 'e', 'c']);
  });

  it('shows the next close date first, and deals without one last, on every page size', async () => {
    for (const limit of [1, 2, 3, 4, 5]) expect(await paged('closeDate', limit)).toEqual(['b', 'a', 'd', 'c', 'e']);
  });

  it('of an unknown stage is none', async () => {
    const page = { ...PARAMS, stageId: 'nowhere', limit: 5, after: null };
    expect(await columnPage(new MemoryViews([dealCards(rows)]), policies, NAMES, page)).toBeNull();
  });

  it('has the totals that the board shows, for the stages of a move', async () => {
    const { board, views } = await boardOf(rows);
    const params = { pipelineId: 'sales', stageIds: ['proposal', 'demo', 'nowhere'], filters: {}, now: NOW, tz: null };
    const totals = await columnTotals(views, policies, params);
    const expected = ['proposal', 'demo'].map((stageId) => {
      const { cards, next, ...rest } = column(board, stageId) ?? { cards: [], next: null };
      return { cards: cards.length, rest, next }.rest;
    });
    expect(totals).toEqual(expected);
  });
});
