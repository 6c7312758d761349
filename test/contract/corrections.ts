import { eur, expectInvalid, expectProblem } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, day, dealNow, eventsOf, onDeal, openDeal, type Pipeline } from './sales-floor.js';

/** What was recorded wrongly, put right. */
export function corrections(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
  });
  const correct = (id: string, revision: number, field: string, value: unknown, more: object = {}) =>
    subject().post(`/v1/deals/${id}/correct`, { revision, field, value, reason: 'a slip', ...more });

  /** Opened in Talk, moved to Demo and to Offer, a day each. */
  async function moved(own = pipeline): Promise<string> {
    const { id } = await openDeal(subject(), own, { value: eur('5'), occurredAt: day(0) });
    await onDeal(subject(), id, 'move-stage', { toStageId: own.stages[1], occurredAt: day(1) });
    await onDeal(subject(), id, 'move-stage', { toStageId: own.stages[2], occurredAt: day(2) });
    return id;
  }

  it('a move to the last stage by mistake is withdrawn, from the funnel and the board as well', async () => {
    const own = await createPipeline(subject());
    const [, demo, offer] = own.stages;
    const id = await moved(own);
    const funnel = () => subject().get(`/v1/funnel?pipeline=${own.id}&from=2024-01-01&to=2024-02-01`);
    expect((await funnel()).body.stages).toMatchObject([{ reached: 1 }, { reached: 1 }, { reached: 1 }]);
    const before = new Date().toISOString();
    const { status, body } = await correct(id, 2, 'withdrawn', true);
    expect([status, body.revision]).toEqual([200, 3]);
    expect(await dealNow(subject(), id)).toMatchObject({
      stageId: demo,
      rank: 2,
      revision: 3,
      visits: [
        { stageId: own.stages[0], exit: 'forward', exitedAt: day(1) },
        { stageId: demo, exit: null, exitedAt: null },
      ],
      stall: { lastTouch: { revision: 1 } },
    });
    expect((await funnel()).body.stages).toMatchObject([{ reached: 1 }, { reached: 1 }, { reached: 0 }]);
    const { columns } = (await subject().get(`/v1/boards/${own.id}`)).body;
    expect(columns).toMatchObject([{ count: 0 }, { count: 1, cards: [{ id, enteredAt: day(1) }] }, { count: 0 }]);
    expect(await dealNow(subject(), id, `?asOf=${day(3)}`)).toMatchObject({ stageId: demo });
    expect(await dealNow(subject(), id, `?asOf=${day(3)}&recordedAsOf=${before}`)).toMatchObject({ stageId: offer });
    expect(await dealNow(subject(), id, '?atRevision=2')).toMatchObject({ stageId: offer });
    expect((await eventsOf(subject(), 'deals', id)).map(({ type }) => type)).toEqual([
      'DealOpened',
      'DealStageMoved',
      'DealStageMoved',
      'DealCorrected',
    ]);
    expect((await subject().get(`/v1/deals/${id}/timeline`)).body.items[0]).toMatchObject({
      type: 'DealCorrected',
      text: 'a slip',
    });
  });

  it('a time, a value and a stage are put right', async () => {
    const id = await moved();
    await onDeal(subject(), id, 'win', { occurredAt: day(9) });
    const [, demo, offer] = pipeline.stages;
    expect((await correct(id, 3, 'occurredAt', day(4))).status).toBe(200);
    expect((await correct(id, 0, 'value', eur('7'))).status).toBe(200);
    expect((await correct(id, 1, 'occurredAt', '2024-01-01T12:00:00Z')).status).toBe(200);
    expect(await dealNow(subject(), id)).toMatchObject({
      status: 'won',
      value: eur('7.00'),
      closedAt: day(4),
      visits: [{ exitedAt: day(0.5) }, { stageId: demo, enteredAt: day(0.5) }, { stageId: offer, exitedAt: day(4) }],
    });
    const open = await moved();
    expect((await correct(open, 1, 'toStageId', offer)).status).toBe(200);
    expect((await dealNow(subject(), open)).visits).toMatchObject([
      { exitedAt: day(1) },
      { stageId: offer, exit: null },
    ]);
  });

  it('closes count on the right day and with the right value', async () => {
    const own = await createPipeline(subject());
    const id = await moved(own);
    await onDeal(subject(), id, 'win', { occurredAt: day(40) });
    const performance = async () =>
      (await subject().get(`/v1/performance?pipeline=${own.id}&from=2024-01-01&to=2024-02-01`)).body;
    expect(await performance()).toMatchObject({ n: 0 });
    await correct(id, 3, 'occurredAt', day(20));
    await correct(id, 0, 'value', eur('7'));
    expect(await performance()).toMatchObject({
      n: 1,
      dealSize: [{ currency: 'EUR', n: 1, mean: '7.00' }],
      salesCycle: { meanDays: 20 },
    });
  });

  it('a correction is refused that would break the order, or is of nothing', async () => {
    const id = await moved();
    const [talk] = pipeline.stages;
    expectProblem(await correct(id, 1, 'occurredAt', day(3)), 409, 'out-of-order', {
      revision: 2,
      type: 'DealStageMoved',
      occurredAt: day(2),
    });
    expectProblem(await correct(id, 3, 'withdrawn', true), 404, 'unknown-revision');
    expectProblem(await correct(id, 1, 'toStageId', talk), 409, 'same-stage');
    expectProblem(await correct(id, 1, 'toStageId', '0190a000-0000-7000-8000-00000000dead'), 409, 'unknown-stage');
    expectProblem(await correct(id, 0, 'value', eur('-1')), 409, 'negative-value');
    expectInvalid(await correct(id, 0, 'withdrawn', true), '/field');
    expectInvalid(await correct(id, 0, 'title', 'x'), '/field');
    expectInvalid(await correct(id, 1, 'occurredAt', 'yesterday'), '/value');
    expectInvalid(await correct(id, 1, 'value', { amount: '1.234', currency: 'EUR' }), '/value/amount');
    expectInvalid(await correct(id, 1, 'toStageId', 7), '/value');
    expectInvalid(await correct(id, 1, 'withdrawn', false), '/value');
    expectInvalid(await correct(id, 1, 'value', undefined), '/value');
    expect((await dealNow(subject(), id)).revision).toBe(2);
  });

  it('of what is right changes nothing, and a key corrects once', async () => {
    const id = await moved();
    expect((await correct(id, 1, 'occurredAt', day(1))).body).toMatchObject({ id, revision: 2 });
    const send = () =>
      subject().post(
        `/v1/deals/${id}/correct`,
        { revision: 2, field: 'occurredAt', value: day(1.5), reason: 'a slip' },
        { headers: { 'Idempotency-Key': 'c' } },
      );
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    expect(first.body.revision).toBe(3);
  });
}
