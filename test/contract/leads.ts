import { ACTOR, done, eur, expectInvalid, expectProblem, INSTANT, POSITION, UUID, SEALED } from './shapes.js';
import { type Subject } from './session.js';
import { ADA, captureLead, CRITERIA, day, eventsOf, onLead, qualifiedLead } from './sales-floor.js';

export function leads(subject: Subject): void {
  const read = (id: string) => done(subject().get(`/v1/leads/${id}`));
  const capture = (more: object) => subject().post('/v1/leads', { title: 'x', source: 'web', person: ADA, ...more });

  it('are captured with every default filled in', async () => {
    const captured = await subject().post('/v1/leads', { title: 'Boiler', source: 'web', person: { name: 'Ada' } });
    expect(captured.status).toBe(201);
    expect(captured.headers.get('location')).toBe(`/v1/leads/${captured.body.id}`);
    expect(captured.body).toEqual({ id: UUID, revision: 0, position: POSITION });
    const [event] = await eventsOf(subject(), 'leads', captured.body.id);
    const person = { id: UUID, name: SEALED, emails: [], phones: [] };
    const known = { attributes: {}, products: [], referredBy: null };
    const body = { title: SEALED, source: 'web', person, organization: null, value: null, labels: [], ...known };
    expect(event).toMatchObject({ type: 'LeadCaptured', revision: 0 });
    expect(event.data).toEqual({ ...body, ownerId: event.metadata.actor.id });
    expect(await read(captured.body.id)).toEqual({
      id: captured.body.id,
      revision: 0,
      status: 'new',
      ...body,
      title: 'Boiler',
      person: { ...event.data.person, name: 'Ada' },
      ownerId: event.metadata.actor.id,
      teamId: null,
      activities: [],
      capturedAt: event.metadata.occurredAt,
      followUpOn: null,
      score: { total: 0, modelVersion: expect.any(Number), parts: [] },
      qualification: null,
      disqualification: null,
      dealId: null,
      notes: [],
    });
  });

  it('keep what was given', async () => {
    const organization = { name: 'ACME', emails: ['office@acme.test', 'sales@acme.test'], phones: ['+4930123456'] };
    const { id } = await captureLead(subject(), {
      id: '01890f3a-7c4e-7abc-8def-00000000cccc',
      organization,
      value: eur('1250.5'),
      labels: ['hot', 'vip'],
      ownerId: 'u-1',
      occurredAt: day(3),
    });
    expect(id).toBe('01890f3a-7c4e-7abc-8def-00000000cccc');
    expect(await read(id)).toMatchObject({
      person: { id: UUID, ...ADA, phones: [] },
      organization: { id: UUID, ...organization },
      value: eur('1250.50'),
      labels: ['hot', 'vip'],
      ownerId: 'u-1',
      capturedAt: day(3),
    });
    expectProblem(await capture({ id }), 409, 'id-already-used');
  });

  it('are refused without what they need', async () => {
    expectProblem(await capture({ person: null }), 409, 'no-contact');
    expectProblem(await subject().post('/v1/leads', { title: 'x', source: 'web' }), 409, 'no-contact');
    expectInvalid(await subject().post('/v1/leads', { source: 'web', person: ADA }), '/title');
    expectProblem(await capture({ value: eur('-0.01') }), 409, 'negative-value');
    expectInvalid(await capture({ person: {} }), '/person/name');
    expectInvalid(await capture({ person: { name: 'Ada', age: 36 } }), '/person/age');
    expectInvalid(await capture({ person: { name: 'Ada', emails: 'ada@acme.test' } }), '/person/emails');
    expectInvalid(await capture({ mood: 'good' }), '/mood');
    expectProblem(await capture({ occurredAt: '2199-01-01T00:00:00Z' }), 400, 'occurred-in-future');
    expectProblem(await subject().get('/v1/leads/01890f3a-7c4e-7abc-8def-0123456789ad'), 404, 'not-found');
  });

  it('are edited: what is left out stays, null clears', async () => {
    const { id } = await captureLead(subject(), { value: eur('5') });
    const edited = await onLead(subject(), id, 'edit', { title: 'Kettle' });
    expect(edited).toEqual({ id, revision: 1, position: POSITION });
    expect(await read(id)).toMatchObject({ title: 'Kettle', source: 'website', value: eur('5.00') });
    await onLead(subject(), id, 'edit', { source: 'fair', value: null });
    expect(await read(id)).toMatchObject({ title: 'Kettle', source: 'fair', value: null });
    expect(await onLead(subject(), id, 'edit', { source: 'fair' })).toMatchObject({ revision: 2 });
    expect(await onLead(subject(), id, 'edit', {})).toMatchObject({ revision: 2 });
    expectInvalid(await subject().post(`/v1/leads/${id}/edit`, { title: null }), '/title');
    expectInvalid(await subject().post(`/v1/leads/${id}/edit`, { ownerId: 'u-1' }), '/ownerId');
  });

  it('take notes', async () => {
    const { id } = await captureLead(subject());
    const noted = await onLead(subject(), id, 'add-note', { text: 'called, no answer', occurredAt: day(4) });
    expect(noted).toEqual({ id, revision: 1, position: POSITION });
    await onLead(subject(), id, 'add-note', { text: 'called, no answer' });
    expect((await read(id)).notes).toEqual([
      { text: 'called, no answer', actor: ACTOR, occurredAt: day(4), revision: 1 },
      { text: 'called, no answer', actor: ACTOR, occurredAt: INSTANT, revision: 2 },
    ]);
    expect((await eventsOf(subject(), 'leads', id))[1]).toMatchObject({
      type: 'LeadNoteAdded',
      data: { text: SEALED },
    });
  });

  describe('qualification', () => {
    it('is shown as sent', async () => {
      const { id } = await captureLead(subject());
      const answers = [{ question: 'has-problem', answer: 'yes' }];
      const qualified = await onLead(subject(), id, 'qualify', { criteria: CRITERIA, icpFit: 'strong', answers });
      expect(qualified).toEqual({ id, revision: 1, position: POSITION });
      const shown = { criteria: CRITERIA, icpFit: 'strong', answers, policyVersion: 1 };
      const lead = await read(id);
      expect(lead).toMatchObject({ status: 'qualified', disqualification: null });
      expect(lead.qualification).toEqual({ ...shown, qualifiedAt: INSTANT });
      const event = (await eventsOf(subject(), 'leads', id))[1];
      expect(event).toMatchObject({ type: 'LeadQualified', data: { icpFit: 'strong', policyVersion: 1 } });
      expect(event.data.answers).toEqual([{ question: 'has-problem', answer: SEALED }]);
      expect(event.data.criteria.budget).toEqual({ confirmed: true, facts: SEALED });
    });

    it('needs all four criteria confirmed', async () => {
      const { id } = await captureLead(subject());
      const no = { confirmed: false, facts: null };
      const qualify = (criteria: object) => subject().post(`/v1/leads/${id}/qualify`, { criteria });
      expectProblem(await qualify({ ...CRITERIA, timeline: no }), 409, 'criteria-not-met', { missing: ['timeline'] });
      expectProblem(await qualify({ budget: no, authority: no, need: no, timeline: no }), 409, 'criteria-not-met', {
        missing: ['budget', 'authority', 'need', 'timeline'],
      });
      expect((await read(id)).status).toBe('new');
      expectInvalid(await subject().post(`/v1/leads/${id}/qualify`, {}), '/criteria');
      expectInvalid(await qualify({ ...CRITERIA, luck: no }), '/criteria/luck');
      expectInvalid(
        await qualify({ ...CRITERIA, need: { confirmed: 'yes', facts: null } }),
        '/criteria/need/confirmed',
      );
      const fit = { criteria: CRITERIA, icpFit: 'perfect' };
      expectInvalid(await subject().post(`/v1/leads/${id}/qualify`, fit), '/icpFit');
    });

    it('can be given again', async () => {
      const id = await qualifiedLead(subject());
      const again = { ...CRITERIA, budget: { confirmed: true, facts: '50k' } };
      expect(await onLead(subject(), id, 'qualify', { criteria: again, icpFit: 'partial' })).toMatchObject({
        revision: 2,
      });
      expect((await read(id)).qualification).toMatchObject({ criteria: again, icpFit: 'partial' });
    });
  });

  it('are disqualified for a known reason and may be reopened as new', async () => {
    const { id } = await captureLead(subject());
    const disqualify = (reason: unknown) => subject().post(`/v1/leads/${id}/disqualify`, { reason });
    expectProblem(await disqualify('bad-luck'), 409, 'unknown-reason');
    expectInvalid(await disqualify('r'.repeat(65)), '/reason');
    expectInvalid(await disqualify(null), '/reason');
    await onLead(subject(), id, 'disqualify', { reason: 'no-timeline', note: 'maybe next year' });
    const lead = await read(id);
    expect(lead).toMatchObject({ status: 'disqualified', revision: 1 });
    expect(lead.disqualification).toMatchObject({ reason: 'no-timeline', note: 'maybe next year' });
    await onLead(subject(), id, 'reopen');
    expect(await read(id)).toMatchObject({ status: 'new', revision: 2, disqualification: null });
    await onLead(subject(), id, 'disqualify', { reason: 'other' });
    const types = (await eventsOf(subject(), 'leads', id)).map(({ type, data }) => ({ type, data }));
    expect(types.slice(1)).toEqual([
      { type: 'LeadDisqualified', data: { reason: 'no-timeline', note: SEALED } },
      { type: 'LeadReopened', data: {} },
      { type: 'LeadDisqualified', data: { reason: 'other', note: null } },
    ]);
  });

  it.each(['no-budget', 'no-authority', 'no-need', 'bad-fit', 'unreachable', 'duplicate'])(
    'know the reason %s',
    async (reason) => {
      const { id } = await captureLead(subject());
      await onLead(subject(), id, 'disqualify', { reason });
      expect((await read(id)).disqualification).toMatchObject({ reason, note: null });
    },
  );

  it('are nurtured until a day that is not past', async () => {
    const { id } = await captureLead(subject());
    const civil = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const nurture = (followUpOn: unknown) => subject().post(`/v1/leads/${id}/nurture`, { followUpOn });
    expectProblem(await nurture(civil(-2)), 409, 'date-in-past');
    for (const wrong of ['soon', null, '2024-13-01']) expectInvalid(await nurture(wrong), '/followUpOn');
    await done(nurture(civil(30)));
    expect(await read(id)).toMatchObject({ status: 'nurturing', followUpOn: civil(30) });
    expect((await eventsOf(subject(), 'leads', id))[1]).toMatchObject({
      type: 'LeadNurtured',
      data: { followUpOn: civil(30) },
    });
    await onLead(subject(), id, 'reopen');
    expect((await read(id)).status).toBe('new');
  });

  it('go only where their status lets them', async () => {
    const commands: Record<string, object> = {
      qualify: { criteria: CRITERIA },
      disqualify: { reason: 'other' },
      nurture: { followUpOn: '2199-01-01' },
      reopen: {},
      convert: { pipelineId: '01890f3a-7c4e-7abc-8def-0123456789ae' },
    };
    const refused = async (id: string, command: string, status: string, allowed: string[]) => {
      const answer = await subject().post(`/v1/leads/${id}/${command}`, commands[command]);
      const named = expect.arrayContaining(allowed);
      expectProblem(answer, 409, 'wrong-status', { status, allowed: named });
      expect(answer.body.data.allowed).toHaveLength(allowed.length);
    };
    const { id } = await captureLead(subject());
    await refused(id, 'reopen', 'new', ['disqualified', 'nurturing', 'archived']);
    await refused(id, 'convert', 'new', ['qualified']);
    await onLead(subject(), id, 'nurture', commands['nurture']);
    await refused(id, 'convert', 'nurturing', ['qualified']);
    await onLead(subject(), id, 'qualify', commands['qualify']);
    await refused(id, 'reopen', 'qualified', ['disqualified', 'nurturing', 'archived']);
    await onLead(subject(), id, 'nurture', commands['nurture']);
    await onLead(subject(), id, 'disqualify', commands['disqualify']);
    await refused(id, 'convert', 'disqualified', ['qualified']);
    await refused(id, 'qualify', 'disqualified', ['new', 'nurturing', 'qualified']);
    await onLead(subject(), id, 'edit', { title: 'still editable' });
    await onLead(subject(), id, 'add-note', { text: 'still noted' });
  });

  it('change in the order of their times', async () => {
    const { id } = await captureLead(subject(), { occurredAt: day(5) });
    const at = (command: string, body: object, days: number) =>
      subject().post(`/v1/leads/${id}/${command}`, { ...body, occurredAt: day(days) });
    expectProblem(await at('disqualify', { reason: 'other' }, 4), 409, 'out-of-order', {
      revision: 0,
      type: 'LeadCaptured',
      occurredAt: day(5),
    });
    await done(at('disqualify', { reason: 'other' }, 7));
    expectProblem(await at('reopen', {}, 6), 409, 'out-of-order', {
      revision: 1,
      type: 'LeadDisqualified',
      occurredAt: day(7),
    });
    await done(at('reopen', {}, 7));
  });
}
