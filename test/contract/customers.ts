import { randomUUID } from 'node:crypto';
import {
  CARE,
  createPipeline,
  day,
  dealNow,
  eventsOf,
  onDeal,
  OPEN_STAGES,
  openDeal,
  type Pipeline,
} from './sales-floor.js';
import { eur, expectInvalid, expectProblem, POSITION } from './shapes.js';
import { type Subject } from './session.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';
const WINDOW = 'from=2024-01-01&to=2024-02-01';

/** Customers that are lost after the sale, and won back. */
export function customers(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [...OPEN_STAGES, CARE, { ...CARE, name: 'Referral' }]);
  });
  async function wonDeal(own = pipeline, more: object = {}): Promise<string> {
    const { id } = await openDeal(subject(), own, { value: eur('500'), occurredAt: day(0), ...more });
    await onDeal(subject(), id, 'win', { occurredAt: day(3) });
    return id;
  }
  async function churnedDeal(own = pipeline, more: object = {}): Promise<string> {
    const id = await wonDeal(own, more);
    await onDeal(subject(), id, 'record-churn', { reason: 'service', occurredAt: day(9) });
    return id;
  }
  const winBack = (id: string, body: object, key?: string) =>
    subject().post(`/v1/deals/${id}/win-back`, body, key === undefined ? {} : { headers: { 'Idempotency-Key': key } });

  it('are lost: off the board, but the win counts', async () => {
    const own = await createPipeline(subject(), [...OPEN_STAGES, CARE]);
    const id = await wonDeal(own);
    const counts = async (query = '') =>
      (await subject().get(`/v1/boards/${own.id}${query}`)).body.columns.map(({ count }: any) => count);
    expect(await counts()).toEqual([0, 0, 0, 1]);
    const answer = await onDeal(subject(), id, 'record-churn', { reason: 'service', occurredAt: day(9) });
    expect(answer).toEqual({ id, revision: 2, position: POSITION });
    expect(await dealNow(subject(), id)).toMatchObject({
      status: 'churned',
      closedAt: day(3),
      loss: null,
      churn: { reason: 'service', churnedAt: day(9) },
      wonBackBy: null,
      stall: null,
      visits: [{ exit: 'won' }, { stageId: own.stages[3], entry: 'won', exit: 'churned', exitedAt: day(9) }],
    });
    expect((await eventsOf(subject(), 'deals', id)).at(-1)).toMatchObject({
      type: 'CustomerChurned',
      data: { reason: 'service' },
    });
    expect([await counts(), await counts(`?asOf=${day(5)}`)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ]);
    expect((await subject().get(`/v1/deals?pipeline=${own.id}&status=churned`)).body.items).toMatchObject([{ id }]);
    const funnel = await subject().get(`/v1/funnel?pipeline=${own.id}&${WINDOW}`);
    expect(funnel.body).toMatchObject({ n: 1, maturity: 0, won: { ever: 1, now: 1 } });
    const performance = await subject().get(`/v1/performance?pipeline=${own.id}&${WINDOW}`);
    expect(performance.body).toMatchObject({
      winRate: { closed: { won: 1, lost: 0 }, cohort: { won: 1, stillOpen: 0 } },
      dealSize: [{ n: 1, mean: '500.00' }],
      salesCycle: { n: 1, meanDays: 3 },
    });
  });

  it('are lost once, for a reason of the settings, after a win', async () => {
    const id = await wonDeal();
    const churn = (deal: string, reason: unknown) => subject().post(`/v1/deals/${deal}/record-churn`, { reason });
    expectProblem(await churn(id, 'weather'), 409, 'unknown-reason');
    expectInvalid(await churn(id, null), '/reason');
    expect((await churn(id, 'price')).status).toBe(200);
    expectProblem(await churn(id, 'price'), 409, 'wrong-status', { status: 'churned', allowed: ['won'] });
    const { id: open } = await openDeal(subject(), pipeline);
    expectProblem(await churn(open, 'price'), 409, 'wrong-status', { status: 'open', allowed: ['won'] });
    expectProblem(await churn(UNKNOWN, 'price'), 404, 'not-found');
  });

  it('are won back by a deal of their own', async () => {
    const other = await createPipeline(subject());
    const id = await churnedDeal(pipeline, { ownerId: 'u-7', source: 'fair', labels: ['hot'], personId: UNKNOWN });
    const dealId = randomUUID();
    const body = { dealId, pipelineId: other.id, stageId: other.stages[1], occurredAt: day(20) };
    const answer = await winBack(id, body, 'w');
    expect([answer.status, answer.headers.get('location'), answer.body]).toEqual([
      201,
      `/v1/deals/${dealId}`,
      { id, revision: 3, position: POSITION, deal: { id: dealId, revision: 0 } },
    ]);
    expect(await dealNow(subject(), dealId)).toMatchObject({
      status: 'open',
      title: 'Boiler',
      previousDealId: id,
      leadId: null,
      pipelineId: other.id,
      stageId: other.stages[1],
      value: eur('500.00'),
      ownerId: 'u-7',
      source: 'fair',
      labels: ['hot'],
      contacts: [{ kind: 'person', id: UNKNOWN, role: 'primary' }],
      openedAt: day(20),
    });
    const [opened] = await eventsOf(subject(), 'deals', dealId);
    const decided = (await eventsOf(subject(), 'deals', id)).at(-1);
    expect(decided).toMatchObject({ type: 'CustomerWonBack', data: { dealId, deal: opened.data } });
    expect(opened.data.kind).toBe('win-back');
    expect(opened.metadata.causationId).toBe(decided.id);
    expect(await dealNow(subject(), id)).toMatchObject({ status: 'churned', wonBackBy: dealId });
    const again = await winBack(id, body, 'w');
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', answer.body]);
    expectProblem(await winBack(id, { pipelineId: other.id }), 409, 'already-won-back', { dealId });
    await onDeal(subject(), dealId, 'void', { reason: 'the wrong customer' });
    const retried = await winBack(id, { pipelineId: other.id });
    expect(retried.status).toBe(201);
    expect((await dealNow(subject(), id)).wonBackBy).toBe(retried.body.deal.id);
    expect((await winBack(id, body, 'w')).body).toEqual(answer.body);
  });

  it('are not won back where that makes no sense', async () => {
    const id = await churnedDeal();
    const taken = await openDeal(subject(), pipeline);
    expectProblem(await winBack(id, { pipelineId: UNKNOWN }), 409, 'unknown-pipeline');
    expectProblem(await winBack(id, { pipelineId: pipeline.id, stageId: UNKNOWN }), 409, 'unknown-stage');
    expectProblem(await winBack(id, { pipelineId: pipeline.id, stageId: pipeline.stages[3] }), 409, 'wrong-stage-kind');
    expectProblem(await winBack(id, { pipelineId: pipeline.id, value: eur('-1') }), 409, 'negative-value');
    for (const dealId of [taken.id, id]) {
      expectProblem(await winBack(id, { pipelineId: pipeline.id, dealId }), 409, 'id-already-used');
    }
    expectInvalid(await winBack(id, {}), '/pipelineId');
    expectInvalid(await winBack(id, { pipelineId: pipeline.id, value: 5 }), '/value');
    const won = await wonDeal();
    expectProblem(await winBack(won, { pipelineId: pipeline.id }), 409, 'wrong-status', {
      status: 'won',
      allowed: ['churned'],
    });
    expectProblem(await winBack(UNKNOWN, { pipelineId: pipeline.id }), 404, 'not-found');
    expect((await dealNow(subject(), id)).revision).toBe(2);
    const { body } = await winBack(id, { pipelineId: pipeline.id, value: null });
    expect(await dealNow(subject(), body.deal.id)).toMatchObject({ value: null, stageId: pipeline.stages[0] });
  });
}
