import { randomUUID } from 'node:crypto';
import { captureLead, onLead, qualifiedLead } from './sales-floor.js';
import type { Subject } from './session.js';
import { done, eur, expectInvalid, expectProblem, INSTANT, UUID } from './shapes.js';

export function leadUpkeep(subject: Subject): void {
  const read = async (id: string): Promise<any> => (await subject().get(`/v1/leads/${id}`)).body;
  const post = (id: string, command: string, body: object = {}) => subject().post(`/v1/leads/${id}/${command}`, body);

  it('are assigned, labelled, linked and archived', async () => {
    const { id } = await captureLead(subject(), { labels: ['hot'], ownerId: 'u-1' });
    await done(post(id, 'assign', { ownerId: 'u-2' }));
    await done(post(id, 'label', { add: ['vip'], remove: ['hot'] }));
    await done(post(id, 'link-contact', { organization: { name: 'Acme', phones: ['+49 30 1'] } }));
    const person = randomUUID();
    await done(subject().post('/v1/people', { id: person, name: 'Bo' }), 201);
    await done(post(id, 'link-contact', { person: { id: person } }));
    expect(await read(id)).toMatchObject({
      revision: 4,
      ownerId: 'u-2',
      labels: ['vip'],
      person: { id: person, name: 'Bo' },
      organization: { id: UUID, name: 'Acme', emails: [], phones: ['+49 30 1'] },
    });
    expect((await done(post(id, 'archive'))).revision).toBe(5);
    expect((await done(post(id, 'archive'))).revision).toBe(5);
    const allowed = ['new', 'nurturing', 'qualified', 'disqualified'];
    expectProblem(await post(id, 'assign', { ownerId: 'u-3' }), 409, 'wrong-status', { status: 'archived', allowed });
    const { items } = await done(subject().get(`/v1/leads?status=archived&owner=u-2&label=vip`));
    expect(items.map((item: any) => item.id)).toContain(id);
    await done(post(id, 'reopen'));
    expect(await read(id)).toMatchObject({ status: 'new', ownerId: 'u-2' });
  });

  it('have activities', async () => {
    const { id } = await captureLead(subject());
    const plan = { kind: 'call', subject: 'Ask', dueAt: '2030-01-01T09:00:00+01:00', assigneeId: 'u-9' };
    const { activityId } = await done(post(id, 'plan-activity', plan));
    await done(post(id, 'reschedule-activity', { activityId, dueAt: '2030-01-02T09:00:00Z' }));
    await done(post(id, 'complete-activity', { activityId, outcome: 'asked' }));
    expect((await read(id)).activities).toEqual([
      {
        activityId,
        kind: 'call',
        outcome: 'asked',
        subject: 'Ask',
        status: 'done',
        dueAt: '2030-01-02T09:00:00.000Z',
        assigneeId: 'u-9',
        doneAt: INSTANT,
      },
    ]);
    expectProblem(await post(id, 'cancel-activity', { activityId }), 409, 'activity-done');
    expectProblem(await post(id, 'cancel-activity', { activityId: randomUUID() }), 409, 'unknown-activity');
    const { items } = await done(subject().get(`/v1/leads/${id}/timeline`));
    expect(items[0]).toMatchObject({ type: 'ActivityCompleted', text: 'asked' });
  });

  it('know who asks, about which products, and who sent them', async () => {
    const [product, referrer] = [randomUUID(), randomUUID()];
    await done(subject().post('/v1/products', { id: product, name: 'Boiler', prices: [eur('1')] }), 201);
    await done(subject().post('/v1/people', { id: referrer, name: 'Zoe' }), 201);
    const told = { attributes: { industry: 'energy' }, products: [product], referredBy: referrer };
    const { id } = await captureLead(subject(), told);
    expect(await read(id)).toMatchObject(told);
    const capture = (more: object) => subject().post('/v1/leads', { title: 'x', person: { name: 'A' }, ...more });
    expectProblem(await capture({ products: [randomUUID()] }), 409, 'unknown-product');
    await done(subject().post(`/v1/products/${product}/retire`));
    expectProblem(await capture({ products: [product] }), 409, 'unknown-product');
    expectInvalid(await capture({ referredBy: randomUUID() }), '/referredBy');
    expectInvalid(await capture({ attributes: { size: 250 } }), '/attributes/size');
    expectInvalid(await capture({ attributes: ['x'] }), '/attributes');
  });

  it('show interest, and their score says what it is made of', async () => {
    const rules = [
      { rule: 'priced', points: 20, engagement: 'pricing-page-seen', atMost: 1 },
      { rule: 'energy', points: 15, attribute: 'industry', in: ['energy'] },
    ];
    await done(subject().post('/v1/settings/set-scoring-model', { rules }));
    const { version } = (await subject().get('/v1/settings')).body.scoringModel;
    const id = await qualifiedLead(subject(), { attributes: { industry: 'energy' } });
    await onLead(subject(), id, 'record-engagement', { kind: 'pricing-page-seen', detail: '/prices' });
    await onLead(subject(), id, 'record-engagement', { kind: 'pricing-page-seen' });
    expect((await read(id)).score).toEqual({
      total: 35,
      modelVersion: version,
      parts: [
        { rule: 'priced', points: 20, count: 1, revision: 3 },
        { rule: 'energy', points: 15, count: 1, revision: 0 },
      ],
    });
    await done(subject().post('/v1/settings/set-scoring-model', { rules: [] }));
    expect((await read(id)).score).toEqual({ total: 0, modelVersion: version + 1, parts: [] });
    expectInvalid(await post(id, 'record-engagement', { kind: 'sneezed' }), '/kind');
  });

  it('are listed by score under the model in force, without a new event', async () => {
    const label = `l-${randomUUID()}`;
    const lead = async (attributes: object): Promise<string> =>
      (await captureLead(subject(), { labels: [label], attributes })).id;
    const [small, large, other] = [await lead({ size: 's' }), await lead({ size: 'l' }), await lead({})];
    const set = async (s: number, l: number): Promise<number> => {
      const rules = [
        { rule: 'small', points: s, attribute: 'size', in: ['s'] },
        { rule: 'large', points: l, attribute: 'size', in: ['l'] },
      ];
      await done(subject().post('/v1/settings/set-scoring-model', { rules }));
      return (await subject().get('/v1/settings')).body.scoringModel.version;
    };
    const list = (more = '') => done(subject().get(`/v1/leads?label=${label}&sort=-score${more}`));
    /** The list once it is under the model. */
    const under = async (version: number): Promise<any> => {
      for (;;) {
        const page = await list();
        if (page.items[0].score.modelVersion === version) return page;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const totals = (page: any) => page.items.map((item: any) => [item.id, item.score.total]);
    const first = await set(1, 2);
    expect(totals(await under(first))).toEqual([
      [large, 2],
      [small, 1],
      [other, 0],
    ]);
    const { next } = await list('&limit=1');
    expect(totals(await list(`&limit=1&cursor=${next}`))).toEqual([[small, 1]]);
    const ascending = await done(subject().get(`/v1/leads?label=${label}&sort=score&status=new`));
    expect(totals(ascending).map(([id]: any) => id)).toEqual([other, small, large]);

    const second = await set(-1, -2);
    expect(totals(await under(second))).toEqual([
      [other, 0],
      [small, -1],
      [large, -2],
    ]);
    const late = await subject().get(`/v1/leads?label=${label}&sort=-score&limit=1&cursor=${next}`);
    expect([late.status, late.body.code]).toEqual([400, 'cursor-expired']);
    expect((await read(large)).revision).toBe(0);
    await done(subject().post('/v1/settings/set-scoring-model', { rules: [] }));
  });
}
