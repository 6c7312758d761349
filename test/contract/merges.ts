import { expectInvalid, expectProblem } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, day, dealNow, eventsOf, onDeal, openDeal, type Pipeline } from './sales-floor.js';

/** Two deals that are one. */
export function merges(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
  });
  const merge = (survivor: string, otherDealId: string, key?: string) =>
    subject().post(
      `/v1/deals/${survivor}/merge`,
      { otherDealId },
      key === undefined ? {} : { headers: { 'Idempotency-Key': key } },
    );
  const unmerge = (survivor: string, otherDealId: string) =>
    subject().post(`/v1/deals/${survivor}/unmerge`, { otherDealId });
  async function two(own = pipeline): Promise<[string, string]> {
    const survivor = await openDeal(subject(), own, { occurredAt: day(0) });
    const other = await openDeal(subject(), own, { occurredAt: day(0) });
    await onDeal(subject(), other.id, 'move-stage', { toStageId: own.stages[1], occurredAt: day(1) });
    return [survivor.id, other.id];
  }

  it('the other leaves board and funnel as merged, the survivor stays as it was', async () => {
    const own = await createPipeline(subject());
    const [survivor, other] = await two(own);
    const { status, body } = await merge(survivor, other);
    expect([status, body]).toEqual([200, { id: survivor, revision: 2, position: expect.any(String) }]);
    expect(await dealNow(subject(), other)).toMatchObject({
      status: 'merged',
      mergedInto: survivor,
      stall: null,
      visits: [{}, { stageId: own.stages[1], exit: 'merged' }],
    });
    expect(await dealNow(subject(), survivor)).toMatchObject({
      status: 'open',
      mergedInto: null,
      visits: [{ exit: null }],
    });
    expect((await subject().get(`/v1/boards/${own.id}`)).body.totals).toMatchObject({ count: 1 });
    const funnel = await subject().get(`/v1/funnel?pipeline=${own.id}&from=2024-01-01&to=2024-02-01`);
    expect(funnel.body).toMatchObject({
      n: 2,
      stages: [{ furthestOpen: 1 }, { furthestMerged: 1, furthestLost: 0 }, { reached: 0 }],
    });
    const performance = await subject().get(`/v1/performance?pipeline=${own.id}&from=2024-01-01&to=2024-02-01`);
    expect(performance.body).toMatchObject({ winRate: { cohort: { opened: 1 } }, excluded: { merged: 1, voided: 0 } });
    expect((await eventsOf(subject(), 'deals', survivor)).map(({ type }) => type)).toEqual([
      'DealOpened',
      'MergeStarted',
      'MergeCompleted',
    ]);
    expect((await eventsOf(subject(), 'deals', other)).at(-1)).toMatchObject({
      type: 'DealMergedInto',
      data: { survivorId: survivor },
    });
    expect((await subject().get(`/v1/deals?pipeline=${own.id}&status=merged`)).body.items).toMatchObject([
      { id: other },
    ]);
  });

  it('unmerged it stands where it was, by itself', async () => {
    const [survivor, other] = await two();
    await merge(survivor, other);
    expect((await unmerge(survivor, other)).status).toBe(200);
    expect(await dealNow(subject(), other)).toMatchObject({
      status: 'open',
      mergedInto: null,
      stageId: pipeline.stages[1],
      visits: [{}, { exit: 'merged' }, { visitNo: 3, stageId: pipeline.stages[1], entry: 'unmerged', exit: null }],
      stall: { lastTouch: { type: 'DealStageMoved', revision: 1 } },
    });
    expectProblem(await unmerge(survivor, other), 409, 'wrong-status', { status: 'open', allowed: ['merged'] });
    expect((await merge(survivor, other)).status).toBe(200);
  });

  it('is refused for closed and merged deals, for none and for itself', async () => {
    const [survivor, other] = await two();
    const [third, lost] = await two();
    await onDeal(subject(), lost, 'lose', { reason: 'price' });
    const closed = { status: 'lost', allowed: ['open'] };
    expectProblem(await merge(survivor, lost), 409, 'wrong-status', closed);
    expectProblem(await merge(lost, survivor), 409, 'wrong-status', closed);
    await merge(survivor, other);
    expectProblem(await merge(third, other), 409, 'already-merged');
    expectProblem(await merge(other, third), 409, 'already-merged');
    expectProblem(await merge(survivor, '0190a000-0000-7000-8000-00000000dead'), 404, 'not-found');
    expectProblem(await merge('0190a000-0000-7000-8000-00000000dead', survivor), 404, 'not-found');
    expectInvalid(await merge(survivor, survivor), '/otherDealId');
    expectInvalid(await merge(survivor, 'x'), '/otherDealId');
  });

  it('the same key merges once', async () => {
    const [survivor, other] = await two();
    const first = await merge(survivor, other, 'm');
    const second = await merge(survivor, other, 'm');
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await merge(survivor, other)).body).toMatchObject({ revision: first.body.revision });
  });
}
