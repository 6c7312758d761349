import { done, eur, expectInvalid, expectProblem, INSTANT, NUMBER } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, day, onDeal, OPEN_STAGES, openDeal, type Pipeline } from './sales-floor.js';

/** 91 days: from 1 January to 1 April 2024. */
const QUARTER = 'from=2024-01-01&to=2024-04-01';

export function funnels(subject: Subject): void {
  let pipeline: Pipeline;
  const named: Record<string, string> = {};
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), OPEN_STAGES);
    const [talk, demo, offer] = pipeline.stages;
    const open = async (name: string, days: number, more: object = {}) => {
      named[name] = (await openDeal(subject(), pipeline, { title: name, occurredAt: day(days), ...more })).id;
    };
    const on = (name: string, command: string, days: number, body: object = {}) =>
      onDeal(subject(), named[name]!, command, { ...body, occurredAt: day(days) });
    const to = (toStageId: unknown) => ({ toStageId });
    // Every step, and won.
    await open('steps', 0, { value: eur('100') });
    await on('steps', 'move-stage', 2, to(demo));
    await on('steps', 'change-value', 3, { value: eur('150') });
    await on('steps', 'move-stage', 5, to(offer));
    await on('steps', 'win', 10);
    // Skips a stage, goes back, is lost.
    await open('skips', 1, { value: eur('10') });
    await on('skips', 'move-stage', 2, to(offer));
    await on('skips', 'move-stage', 3, to(talk));
    await on('skips', 'lose', 4, { reason: 'price' });
    // Starts later, still open.
    await open('later', 40, { stageId: demo });
    // Won from the first stage, reopened, lost.
    await open('regret', 3);
    await on('regret', 'win', 4);
    await on('regret', 'reopen', 5);
    await on('regret', 'lose', 6, { reason: 'price' });
    // In no cohort of the quarter.
    await open('next', 91);
  });
  const funnel = (query: string) => done(subject().get(`/v1/funnel?pipeline=${pipeline.id}&${query}`));
  const column = (answer: any, field: string) => answer.stages.map((stage: any) => stage[field]);

  it('answers to the letter', async () => {
    const { stages, ...head } = await funnel(QUARTER);
    expect(head).toEqual({
      definition: 'funnel/1',
      parameters: expect.objectContaining({
        pipeline: pipeline.id,
        from: '2024-01-01',
        to: '2024-04-01',
        basis: 'cohort',
        mode: 'reached',
        bucket: 'none',
        restate: 'current',
        attributes: 'then',
      }),
      interval: { from: '2024-01-01T00:00:00.000Z', to: '2024-04-01T00:00:00.000Z' },
      tz: 'UTC',
      asOf: INSTANT,
      n: 4,
      maturity: 0.25,
      won: { ever: 2, now: 1, step: 0.666667, cumulative: 0.5 },
      transitions: [],
      buckets: [],
    });
    const stage = (at: number, name: string) => ({ stageId: pipeline.stages[at], name, rank: at + 1, retired: false });
    expect(stages).toEqual([
      {
        ...stage(0, 'Talk'),
        reached: 4,
        entered: 3,
        skipped: 0,
        startedLater: 1,
        reentries: 1,
        backwardFrom: 0,
        lostAt: 2,
        furthestLost: 0,
        furthestOpen: 0,
        furthestSwitched: 0,
        furthestMerged: 0,
        conversion: { step: 1, cumulative: 1 },
        toNext: { n: 3, medianDays: 1, p90Days: 1.8 },
        valueAtEntry: [eur('110.00')],
      },
      {
        ...stage(1, 'Demo'),
        reached: 4,
        entered: 2,
        skipped: 2,
        startedLater: 0,
        reentries: 0,
        backwardFrom: 0,
        lostAt: 0,
        furthestLost: 0,
        furthestOpen: 1,
        furthestSwitched: 0,
        furthestMerged: 0,
        conversion: { step: 0.75, cumulative: 1 },
        toNext: { n: 1, medianDays: 3, p90Days: 3 },
        valueAtEntry: [eur('110.00')],
      },
      {
        ...stage(2, 'Offer'),
        reached: 3,
        entered: 2,
        skipped: 1,
        startedLater: 0,
        reentries: 0,
        backwardFrom: 1,
        lostAt: 0,
        furthestLost: 1,
        furthestOpen: 0,
        furthestSwitched: 0,
        furthestMerged: 0,
        conversion: { step: 0.666667, cumulative: 0.75 },
        toNext: { n: 1, medianDays: 5, p90Days: 5 },
        valueAtEntry: [eur('160.00')],
      },
    ]);
  });

  it('has modes', async () => {
    const entered = await funnel(`${QUARTER}&mode=entered`);
    expect(column(entered, 'reached')).toEqual([3, 2, 2]);
    for (const { conversion } of entered.stages) expect(conversion).toEqual({ step: null, cumulative: null });
    const strict = await funnel(`${QUARTER}&mode=strict`);
    expect(column(strict, 'reached')).toEqual([3, 1, 1]);
    expect(strict.won.ever).toBe(1);
    const { transitions } = await funnel(`${QUARTER}&mode=transitions`);
    const [talk, demo, offer] = pipeline.stages;
    for (const one of transitions) expect(one).toEqual({ from: one.from, to: one.to, count: NUMBER, share: NUMBER });
    expect(new Set(transitions.map(({ from, to, count }: any) => JSON.stringify([from, to, count])))).toEqual(
      new Set(
        [
          [null, talk, 3],
          [null, demo, 1],
          [talk, demo, 1],
          [talk, offer, 1],
          [demo, offer, 1],
          [offer, talk, 1],
          [offer, 'won', 1],
          [talk, 'won', 1],
          [talk, 'lost', 2],
          ['won', talk, 1],
        ].map((row) => JSON.stringify(row)),
      ),
    );
  });

  it('has a basis of visits that ended, and one of stock', async () => {
    const period = await funnel(`${QUARTER}&basis=period`);
    expect(column(period, 'exits')).toEqual([5, 1, 2]);
    expect(column(period, 'advanced')).toEqual([3, 1, 1]);
    expect(period.stages.map((stage: any) => stage.conversion.step)).toEqual([0.6, 1, 0.5]);
    expect(column(await funnel('from=2024-01-01&to=2024-01-05&basis=period'), 'exits')).toEqual([2, 0, 1]);
    const snapshot = await funnel(`${QUARTER}&basis=snapshot&asOf=${day(3.5)}`);
    expect(column(snapshot, 'count')).toEqual([2, 1, 0]);
    expect(column(snapshot, 'value')).toEqual([[eur('10.00')], [eur('150.00')], []]);
    for (const stage of snapshot.stages) expect(stage).not.toHaveProperty('conversion');
    for (const mode of ['reached', 'entered', 'strict']) {
      const answer = await subject().get(`/v1/funnel?pipeline=${pipeline.id}&${QUARTER}&basis=period&mode=${mode}`);
      if (mode !== 'reached') expectProblem(answer, 400, 'unsupported-combination');
    }
    const stock = await subject().get(`/v1/funnel?pipeline=${pipeline.id}&${QUARTER}&basis=snapshot&mode=strict`);
    expectProblem(stock, 400, 'unsupported-combination');
    const moved = await funnel('from=2024-01-03&to=2024-01-04&basis=period&mode=transitions');
    expect(moved.transitions).toMatchObject([{ from: pipeline.stages[0], count: 1 }, { count: 1 }]);
  });

  it('as of an instant counts what had happened by then', async () => {
    const early = await funnel(`${QUARTER}&asOf=${day(3)}`);
    expect([early.n, early.maturity, early.won.ever]).toEqual([3, 1, 0]);
    expect(column(early, 'reached')).toEqual([3, 2, 1]);
    const before = await funnel(`${QUARTER}&asOf=${day(5)}`);
    expect([before.won.ever, before.won.now]).toEqual([1, 0]);
    expect((await funnel(`from=2024-01-02&to=2024-01-05`)).n).toBe(2);
    expect((await funnel(`from=2023-01-01&to=2023-02-01`)).n).toBe(0);
  });

  it('has buckets, cut to the window, and zones', async () => {
    const { buckets } = await funnel('from=2024-01-03&to=2024-04-01&bucket=month');
    expect(buckets.map(({ from, to, n }: any) => [from, to, n])).toEqual([
      ['2024-01-03', '2024-02-01', 1],
      ['2024-02-01', '2024-03-01', 1],
      ['2024-03-01', '2024-04-01', 0],
    ]);
    for (const bucket of buckets) {
      expect(Object.keys(bucket).sort()).toEqual(['from', 'maturity', 'n', 'stages', 'to', 'won']);
    }
    const weeks = (await funnel('from=2024-01-03&to=2024-01-16&bucket=week')).buckets;
    expect(weeks.map(({ from, to }: any) => [from, to])).toEqual([
      ['2024-01-03', '2024-01-08'],
      ['2024-01-08', '2024-01-15'],
      ['2024-01-15', '2024-01-16'],
    ]);
    const berlin = await funnel('from=2024-01-02&to=2024-04-01&tz=Europe/Berlin');
    expect(berlin.interval).toEqual({ from: '2024-01-01T23:00:00.000Z', to: '2024-03-31T22:00:00.000Z' });
    expect([berlin.tz, berlin.n]).toEqual(['Europe/Berlin', 3]);
  });

  it('opens a cell', async () => {
    const [talk, demo, offer] = pipeline.stages;
    const drill = (stageId: unknown, cell: string, more = '') =>
      done(subject().get(`/v1/funnel/drill?pipeline=${pipeline.id}&${QUARTER}&stageId=${stageId}&cell=${cell}${more}`));
    const cell = async (stageId: unknown, name: string) => {
      const { items, n } = await drill(stageId, name);
      expect(n).toBe(items.length);
      return items.map((item: any) => Object.keys(named).find((one) => named[one] === item.dealId)).toSorted();
    };
    const { items, n, next } = await drill(demo, 'entered');
    expect([n, next]).toEqual([2, null]);
    for (const item of items) {
      expect(item).toEqual({
        dealId: expect.any(String),
        title: expect.any(String),
        event: { revision: NUMBER, type: expect.any(String), occurredAt: INSTANT },
      });
    }
    expect(items.find((item: any) => item.dealId === named['steps'])).toEqual({
      dealId: named['steps'],
      title: 'steps',
      event: { revision: 1, type: 'DealStageMoved', occurredAt: day(2) },
    });
    expect(await cell(talk, 'reached')).toEqual(['later', 'regret', 'skips', 'steps']);
    expect(await cell(talk, 'startedLater')).toEqual(['later']);
    expect(await cell(demo, 'skipped')).toEqual(['regret', 'skips']);
    expect(await cell(talk, 'lostAt')).toEqual(['regret', 'skips']);
    expect(await cell(offer, 'furthestLost')).toEqual(['skips']);
    expect(await cell(demo, 'furthestOpen')).toEqual(['later']);
    expect(await cell(demo, 'furthestSwitched')).toEqual([]);
    expect(await cell(offer, 'won')).toEqual(['regret', 'steps']);
    const first = await drill(talk, 'reached', '&limit=3');
    const last = await drill(talk, 'reached', `&limit=3&cursor=${encodeURIComponent(first.next)}`);
    expect([first.n, last.n, first.items.length, last.items.length]).toEqual([4, 4, 3, 1]);
    const wrong = `/v1/funnel/drill?pipeline=${pipeline.id}&${QUARTER}&stageId=${talk}`;
    expectInvalid(await subject().get(`${wrong}&cell=nothing`), '?cell');
  });

  it('is refused for what makes no sense', async () => {
    const get = (query: string) => subject().get(`/v1/funnel?${query}`);
    const own = `pipeline=${pipeline.id}`;
    expectInvalid(await get(QUARTER), '?pipeline');
    expect((await get(`${own}&from=2024-02-01&to=2024-02-01`)).status).toBe(400);
    expect((await get(`${own}&from=2024-02-02&to=2024-02-01`)).status).toBe(400);
    expectInvalid(await get(`${own}&from=1899-12-31&to=2024-02-01`), '?from');
    expectInvalid(await get(`${own}&from=2024-02-01T00:00:00Z&to=2024-03-01`), '?from');
    expectInvalid(await get(`${own}&${QUARTER}&tz=Mars/Olympus`), '?tz');
    expectInvalid(await get(`${own}&${QUARTER}&bucket=year`), '?bucket');
    expectInvalid(await get(`${own}&${QUARTER}&mode=guess`), '?mode');
    expectInvalid(await get(`${own}&${QUARTER}&basis=feeling`), '?basis');
    expectProblem(await get(`${own}&${QUARTER}&colour=red`), 400, 'unknown-parameter');
    expectProblem(await get(`pipeline=01890f3a-7c4e-7abc-8def-0123456789af&${QUARTER}`), 404, 'not-found');
  });
}
