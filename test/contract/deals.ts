import { ACTOR, done, eur, expectInvalid, expectProblem, POSITION, UUID } from './shapes.js';
import { type Subject } from './session.js';
import {
  ADA,
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

  describe('are converted from leads', () => {
    it('as the lead has it, where nothing else is said', async () => {
      const lead = await qualifiedLead(subject(), {
        title: 'Plant',
        value: eur('80'),
        labels: ['hot'],
        ownerId: 'u-1',
        organization: { name: 'ACME' },
      });
      const answer = await subject().post(`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        id: lead,
        revision: 2,
        position: POSITION,
        deal: { id: UUID, revision: 0 },
        personId: UUID,
        organizationId: UUID,
      });
      const { deal, personId, organizationId, position } = answer.body;
      expect(await dealNow(subject(), deal.id)).toMatchObject({
        title: 'Plant',
        value: eur('80.00'),
        weightedValue: eur('8.00'),
        labels: ['hot'],
        ownerId: 'u-1',
        source: 'website',
        leadId: lead,
        stageId: pipeline.stages[0],
        contacts: expect.arrayContaining([
          { kind: 'person', id: personId, role: 'primary', name: ADA.name },
          { kind: 'organization', id: organizationId, role: 'primary', name: 'ACME' },
        ]),
      });
      const captured = await done(subject().get(`/v1/leads/${lead}`));
      expect(captured).toMatchObject({ status: 'converted', dealId: deal.id, person: { id: personId } });
      const opened = (await eventsOf(subject(), 'deals', deal.id))[0];
      const converted = (await eventsOf(subject(), 'leads', lead))[2];
      expect(opened.position).toBe(position);
      expect(opened.data).toMatchObject({ leadId: lead, capturedAt: captured.capturedAt });
      expect(Object.keys(converted.data).sort()).toEqual(['contacts', 'deal', 'dealId']);
      expect(converted.data).toMatchObject({ dealId: deal.id, deal: opened.data });
    });

    it('with what is said', async () => {
      const lead = await qualifiedLead(subject(), { value: eur('80') });
      const dealId = '01890f3a-7c4e-7abc-8def-00000000dddd';
      const body = {
        dealId,
        pipelineId: pipeline.id,
        stageId: pipeline.stages[1],
        title: 'Other',
        value: eur('90'),
        ownerId: 'u-3',
        visibility: 'owner',
        expectedClose: '2026-06-30',
        contacts: { person: { create: true } },
      };
      await done(subject().post(`/v1/leads/${lead}/convert`, body), 201);
      const { title, value, ownerId, visibility, expectedClose, stageId } = await dealNow(subject(), dealId);
      expect({ title, value, ownerId, visibility, expectedClose, stageId }).toEqual({
        title: 'Other',
        value: eur('90.00'),
        ownerId: 'u-3',
        visibility: 'owner',
        expectedClose: '2026-06-30',
        stageId: pipeline.stages[1],
      });
    });

    it('once, however many ask at once', async () => {
      const lead = await qualifiedLead(subject());
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => subject().post(`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id })),
      );
      const [first, ...others] = answers.toSorted((a, b) => a.status - b.status);
      expect(first?.status).toBe(201);
      for (const other of others) {
        expectProblem(other, 409, 'already-converted', { dealId: first?.body.deal.id });
      }
    });

    it('into what there is, or not at all', async () => {
      const lead = await qualifiedLead(subject());
      const convert = (more: object) =>
        subject().post(`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id, ...more });
      expectProblem(await convert({ pipelineId: UNKNOWN }), 409, 'unknown-pipeline');
      expectProblem(await convert({ stageId: UNKNOWN }), 409, 'unknown-stage');
      expectProblem(await convert({ stageId: pipeline.stages[4] }), 409, 'wrong-stage-kind');
      expectProblem(await convert({ value: eur('-5') }), 409, 'negative-value');
      expectInvalid(await convert({ pipelineId: null }), '/pipelineId');
      const { id: taken } = await openDeal(subject(), pipeline);
      expectProblem(await convert({ dealId: taken }), 409, 'id-already-used');
      expect(await done(subject().get(`/v1/leads/${lead}`))).toMatchObject({ status: 'qualified', revision: 1 });
      await done(convert({}), 201);
      for (const [name, body] of [
        ['edit', { title: 'y' }],
        ['add-note', { text: 'y' }],
        ['disqualify', { reason: 'other' }],
        ['nurture', { followUpOn: '2199-01-01' }],
        ['reopen', {}],
      ] as const) {
        const answer = await subject().post(`/v1/leads/${lead}/${name}`, body);
        expectProblem(answer, 409, 'wrong-status', { status: 'converted', allowed: expect.any(Array) });
      }
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
      data: { text: 'asked for a bid' },
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
