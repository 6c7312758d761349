import { ACTOR, eur, expectInvalid, expectProblem, POSITION, SEALED } from './shapes.js';
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
} from './sales-floor.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';

export function deals(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [...OPEN_STAGES, CARE, { ...CARE, name: 'Referral' }]);
  });
  const open = (more: object) => subject().post('/v1/deals', { title: 'x', pipelineId: pipeline.id, ...more });
  const command = (id: string, name: string, body: object = {}) => subject().post(`/v1/deals/${id}/${name}`, body);

  describe('are opened', () => {
    it('with every default filled in', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const [event] = await eventsOf(subject(), 'deals', id);
      const ownerId = event.metadata.actor.id;
      const occurredAt = event.metadata.occurredAt;
      const body = {
        title: 'Boiler',
        pipelineId: pipeline.id,
        pipelineVersion: 1,
        stageId: pipeline.stages[0],
        rank: 1,
        value: null,
        expectedClose: null,
        ownerId,
        teamId: null,
        visibility: 'everyone',
        source: null,
        labels: [],
        lineItems: [],
        leadId: null,
      };
      expect(event).toMatchObject({ type: 'DealOpened', revision: 0 });
      expect(event.data).toMatchObject({
        ...body,
        title: SEALED,
        personId: null,
        organizationId: null,
        probability: null,
        forecastCategory: null,
        capturedAt: null,
      });
      expect(await dealNow(subject(), id)).toEqual({
        id,
        revision: 0,
        asOf: null,
        atRevision: null,
        status: 'open',
        ...body,
        weightedValue: null,
        probability: { value: 0.1, from: 'stage' },
        forecastCategory: { value: 'pipeline', from: 'stage' },
        contacts: [],
        previousDealId: null,
        mergedInto: null,
        openedAt: occurredAt,
        closedAt: null,
        loss: null,
        churn: null,
        wonBackBy: null,
        visits: [
          {
            visitNo: 1,
            pipelineId: pipeline.id,
            pipelineVersion: 1,
            stageId: pipeline.stages[0],
            rank: 1,
            entry: 'opened',
            enteredAt: occurredAt,
            exitedAt: null,
            exit: null,
            stayDays: expect.any(Number),
          },
        ],
        activities: [],
        files: [],
        proposals: [],
        stall: {
          stalled: false,
          stale: false,
          covered: false,
          overdue: false,
          overstayed: false,
          snoozedUntil: null,
          rotAt: null,
          rottenAfter: null,
          maxStay: null,
          stayDays: expect.any(Number),
          grace: false,
          policyVersion: 1,
          lastTouch: { type: 'DealOpened', actor: ACTOR, occurredAt, revision: 0, redacted: false },
          coveredBy: null,
        },
      });
    });

    it('in a pipeline and an open stage that there are', async () => {
      expectProblem(await open({ pipelineId: UNKNOWN }), 409, 'unknown-pipeline');
      expectProblem(await open({ stageId: UNKNOWN }), 409, 'unknown-stage');
      expectProblem(await open({ stageId: pipeline.stages[3] }), 409, 'wrong-stage-kind');
      expectProblem(await open({ value: eur('-1') }), 409, 'negative-value');
      expectProblem(await open({ occurredAt: '2199-01-01T00:00:00Z' }), 400, 'occurred-in-future');
      expectInvalid(await open({ mood: 'good' }), '/mood');
      expectInvalid(await subject().post('/v1/deals', { title: 'x' }), '/pipelineId');
    });
  });

  describe('change', () => {
    it('in value', async () => {
      const { id } = await openDeal(subject(), pipeline, { value: eur('5') });
      await onDeal(subject(), id, 'change-value', { value: { amount: '700', currency: 'JPY' } });
      expect(await dealNow(subject(), id)).toMatchObject({ revision: 1, value: { amount: '700', currency: 'JPY' } });
      await onDeal(subject(), id, 'change-value', { value: null });
      expect(await dealNow(subject(), id)).toMatchObject({ revision: 2, value: null, weightedValue: null });
      expect(await onDeal(subject(), id, 'change-value', { value: null })).toMatchObject({ revision: 2 });
      expectProblem(await command(id, 'change-value', { value: eur('-0.01') }), 409, 'negative-value');
      expectInvalid(await command(id, 'change-value', {}), '/value');
      expectInvalid(await command(id, 'change-value', { value: eur('1'), reason: 'x' }), '/reason');
      const events = await eventsOf(subject(), 'deals', id);
      expect(events.slice(1).map(({ type, data }) => ({ type, data }))).toEqual([
        { type: 'DealValueChanged', data: { value: { amount: '700', currency: 'JPY' } } },
        { type: 'DealValueChanged', data: { value: null } },
      ]);
    });

    it('in owner', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const assigned = await onDeal(subject(), id, 'assign', { ownerId: 'u-4' });
      expect(assigned).toEqual({ id, revision: 1, position: POSITION });
      expect(await onDeal(subject(), id, 'assign', { ownerId: 'u-4' })).toEqual(assigned);
      expect((await eventsOf(subject(), 'deals', id))[1]).toMatchObject({
        type: 'DealAssigned',
        data: { ownerId: 'u-4', teamId: null },
      });
      for (const ownerId of [null, 5, '']) expectInvalid(await command(id, 'assign', { ownerId }), '/ownerId');
      expectInvalid(await command(id, 'assign'), '/ownerId');
    });

    it('only where there is a deal', async () => {
      for (const [name, body] of [
        ['assign', { ownerId: 'u' }],
        ['change-value', { value: null }],
        ['move-stage', { toStageId: UNKNOWN }],
        ['win', {}],
        ['lose', { reason: 'price' }],
        ['reopen', {}],
        ['add-note', { text: 'x' }],
      ] as const) {
        expectProblem(await command(UNKNOWN, name, body), 404, 'not-found');
      }
      expectProblem(await subject().get(`/v1/deals/${UNKNOWN}`), 404, 'not-found');
    });
  });

  it('are noted', async () => {
    const { id } = await openDeal(subject(), pipeline, { occurredAt: day(1) });
    await onDeal(subject(), id, 'add-note', { text: 'asked for a bid', occurredAt: day(2) });
    expect((await eventsOf(subject(), 'deals', id))[1]).toMatchObject({
      type: 'NoteAdded',
      data: { text: SEALED },
    });
    expect((await dealNow(subject(), id)).stall.lastTouch).toEqual({
      type: 'NoteAdded',
      actor: ACTOR,
      occurredAt: day(2),
      revision: 1,
      redacted: false,
    });
  });
}
