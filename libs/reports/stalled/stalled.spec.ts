import fc from 'fast-check';
import type { StageDefinition } from '#domain/pipeline/pipeline.events.js';
import type { Keyset, Row } from '#view-store/port.js';
import { InvalidKeyset } from '#view-store/port.js';
import { cardRow, dealCards } from '../testing/cards.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, NAMES, pipeline, policiesOf, stage } from '../testing/play.js';
import { stalledQuery } from './stalled.query.js';
import type { StalledKind, StalledParams } from './stalled.query.js';

const NOW = at('2026-06-01T12:00:00Z');
const PARAMS: StalledParams = {
  pipelineId: null,
  kind: 'stalled',
  filters: {},
  asOf: null,
  now: NOW,
  tz: null,
  limit: 50,
  after: null,
  dealsAsOf: () => Promise.resolve(new Map()),
};

const SALES = pipeline('sales', [
  stage('demo', { rottenAfter: 'P14D', maxStay: 'P30D' }),
  stage('proposal', { rottenAfter: 'P7D' }),
  stage('closing', { maxStay: 'P10D' }),
  stage('care', { kind: 'post-sale', rottenAfter: 'P90D' }),
]);
const RENEWALS = pipeline('renewals', [stage('offer', { rottenAfter: { businessDays: 3 } })]);
const POLICIES = policiesOf([SALES, RENEWALS]);

const deal = (id: string, board: string, stageId: string, daysAgo: number, given: Partial<Row> = {}): Row =>
  cardRow(id, board, stageId, NOW - daysAgo * DAY, given);

const ROWS = [
  deal('a', 'sales', 'demo', 20),
  deal('b', 'sales', 'proposal', 10),
  deal('c', 'sales', 'proposal', 30),
  deal('d', 'sales', 'demo', 5),
  deal('e', 'sales', 'care', 200, { status: 'won' }),
  deal('f', 'renewals', 'offer', 6),
  deal('g', 'sales', 'closing', 40, { owner: 'bob' }),
  deal('h', 'sales', 'demo', 1, { stayFrom: NOW - 31 * DAY }),
];

async function ask(given: Partial<StalledParams> = {}, rows: readonly Row[] = ROWS) {
  const list = await stalledQuery(new MemoryViews([dealCards(rows)]), POLICIES, NAMES, { ...PARAMS, ...given });
  if (list === null) throw new Error('no list');
  return list;
}
const ids = async (given: Partial<StalledParams> = {}) => (await ask(given)).items.map(({ id }) => id);

