import { expectInvalid, expectProblem, POSITION } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, day, dealNow, eventsOf, OPEN_STAGES, onDeal, openDeal, type Pipeline } from './sales-floor.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';
const WINDOW = 'from=2024-01-01&to=2024-02-01';

/** A deal that is taken to another pipeline. */
export function switches(subject: Subject): void {
  let from: Pipeline;
  let to: Pipeline;
  beforeAll(async () => {
    from = await createPipeline(subject());
    to = await createPipeline(subject());
  });
  const change = (id: string, pipelineId: unknown, more: object = {}) =>
    subject().post(`/v1/deals/${id}/switch-pipeline`, { pipelineId, ...more });

  it('leaves one board and enters the other, in its first open stage', async () => {
    const { id } = await openDeal(subject(), from, { occurredAt: day(0) });
    await onDeal(subject(), id, 'move-stage', { toStageId: from.stages[1], occurredAt: day(2) });
    const { status, body } = await change(id, to.id, { occurredAt: day(5) });
    expect([status, body]).toEqual([200, { id, revision: 2, position: POSITION }]);
    expect(await dealNow(subject(), id)).toMatchObject({
      status: 'open',
      pipelineId: to.id,
      stageId: to.stages[0],
      rank: 1,
      visits: [
        { pipelineId: from.id, exit: 'forward' },
        { pipelineId: from.id, stageId: from.stages[1], exit: 'switched', exitedAt: day(5), stayDays: 3 },
        { visitNo: 3, pipelineId: to.id, stageId: to.stages[0], entry: 'switched', enteredAt: day(5), exit: null },
      ],
      stall: { lastTouch: { type: 'DealPipelineSwitched', revision: 2 } },
    });
    const event = (await eventsOf(subject(), 'deals', id)).at(-1);
    expect([event.type, event.data]).toEqual([
      'DealPipelineSwitched',
      {
        from: { pipelineId: from.id, stageId: from.stages[1], rank: 2 },
        to: { pipelineId: to.id, stageId: to.stages[0], rank: 1 },
        pipelineVersion: 1,
      },
    ]);
    const counts = async (pipeline: Pipeline, query = '') =>
      (await subject().get(`/v1/boards/${pipeline.id}${query}`)).body.columns.map(({ count }: any) => count);
    expect([await counts(from), await counts(to)]).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(await counts(from, `?asOf=${day(4)}`)).toEqual([0, 1, 0]);
    expect((await dealNow(subject(), id, `?asOf=${day(4)}`)).pipelineId).toBe(from.id);
  });

  it('is switched in the one funnel and begins in the other', async () => {
    const [one, other] = [await createPipeline(subject()), await createPipeline(subject())];
    const { id } = await openDeal(subject(), one, { occurredAt: day(0) });
    await onDeal(subject(), id, 'move-stage', { toStageId: one.stages[1], occurredAt: day(2) });
    await onDeal(subject(), id, 'switch-pipeline', {
      pipelineId: other.id,
      stageId: other.stages[2],
      occurredAt: day(5),
    });
    await onDeal(subject(), id, 'win', { occurredAt: day(6) });
    const funnel = async (pipeline: Pipeline, more = '') =>
      (await subject().get(`/v1/funnel?pipeline=${pipeline.id}&${WINDOW}${more}`)).body;
    expect(await funnel(one)).toMatchObject({
      n: 1,
      stages: [{ reached: 1 }, { reached: 1, furthestSwitched: 1, furthestOpen: 0 }, { reached: 0 }],
      won: { ever: 0 },
    });
    expect(await funnel(other)).toMatchObject({
      n: 1,
      stages: [{ reached: 1, startedLater: 1 }, { reached: 1 }, { entered: 1, furthestSwitched: 0 }],
      won: { ever: 1, now: 1 },
    });
    expect((await funnel(one, '&mode=transitions')).transitions).toEqual([
      { from: null, to: one.stages[0], count: 1, share: 1 },
      { from: one.stages[0], to: one.stages[1], count: 1, share: 1 },
      { from: one.stages[1], to: 'switched', count: 1, share: 1 },
    ]);
    const drill = `/v1/funnel/drill?pipeline=${one.id}&${WINDOW}&stageId=${one.stages[1]}&cell=furthestSwitched`;
    expect((await subject().get(drill)).body).toMatchObject({
      items: [{ dealId: id, event: { revision: 2, type: 'DealPipelineSwitched', occurredAt: day(5) } }],
      n: 1,
    });
  });

  it('changes nothing where the deal is already, and is refused where no deal goes', async () => {
    const { id } = await openDeal(subject(), from);
    expect((await change(id, from.id)).body.revision).toBe(0);
    expect((await change(id, from.id, { stageId: from.stages[0] })).body.revision).toBe(0);
    expectInvalid(await change(id, from.id, { stageId: from.stages[1] }), '/pipelineId');
    expectProblem(await change(id, UNKNOWN), 409, 'unknown-pipeline');
    expectProblem(await change(id, to.id, { stageId: UNKNOWN }), 409, 'unknown-stage');
    expectProblem(await change(id, to.id, { stageId: from.stages[0] }), 409, 'unknown-stage');
    for (const pipelineId of [null, undefined, 'Sales']) expectInvalid(await change(id, pipelineId), '/pipelineId');
    expectProblem(await change(UNKNOWN, to.id), 404, 'not-found');
    await onDeal(subject(), id, 'lose', { reason: 'price' });
    expectProblem(await change(id, to.id), 409, 'wrong-status', { status: 'lost', allowed: ['open'] });
  });

  it('meets the gates of the stage, or is let past them', async () => {
    const [first, ...rest] = OPEN_STAGES;
    const gated = await createPipeline(subject(), [
      { ...first, gates: [{ type: 'field', field: 'expectedClose' }] },
      ...rest,
    ]);
    const { id } = await openDeal(subject(), from);
    expectProblem(await change(id, gated.id), 409, 'gate-not-met', {
      stageId: gated.stages[0],
      missing: [{ type: 'field', field: 'expectedClose' }],
    });
    expect((await change(id, gated.id, { override: { reason: 'soon' } })).body.revision).toBe(2);
    expect((await eventsOf(subject(), 'deals', id)).map(({ type }) => type)).toEqual([
      'DealOpened',
      'GateOverridden',
      'DealPipelineSwitched',
    ]);
  });
}
