import { done, eur, expectInvalid, expectProblem, POSITION, SEALED } from './shapes.js';
import { type Subject } from './session.js';
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
  qualifiedLead,
} from './sales-floor.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';

/** Moves, gates, and the rules of a pipeline. */
export function moves(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [...OPEN_STAGES, CARE, { ...CARE, name: 'Referral' }]);
  });
  const move = (id: string, toStageId: unknown, more: object = {}, query = '') =>
    subject().post(`/v1/deals/${id}/move-stage${query}`, { toStageId, ...more });

  it('go forward, over stages, and back', async () => {
    const [talk, demo, offer] = pipeline.stages;
    const { id } = await openDeal(subject(), pipeline, { occurredAt: day(0) });
    expect((await move(id, offer, { occurredAt: day(2) })).body).toEqual({
      id,
      revision: 1,
      position: POSITION,
      direction: 'forward',
      from: { stageId: talk, rank: 1 },
      to: { stageId: offer, rank: 3 },
      pipelineVersion: 1,
      columns: null,
    });
    expect((await move(id, demo, { occurredAt: day(3.5) })).body).toMatchObject({ direction: 'backward' });
    const events = await eventsOf(subject(), 'deals', id);
    expect(events[1]).toMatchObject({ type: 'DealStageMoved' });
    expect(events[1].data).toEqual({
      from: { pipelineId: pipeline.id, stageId: talk, rank: 1 },
      to: { pipelineId: pipeline.id, stageId: offer, rank: 3 },
      direction: 'forward',
      pipelineVersion: 1,
    });
    const of = { pipelineId: pipeline.id, pipelineVersion: 1 };
    const left = (exit: string, exitedAt: string, stayDays: number) => ({ exit, exitedAt, stayDays });
    expect((await dealNow(subject(), id)).visits).toEqual([
      { visitNo: 1, ...of, stageId: talk, rank: 1, entry: 'opened', enteredAt: day(0), ...left('forward', day(2), 2) },
      {
        visitNo: 2,
        ...of,
        stageId: offer,
        rank: 3,
        entry: 'forward',
        enteredAt: day(2),
        ...left('backward', day(3.5), 1.5),
      },
      {
        visitNo: 3,
        ...of,
        stageId: demo,
        rank: 2,
        entry: 'backward',
        enteredAt: day(3.5),
        exitedAt: null,
        exit: null,
        stayDays: expect.any(Number),
      },
    ]);
  });

  it('are refused to where the deal is, to nowhere and to post-sale stages', async () => {
    const { id } = await openDeal(subject(), pipeline);
    expectProblem(await move(id, pipeline.stages[0]), 409, 'same-stage');
    expectProblem(await move(id, UNKNOWN), 409, 'unknown-stage');
    expectProblem(await move(id, pipeline.stages[3]), 409, 'wrong-stage-kind');
    for (const toStageId of [null, 5, 'Demo']) expectInvalid(await move(id, toStageId), '/toStageId');
    expectInvalid(await move(id, pipeline.stages[1], { force: true }), '/force');
    expectProblem(await move(id, pipeline.stages[1], {}, '?colour=red'), 400, 'unknown-parameter');
    expect((await dealNow(subject(), id)).revision).toBe(0);
  });

  it('obey the rules of the pipeline', async () => {
    const strict = await createPipeline(subject(), OPEN_STAGES, { moveRules: { skips: false, stepsBack: false } });
    const [talk, demo, offer] = strict.stages;
    const { id } = await openDeal(subject(), strict);
    expectProblem(await move(id, offer), 409, 'skip-forbidden', { fromStageId: talk, toStageId: offer });
    await done(move(id, demo));
    expectProblem(await move(id, talk), 409, 'step-back-forbidden', { fromStageId: demo, toStageId: talk });
    await done(move(id, offer));
  });

  it('answer with the totals of both columns', async () => {
    const { id: pipelineId, stages } = await createPipeline(subject());
    const own = { id: pipelineId, stages };
    const { id } = await openDeal(subject(), own, { value: eur('100'), ownerId: 'u-1' });
    await openDeal(subject(), own, { value: eur('50'), ownerId: 'u-2', stageId: stages[1] });
    const column = (stageId: unknown, name: string, rank: number, amount: string | null, weighted: string | null) => ({
      stageId,
      name,
      kind: 'open',
      rank,
      retired: false,
      count: amount === null ? 0 : 1,
      stalled: 0,
      overstayed: 0,
      withoutValue: 0,
      value: amount === null ? [] : [eur(amount)],
      weightedValue: weighted === null ? [] : [eur(weighted)],
      reporting: null,
    });
    const talk = column(stages[0], 'Talk', 1, null, null);
    const forward = await move(id, stages[1], {}, '?totals=true&owner=u-1');
    if (forward.body.columns !== null) {
      expect(forward.body.columns).toEqual([talk, column(stages[1], 'Demo', 2, '100.00', '40.00')]);
    }
    const on = await move(id, stages[2], {}, '?totals=true');
    if (on.body.columns !== null) {
      expect(on.body.columns).toEqual([
        column(stages[1], 'Demo', 2, '50.00', '20.00'),
        column(stages[2], 'Offer', 3, '100.00', '60.00'),
      ]);
    }
    expectInvalid(await move(id, stages[0], {}, '?totals=perhaps'), '?totals');
    expectInvalid(await move(id, stages[0], {}, '?totals=true&valueMin=5'), '?valueMin');
  });

  describe('through gates', () => {
    const gated = (gates: readonly object[], more: object = {}) =>
      createPipeline(subject(), [OPEN_STAGES[0]!, { ...OPEN_STAGES[1], gates }, OPEN_STAGES[2]!], more);

    it('list all that is missing', async () => {
      const gates = [
        { type: 'field', field: 'value' },
        { type: 'activity', kind: 'demo' },
        { type: 'contact', kind: 'person' },
        { type: 'criteria', min: 3 },
      ];
      const own = await gated(gates);
      const { id } = await openDeal(subject(), own);
      const missing = (await move(id, own.stages[1])).body.data?.missing;
      const data = { stageId: own.stages[1], missing: expect.any(Array) };
      expectProblem(await move(id, own.stages[1]), 409, 'gate-not-met', data);
      expect(missing).toHaveLength(4);
      for (const [at, gate] of gates.entries()) expect(missing[at]).toMatchObject(gate);
      await done(move(id, own.stages[2]));
    });

    it('open when they are met', async () => {
      const gates = [
        { type: 'field', field: 'value' },
        { type: 'contact', kind: 'person' },
        { type: 'criteria', min: 4 },
      ];
      const own = await gated(gates);
      const lead = await qualifiedLead(subject());
      const { deal } = await done(subject().post(`/v1/leads/${lead}/convert`, { pipelineId: own.id }), 201);
      expectProblem(await move(deal.id, own.stages[1]), 409, 'gate-not-met', {
        stageId: own.stages[1],
        missing: [{ type: 'field', field: 'value' }],
      });
      await onDeal(subject(), deal.id, 'change-value', { value: eur('0') });
      await done(move(deal.id, own.stages[1]));
    });

    it('are forced with a reason alone, which the stream records', async () => {
      const own = await gated([{ type: 'field', field: 'value' }]);
      const { id } = await openDeal(subject(), own);
      const to = own.stages[1];
      expectInvalid(await move(id, to, { override: {} }), '/override/reason');
      expectInvalid(await move(id, to, { override: { reason: '' } }), '/override/reason');
      expectInvalid(await move(id, to, { override: { reason: 'x', by: 'me' } }), '/override/by');
      const forced = await move(id, to, { override: { reason: 'signed on paper' } });
      expect(forced.body).toMatchObject({ id, revision: 2, direction: 'forward' });
      expect(forced.headers.get('etag')).toBe('"2"');
      const events = await eventsOf(subject(), 'deals', id);
      expect(events.slice(1).map((event) => event.type)).toEqual(['GateOverridden', 'DealStageMoved']);
      expect(events[1].data).toEqual({
        stageId: to,
        missing: [{ type: 'field', field: 'value' }],
        reason: SEALED,
      });
      expect(forced.body.position).toBe(events[2].position);
      const { id: met } = await openDeal(subject(), own, { value: eur('1') });
      expect((await move(met, to, { override: { reason: 'not needed' } })).body.revision).toBe(1);
    });

    it('of a win hold for the win', async () => {
      const own = await gated([], { winGates: [{ type: 'field', field: 'value' }] });
      const { id } = await openDeal(subject(), own);
      const win = (body: object) => subject().post(`/v1/deals/${id}/win`, body);
      expectProblem(await win({}), 409, 'gate-not-met', {
        stageId: expect.anything(),
        missing: [{ type: 'field', field: 'value' }],
      });
      expectInvalid(await win({ override: {} }), '/override/reason');
      expect((await win({ override: { reason: 'paid in cash' } })).body.revision).toBe(2);
      const types = (await eventsOf(subject(), 'deals', id)).map((event) => event.type);
      expect(types).toEqual(['DealOpened', 'GateOverridden', 'DealWon']);
    });
  });
}
