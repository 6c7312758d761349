import { done, eur, expectInvalid, expectProblem, POSITION, UUID } from './shapes.js';
import { type Subject } from './session.js';
import {
  ADA,
  CARE,
  createPipeline,
  dealNow,
  eventsOf,
  OPEN_STAGES,
  openDeal,
  type Pipeline,
  qualifiedLead,
} from './sales-floor.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';

/** From a lead to a deal. */
export function conversions(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [...OPEN_STAGES, CARE, { ...CARE, name: 'Referral' }]);
  });

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
    const convert = (more: object) => subject().post(`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id, ...more });
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
}