describe('the list of stalled deals', () => {
  it('holds those of all pipelines, post-sale ones too, the longest rotten first', async () => {
    expect(await ids()).toEqual(['e', 'c', 'a', 'b', 'f']);
    expect((await ask()).n).toBe(5);
    expect(await ids({ pipelineId: 'sales' })).toEqual(['e', 'c', 'a', 'b']);
  });

  it('explains each', async () => {
    const [first] = (await ask({ pipelineId: 'renewals' })).items;
    expect(first).toMatchObject({
      id: 'f',
      stalled: true,
      stall: {
        stalled: true,
        stale: true,
        covered: false,
        overdue: false,
        overstayed: false,
        rotAt: '2026-05-29T12:00:00.000Z',
        rottenAfter: { businessDays: 3 },
        policyVersion: 1,
        stayDays: 6,
        lastTouch: {
          type: 'DealOpened',
          actor: { id: 'ann', kind: 'user' },
          occurredAt: '2026-05-26T12:00:00.000Z',
          revision: 0,
          redacted: false,
        },
        coveredBy: null,
      },
    });
  });

  it('counts the business days of the calendar in force at its moment', async () => {
    const asked: (number | null | undefined)[] = [];
    const calendar = { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-05-28'] };
    const policies = policiesOf([RENEWALS], { businessCalendar: calendar });
    const settings = (asOf?: number | null) => {
      asked.push(asOf);
      return policies.settings(asOf);
    };
    const views = new MemoryViews([dealCards(ROWS)]);
    const list = await stalledQuery(views, { ...policies, settings }, NAMES, { ...PARAMS, pipelineId: 'renewals' });
    expect(list?.items.map(({ rotAt }) => rotAt)).toEqual(['2026-06-01T12:00:00.000Z']);
    const then = { ...PARAMS, pipelineId: 'renewals', asOf: NOW - 9 * DAY };
    await stalledQuery(new MemoryViews([]), { ...policies, settings }, NAMES, then);
    expect(asked).toEqual([null, NOW - 9 * DAY]);
  });

  it('of deals that overstay has those that never rot last', async () => {
    expect(await ids({ kind: 'overstayed' })).toEqual(['h', 'g']);
    expect(await ids({ kind: 'overstayed', filters: { owner: ['bob'] } })).toEqual(['g']);
    expect(await ids({ kind: 'overstayed', filters: { stalled: true } })).toEqual([]);
  });

  it('of overdue deals is empty: deals have no activities', async () => {
    expect(await ask({ kind: 'overdue' })).toEqual({ items: [], next: null, n: 0 });
  });

  it('of an unknown pipeline is none', async () => {
    const views = new MemoryViews([dealCards(ROWS)]);
    expect(await stalledQuery(views, POLICIES, NAMES, { ...PARAMS, pipelineId: 'nowhere' })).toBeNull();
  });

  it('refuses a cursor that is not its own', async () => {
    await expect(ask({ after: ['x'] })).rejects.toThrow(InvalidKeyset);
  });
});

describe('pages of stalled deals', () => {
  const durations = fc.constantFrom<StageDefinition['rottenAfter']>(null, 'P1D', 'P3D', 'PT36H', { businessDays: 2 });
  const pipelines = fc.array(durations, { minLength: 1, maxLength: 4 }).map((list) =>
    pipeline(
      'p',
      list.map((rottenAfter, index) => stage(`s${index}`, { rottenAfter, maxStay: 'P2D' })),
    ),
  );
  const deals = fc.array(
    fc.record({
      stage: fc.nat(3),
      hours: fc.nat(14 * 24).map((hours) => hours - (hours % 6)),
      stay: fc.nat(100),
    }),
    { maxLength: 25 },
  );
  const kinds = fc.constantFrom<StalledKind>('stalled', 'overstayed');

  it('together are the whole list in order, each deal once, whatever the thresholds', async () => {
    const law = fc.asyncProperty(
      pipelines,
      deals,
      fc.integer({ min: 1, max: 4 }),
      kinds,
      async (state, list, limit, kind) => {
        const rows = list.map(({ stage: index, hours, stay }, i) => {
          const clockFrom = NOW - hours * 3_600_000;
          return cardRow(`d${i}`, 'p', `s${index}`, clockFrom, { stayFrom: NOW - stay * 3_600_000 });
        });
        const views = new MemoryViews([dealCards(rows)]);
        const seen: (readonly [string, string | null])[] = [];
        let n = 0;
        for (let after: Keyset | null = null; ;) {
          const page = await stalledQuery(views, policiesOf([state]), NAMES, { ...PARAMS, kind, limit, after });
          if (page === null) throw new Error('no list');
          seen.push(...page.items.map(({ id, rotAt }) => [id, rotAt] as const));
          n = page.n;
          if (page.next === null) break;
          after = page.next;
        }
        expect(new Set(seen.map(([id]) => id)).size).toBe(seen.length);
        expect(seen).toHaveLength(n);
        const rots = seen.map(([, rotAt]) => (rotAt === null ? Infinity : Date.parse(rotAt)));
        expect(rots).toEqual([...rots].sort((a, b) => a - b));
        const whole = await stalledQuery(views, policiesOf([state]), NAMES, { ...PARAMS, kind, limit: 100 });
        expect(whole?.items.map(({ id }) => id)).toEqual(seen.map(([id]) => id));
        for (const { stall } of whole?.items ?? [])
          expect(kind === 'stalled' ? stall.stalled : stall.overstayed).toBe(true);
      },
    );
    await fc.assert(law, { numRuns: 150 });
  });
});
