import { done, eur, expectInvalid, expectProblem, INSTANT } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, day, onDeal, openDeal, type Pipeline } from './sales-floor.js';

const yen = (amount: string) => ({ amount, currency: 'JPY' });

export function performances(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
    const closed = async (from: number, to: number, outcome: 'win' | 'lose', value: object | null) => {
      const { id } = await openDeal(subject(), pipeline, { occurredAt: day(from), value });
      const reason = outcome === 'lose' ? { reason: 'price' } : {};
      await onDeal(subject(), id, outcome, { ...reason, occurredAt: day(to) });
      return id;
    };
    // Before the window: won 50.
    await closed(-40, -10, 'win', eur('50'));
    await closed(0, 10, 'win', eur('100'));
    await closed(0, 20, 'win', eur('200.01'));
    await closed(-5, 10.5, 'win', eur('50'));
    await closed(1, 13, 'win', eur('0.02'));
    await closed(1, 31, 'win', null);
    await closed(2, 30, 'lose', eur('300'));
    await closed(2, 30, 'lose', yen('700'));
    // Closed, but open again.
    const again = await closed(3, 30, 'lose', eur('999'));
    await onDeal(subject(), again, 'reopen', { occurredAt: day(40) });
    // Won after the window.
    await closed(4, 95, 'win', eur('77'));
    await openDeal(subject(), pipeline, { occurredAt: day(5), value: eur('1') });
  });
  const performance = (query: string) => done(subject().get(`/v1/performance?pipeline=${pipeline.id}&${query}`));
  const QUARTER = 'from=2024-01-01&to=2024-04-01';

  it('answers to the letter', async () => {
    const { velocity, ...rest } = await performance(`${QUARTER}&asOf=${day(100)}`);
    expect(rest).toEqual({
      definition: 'performance/1',
      parameters: expect.objectContaining({
        pipeline: pipeline.id,
        from: '2024-01-01',
        to: '2024-04-01',
        window: 'P90D',
      }),
      interval: { from: '2024-01-01T00:00:00.000Z', to: '2024-04-01T00:00:00.000Z' },
      tz: 'UTC',
      asOf: day(100),
      n: 7,
      winRate: {
        closed: { ratio: 0.714286, won: 5, lost: 2 },
        cohort: { ratio: 0.555556, won: 5, opened: 9, stillOpen: 0.222222 },
        value: [
          { currency: 'EUR', ratio: 0.538483, won: '350.03', lost: '300.00' },
          { currency: 'JPY', ratio: 0, won: '0', lost: '700' },
        ],
      },
      excluded: { voided: 0, merged: 0 },
      dealSize: [{ currency: 'EUR', n: 4, mean: '87.51', median: '75.00' }],
      withoutValue: 1,
      salesCycle: { n: 5, meanDays: 17.5, medianDays: 15.5, p90Days: 26 },
      revenueGrowth: [{ currency: 'EUR', ratio: 6.0006, current: '350.03', previous: '50.00' }],
    });
    expect(Object.keys(velocity).sort()).toEqual(['potential', 'realised']);
    expect(velocity.realised).toEqual([{ currency: 'EUR', perDay: '3.85', wonValue: '350.03', days: 91 }]);
    for (const one of velocity.potential) {
      expect(Object.keys(one).sort()).toEqual(['currency', 'inputs', 'perDay']);
      expect(Object.keys(one.inputs).sort()).toEqual([
        'losses',
        'meanCycleDays',
        'meanDealSize',
        'openDeals',
        'winRate',
        'wins',
      ]);
    }
  });

  it('as of an instant is what was known to have happened', async () => {
    const then = await performance(`${QUARTER}&asOf=${day(15)}`);
    expect([then.asOf, then.n]).toEqual([day(15), 3]);
    expect(then.winRate.closed).toEqual({ ratio: 1, won: 3, lost: 0 });
    const between = await performance(`${QUARTER}&asOf=${day(35)}`);
    expect(between.winRate.closed).toEqual({ ratio: 0.625, won: 5, lost: 3 });
  });

  it('divides nothing by zero', async () => {
    const empty = await performance('from=2020-01-01&to=2020-02-01');
    expect(empty).toMatchObject({
      n: 0,
      asOf: INSTANT,
      winRate: {
        closed: { ratio: null, won: 0, lost: 0 },
        cohort: { ratio: null, won: 0, opened: 0, stillOpen: null },
        value: [],
      },
      dealSize: [],
      withoutValue: 0,
      salesCycle: { n: 0, meanDays: null, medianDays: null, p90Days: null },
      revenueGrowth: [],
    });
    const first = await performance('from=2023-10-01&to=2024-01-01');
    expect(first.revenueGrowth).toEqual([{ currency: 'EUR', ratio: null, current: '50.00', previous: '0.00' }]);
  });

  it('takes every pipeline when none is named', async () => {
    const all = await done(subject().get(`/v1/performance?${QUARTER}`));
    expect(all.n).toBeGreaterThanOrEqual(7);
    expect(all.winRate.closed.won + all.winRate.closed.lost).toBe(all.n);
  });

  it('is refused for what makes no sense', async () => {
    const get = (query: string) => subject().get(`/v1/performance?pipeline=${pipeline.id}&${query}`);
    expectInvalid(await get('to=2024-01-01'), '?from');
    expect((await get('from=2024-01-02&to=2024-01-01')).status).toBe(400);
    expectInvalid(await get(`${QUARTER}&window=a+while`), '?window');
    expectInvalid(await get(`${QUARTER}&asOf=2024-01-01`), '?asOf');
    expectProblem(await get(`${QUARTER}&mode=strict`), 400, 'unknown-parameter');
  });
}
