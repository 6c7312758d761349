import { randomUUID } from 'node:crypto';
import { qualifiedLead } from './sales-floor.js';
import type { Subject } from './session.js';
import { ACTOR, done, expectInvalid, expectProblem, INSTANT } from './shapes.js';

export function contacts(subject: Subject): void {
  const post = (path: string, body: object, headers = {}) => subject().post(path, body, { headers });
  const get = async (path: string) => (await subject().get(path)).body;
  /** A name that nobody else has. */
  const name = () => `N ${randomUUID()}`;
  const person = async (body: object): Promise<string> =>
    (await done(post('/v1/people', { name: name(), ...body }), 201)).id;
  const organization = async (body: object = {}): Promise<string> =>
    (await done(post('/v1/organizations', { name: name(), ...body }), 201)).id;

  it('are registered and edited', async () => {
    const [id, acme, called] = [randomUUID(), name(), name()];
    const employer = await organization({ name: acme });
    const answer = await post('/v1/people', { id, name: called, emails: ['a@x.test'], organizationId: employer });
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `/v1/people/${id}`]);
    const one = await subject().get(`/v1/people/${id}`);
    expect(one.headers.get('etag')).toBe('"0"');
    expect(one.body).toEqual({
      id,
      revision: 0,
      name: called,
      emails: ['a@x.test'],
      phones: [],
      organization: { id: employer, name: acme },
      mergedInto: null,
      erased: false,
      merged: [],
      likelyDuplicates: [],
    });
    await done(post(`/v1/people/${id}/edit`, { phones: ['+49 30 99'], organizationId: null }));
    expect(await get(`/v1/people/${id}`)).toMatchObject({ revision: 1, organization: null, phones: ['+49 30 99'] });
    const organizations = await get(`/v1/organizations/${employer}`);
    expect(organizations).toEqual({
      id: employer,
      revision: 0,
      name: acme,
      emails: [],
      phones: [],
      mergedInto: null,
      erased: false,
      merged: [],
      likelyDuplicates: [],
    });
  });

  it('are listed by name, and found by a part of anything', async () => {
    const mark = randomUUID();
    const employer = await organization({ name: `Works ${mark}` });
    const [b, a] = [
      await person({ name: `Zoe ${mark}`, organizationId: employer }),
      await person({ name: `Abel ${mark}`, emails: [`abel@${mark}.test`] }),
    ];
    const ids = async (query: string) => (await get(`/v1/people?${query}`)).items.map((item: any) => item.id);
    expect(await ids(`q=${mark}`)).toEqual([a, b]);
    expect(await ids(`q=ABEL@${mark}`)).toEqual([a]);
    expect(await ids(`organization=${employer}`)).toEqual([b]);
    const page = await get(`/v1/people?q=${mark}&limit=1`);
    expect(page.items).toHaveLength(1);
    expect(await ids(`q=${mark}&limit=1&cursor=${page.next}`)).toEqual([b]);
  });

  it('name their likely duplicates, and what they have in common', async () => {
    const [mail, called, employer] = [`${randomUUID()}@x.test`, name(), await organization()];
    const number = `+4930${Math.floor(1_000_000 + Math.random() * 8_999_999)}`;
    const known = await person({ name: called, emails: [mail], phones: [number], organizationId: employer });
    const twin = await person({
      name: called.toUpperCase(),
      emails: [` ${mail.toUpperCase()}`],
      phones: [`${number.slice(0, 5)} ${number.slice(5)}`],
      organizationId: employer,
    });
    const colleague = await person({ name: name(), organizationId: employer });
    expect((await get(`/v1/people/${twin}`)).likelyDuplicates).toEqual([
      { id: known, name: called, matchedOn: ['email', 'name', 'phone'] },
    ]);
    expect((await get(`/v1/people/${colleague}`)).likelyDuplicates).toEqual([]);
    const [one, same] = [
      await organization({ name: `Acme ${called}` }),
      await organization({ name: `ACME, ${called}` }),
    ];
    expect((await get(`/v1/organizations/${one}`)).likelyDuplicates).toMatchObject([{ id: same, matchedOn: ['name'] }]);
  });

  it('are merged and unmerged, and both streams stay whole', async () => {
    const mail = `${randomUUID()}@x.test`;
    const survivor = await person({ emails: [mail] });
    const called = name();
    const other = await person({ name: called, emails: [mail] });
    const merged = await done(post(`/v1/people/${survivor}/merge`, { otherId: other }));
    expect(merged).toEqual({ id: survivor, revision: 2, position: expect.any(String) });
    expect(await get(`/v1/people/${survivor}`)).toMatchObject({
      merged: [{ id: other, name: called, emails: [mail], phones: [] }],
      likelyDuplicates: [],
    });
    expect(await get(`/v1/people/${other}`)).toMatchObject({ mergedInto: survivor, likelyDuplicates: [] });
    expect((await get(`/v1/people?q=${mail}`)).items).toMatchObject([{ id: survivor }]);
    // What has its address is likely the survivor.
    const third = await person({ emails: [mail] });
    expect((await get(`/v1/people/${third}`)).likelyDuplicates).toMatchObject([{ id: survivor }]);

    expect(await done(post(`/v1/people/${survivor}/merge`, { otherId: other }))).toMatchObject({ revision: 2 });
    expectProblem(await post(`/v1/people/${third}/merge`, { otherId: other }), 409, 'already-merged');
    expectProblem(await post(`/v1/people/${other}/merge`, { otherId: third }), 409, 'already-merged');
    const late = await post(`/v1/people/${other}/edit`, { name: 'X' });
    expectProblem(late, 409, 'wrong-status', { status: 'merged', allowed: ['active'] });

    await done(post(`/v1/people/${survivor}/unmerge`, { otherId: other }));
    expect(await get(`/v1/people/${survivor}`)).toMatchObject({ revision: 4, merged: [] });
    expect(await get(`/v1/people/${other}`)).toMatchObject({ mergedInto: null, name: called });
    const again = await post(`/v1/people/${survivor}/unmerge`, { otherId: other });
    expectProblem(again, 409, 'wrong-status', { status: 'active', allowed: ['merged'] });
    const types = (await get(`/v1/people/${other}/events`)).items.map((event: any) => event.type);
    expect(types).toEqual(['PersonRegistered', 'ContactMergedInto', 'ContactUnmerged']);
  });

  it('are merged once under one key', async () => {
    const [survivor, other] = [await person({}), await person({})];
    const merge = () => post(`/v1/people/${survivor}/merge`, { otherId: other }, { 'Idempotency-Key': 'merge' });
    const answers = await Promise.all(Array.from({ length: 10 }, merge));
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      answers.map(() => [200, { id: survivor, revision: 2, position: expect.any(String) }]),
    );
    expect((await get(`/v1/people/${survivor}/events`)).items).toHaveLength(3);
    expect((await get(`/v1/people/${other}/events`)).items).toHaveLength(2);
  });

  it('never end in a circle, however many merge them at once', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => person({})));
    const pairs = ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => [a, b] as const));
    const answers = await Promise.all(
      [...pairs, ...pairs].map(([a, b]) => post(`/v1/people/${a}/merge`, { otherId: b })),
    );
    for (const { status, body } of answers) {
      expect(status === 200 || ['already-merged', 'conflict'].includes(body.code as string)).toBe(true);
    }
    const people = new Map<string, any>();
    for (const id of ids) people.set(id, await get(`/v1/people/${id}`));
    for (const [id, one] of people) {
      for (const { id: other } of one.merged) expect(people.get(other as string).mergedInto).toBe(id);
      if (one.mergedInto !== null) {
        expect(people.get(one.mergedInto as string).merged.map((each: any) => each.id)).toContain(id);
      }
      const met = new Set<string>();
      for (let at: string | null = id; at !== null; at = people.get(at).mergedInto as string | null) {
        expect(met).not.toContain(at);
        met.add(at);
      }
      const events = (await get(`/v1/people/${id}/events`)).items.map((event: any) => event.type as string);
      const started = events.filter((type: string) => type === 'ContactMergeStarted').length;
      const ended = events.filter((type: string) => /^ContactMerge(?:Completed|Abandoned)$/u.test(type)).length;
      expect(ended).toBe(started);
    }
  });

  it('have a timeline of all that they take part in', async () => {
    const [ada, twin, mail] = [await person({}), await person({}), `${randomUUID()}@x.test`];
    const lead = await done(post('/v1/leads', { title: 'L', person: { id: ada } }), 201);
    await done(post(`/v1/leads/${lead.id}/add-note`, { text: 'asked for a price' }));
    const pipeline = await done(post('/v1/pipelines', { name: mail, template: 'startup' }), 201);
    const deal = await done(post('/v1/deals', { title: 'D', pipelineId: pipeline.id, personId: twin }), 201);
    await done(post(`/v1/people/${ada}/merge`, { otherId: twin }));
    const { items, next } = await get(`/v1/people/${ada}/timeline`);
    expect(next).toBeNull();
    expect(items.map((item: any) => [item.type, item.of.kind, item.of.id])).toEqual([
      ['ContactMergeCompleted', 'person', ada],
      ['ContactMergedInto', 'person', twin],
      ['ContactMergeStarted', 'person', ada],
      ['DealOpened', 'deal', deal.id],
      ['LeadNoteAdded', 'lead', lead.id],
      ['LeadCaptured', 'lead', lead.id],
      ['PersonRegistered', 'person', twin],
      ['PersonRegistered', 'person', ada],
    ]);
    expect(items[4]).toEqual({
      occurredAt: INSTANT,
      recordedAt: INSTANT,
      type: 'LeadNoteAdded',
      actor: ACTOR,
      revision: 1,
      text: 'asked for a price',
      lead: true,
      of: { kind: 'lead', id: lead.id },
    });
    const paged: any[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: any = await get(`/v1/people/${ada}/timeline?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...page.items);
      cursor = page.next;
    }
    expect(paged).toEqual(items);
  });

  describe('of a lead that is converted', () => {
    const mails = () => `${randomUUID()}@x.test`;
    let pipelineId: string;
    beforeAll(async () => {
      pipelineId = (await done(post('/v1/pipelines', { name: name(), template: 'startup' }), 201)).id;
    });
    const convert = (lead: string, contacts?: object) =>
      post(`/v1/leads/${lead}/convert`, { pipelineId, ...(contacts === undefined ? {} : { contacts }) });

    it('are asked about when they are likely registered, and then used', async () => {
      const [mail, company] = [mails(), name()];
      const ada = await person({ name: 'Ada Byron', emails: [mail] });
      const acme = await organization({ name: company });
      const inline = { person: { name: 'A. Byron', emails: [mail] }, organization: { name: company.toUpperCase() } };
      const lead = await qualifiedLead(subject(), inline);
      await get(`/v1/people/${ada}`);
      expectProblem(await convert(lead), 409, 'duplicate-contact', {
        person: { candidates: [{ id: ada, name: 'Ada Byron', matchedOn: ['email'] }] },
        organization: { candidates: [{ id: acme, name: company, matchedOn: ['name'] }] },
      });
      const half = await convert(lead, { person: { use: ada } });
      expect([half.status, half.body.data.person]).toEqual([409, null]);
      const answer = await done(convert(lead, { person: { use: ada }, organization: { use: acme } }), 201);
      expect(answer).toMatchObject({ personId: ada, organizationId: acme });
    });

    it('are registered all the same when that is said', async () => {
      const mail = mails();
      const ada = await person({ emails: [mail] });
      const phones = ['+49 30 1234567'];
      const lead = await qualifiedLead(subject(), { person: { name: 'A. Byron', emails: [mail], phones } });
      const { personId } = await done(convert(lead, { person: { create: true } }), 201);
      expect(personId).not.toBe(ada);
      expect((await get(`/v1/people/${personId}`)).likelyDuplicates).toMatchObject([{ id: ada }]);
    });

    it('are merged into the registered one, which takes in what it has not', async () => {
      const mail = mails();
      const [ada, twin] = [await person({ emails: [mail], phones: ['+49 30 1234567'] }), await person({})];
      await done(post(`/v1/people/${ada}/merge`, { otherId: twin }));
      const phones = ['+49301234567', '+49 40 7654321'];
      const details = { name: 'A. Byron', emails: [mail.toUpperCase(), 'other@x.test'], phones };
      const lead = await qualifiedLead(subject(), { person: details });
      // The one that was merged stands for its survivor.
      const path = `/v1/leads/${lead}/convert`;
      const body = { pipelineId, contacts: { person: { merge: twin } } };
      const key = { 'Idempotency-Key': 'convert' };
      const answers = [await done(post(path, body, key), 201), await done(post(path, body, key), 201)];
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0].personId).toBe(ada);
      expect(await get(`/v1/people/${ada}`)).toMatchObject({
        revision: 3,
        emails: [mail, 'other@x.test'],
        phones: ['+49 30 1234567', '+49 40 7654321'],
      });
    });

    it('have to be somebody, in one way', async () => {
      const lead = await qualifiedLead(subject());
      expectInvalid(await convert(lead, { person: { use: randomUUID() } }), '/contacts/person/use');
      expectInvalid(await convert(lead, { person: { merge: randomUUID() } }), '/contacts/person/merge');
      const both = { use: randomUUID(), create: true };
      expectInvalid(await convert(lead, { person: both }), '/contacts/person');
      expectInvalid(await convert(lead, { organization: {} }), '/contacts/organization');
    });
  });

  it('are refused with what is wrong', async () => {
    const id = await person({});
    expectInvalid(await post('/v1/people', { name: '' }), '/name');
    expectInvalid(await post('/v1/people', { name: 'A', emails: [''] }), '/emails/0');
    expectInvalid(await post('/v1/people', { name: 'A', organizationId: randomUUID() }), '/organizationId');
    const employer = await organization();
    expectInvalid(await post('/v1/organizations', { name: 'A', organizationId: employer }), '/organizationId');
    expectInvalid(await post(`/v1/people/${id}/merge`, { otherId: id }), '/otherId');
    expectProblem(await post('/v1/people', { id, name: 'A' }), 409, 'id-already-used');
    expectProblem(await post(`/v1/people/${id}/merge`, { otherId: randomUUID() }), 404, 'not-found');
    expectProblem(await subject().get(`/v1/people/${employer}`), 404, 'not-found');
    expectProblem(await subject().get(`/v1/people/${employer}/timeline`), 404, 'not-found');
    expect((await subject().get('/v1/organizations?organization=x')).body.code).toBe('unknown-parameter');
  });
}
