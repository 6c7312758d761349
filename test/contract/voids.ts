import { eur, expectInvalid, expectProblem, SEALED } from './shapes.js';
import { type Subject } from './session.js';
import {
  createPipeline,
  day,
  dealNow,
  eventsOf,
  onDeal,
  onLead,
  openDeal,
  type Pipeline,
  qualifiedLead,
} from './sales-floor.js';

/** Deals that never should have been, and conversions taken back. */
export function voids(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
  });
  const command = (id: string, name: string, body: object = {}) => subject().post(`/v1/deals/${id}/${name}`, body);
  const convert = (lead: string, body: object = {}) =>
    subject().post(`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id, ...body });

  it('a voided deal is out of all numbers from then on, and still there before', async () => {
    const own = await createPipeline(subject());
    const [talk, demo] = own.stages;
    const kept = await openDeal(subject(), own, { value: eur('5'), occurredAt: day(0) });
    const { id } = await openDeal(subject(), own, { value: eur('7'), occurredAt: day(0) });
    await onDeal(subject(), id, 'move-stage', { toStageId: demo, occurredAt: day(1) });
    await onDeal(subject(), id, 'win', { occurredAt: day(2) });
    await onDeal(subject(), id, 'void', { reason: 'entered twice', occurredAt: day(5) });

    expect(await dealNow(subject(), id)).toMatchObject({
      status: 'voided',
      stall: null,
      visits: [{}, { exit: 'won' }],
    });
    expect(await dealNow(subject(), id, `?asOf=${day(4)}`)).toMatchObject({ status: 'won' });
    const funnel = (asOf: string) =>
      subject().get(`/v1/funnel?pipeline=${own.id}&from=2024-01-01&to=2024-02-01&asOf=${asOf}`);
    expect((await funnel(day(6))).body).toMatchObject({ n: 1, won: { ever: 0 }, stages: [{ reached: 1 }, {}, {}] });
    expect((await funnel(day(4))).body).toMatchObject({ n: 2, won: { ever: 1 } });
    const performance = (asOf: string) =>
      subject().get(`/v1/performance?pipeline=${own.id}&from=2024-01-01&to=2024-02-01&asOf=${asOf}`);
    expect((await performance(day(6))).body).toMatchObject({
      n: 0,
      winRate: { closed: { won: 0 }, cohort: { opened: 1 } },
      excluded: { voided: 1, merged: 0 },
    });
    expect((await performance(day(4))).body).toMatchObject({ n: 1, excluded: { voided: 0 } });
    const board = await subject().get(`/v1/boards/${own.id}`);
    expect(board.body.columns[0]).toMatchObject({ stageId: talk, count: 1, cards: [{ id: kept.id }] });
    expect(board.body.totals).toMatchObject({ count: 1 });
    expect((await subject().get(`/v1/deals?pipeline=${own.id}&status=voided`)).body.items).toMatchObject([{ id }]);
    const [newest] = (await subject().get(`/v1/deals/${id}/timeline`)).body.items;
    expect(newest).toMatchObject({ type: 'DealVoided', text: 'entered twice' });
  });

  it('an open one leaves its board and its visit', async () => {
    const { id } = await openDeal(subject(), pipeline, { occurredAt: day(0) });
    await onDeal(subject(), id, 'void', { reason: 'a test', occurredAt: day(3) });
    expect(await dealNow(subject(), id)).toMatchObject({ visits: [{ exit: 'voided', exitedAt: day(3), stayDays: 3 }] });
    expect((await eventsOf(subject(), 'deals', id))[1]).toMatchObject({
      type: 'DealVoided',
      data: { reason: SEALED, leadId: null },
    });
  });

  it('is a closed book: voiding again changes nothing, anything else is refused', async () => {
    const { id } = await openDeal(subject(), pipeline);
    const { revision } = await onDeal(subject(), id, 'void', { reason: 'a test' });
    expect(await onDeal(subject(), id, 'void', { reason: 'still a test' })).toMatchObject({ revision });
    expectProblem(await command(id, 'win'), 409, 'wrong-status', { status: 'voided', allowed: ['open'] });
    expectProblem(await command(id, 'reopen'), 409, 'wrong-status', { status: 'voided', allowed: ['won', 'lost'] });
    expectProblem(await command(id, 'assign', { ownerId: 'u-2' }), 409, 'wrong-status', {
      status: 'voided',
      allowed: ['open', 'won', 'lost', 'churned'],
    });
  });

  it('needs a reason', async () => {
    const { id } = await openDeal(subject(), pipeline);
    expectInvalid(await command(id, 'void'), '/reason');
    expectProblem(await command('0190a000-0000-7000-8000-00000000dead', 'void', { reason: 'x' }), 404, 'not-found');
  });

  it('a conversion taken back voids the deal, and the lead is qualified again', async () => {
    const lead = await qualifiedLead(subject());
    const { body: converted } = await convert(lead);
    const answer = await onLead(subject(), lead, 'revert-conversion', { reason: 'no budget after all' });
    expect(answer).toMatchObject({ id: lead, revision: converted.revision + 1 });
    expect((await eventsOf(subject(), 'leads', lead)).at(-1)).toMatchObject({
      type: 'LeadConversionReverted',
      position: answer.position,
      data: { dealId: converted.deal.id, reason: SEALED },
    });
    expect(await dealNow(subject(), converted.deal.id)).toMatchObject({ status: 'voided', leadId: lead });
    expect((await subject().get(`/v1/leads/${lead}`)).body).toMatchObject({ status: 'qualified', dealId: null });
    const again = await convert(lead);
    expect(again.status).toBe(201);
    expect(again.body.deal.id).not.toBe(converted.deal.id);
    expect((await subject().get(`/v1/leads/${lead}`)).body).toMatchObject({ dealId: again.body.deal.id });
  });

  it('the same key takes it back once', async () => {
    const lead = await qualifiedLead(subject());
    await convert(lead);
    const send = () =>
      subject().post(`/v1/leads/${lead}/revert-conversion`, { reason: 'x' }, { headers: { 'Idempotency-Key': 'r' } });
    const first = await send();
    const second = await send();
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const other = { headers: { 'If-Match': '"0"' } };
    const stale = await subject().post(`/v1/leads/${lead}/revert-conversion`, { reason: 'x' }, other);
    expect(stale).toMatchObject({ status: 412, body: { code: 'stale-revision', data: { expected: 0, actual: 3 } } });
  });

  it('is refused when the deal has moved on, and for a lead that is not converted', async () => {
    const lead = await qualifiedLead(subject());
    const revert = () => subject().post(`/v1/leads/${lead}/revert-conversion`, { reason: 'x' });
    expectProblem(await revert(), 409, 'wrong-status', { status: 'qualified', allowed: ['converted'] });
    const { body } = await convert(lead);
    await onDeal(subject(), body.deal.id, 'move-stage', { toStageId: pipeline.stages[1] });
    expectProblem(await revert(), 409, 'deal-moved-on');
    expect((await subject().get(`/v1/leads/${lead}`)).body).toMatchObject({ status: 'converted' });
  });
}
