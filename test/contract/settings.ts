import { done, expectInvalid, expectProblem } from './shapes.js';
import type { Subject } from './session.js';

/** The settings are one for the whole server: what is set here is set back, so that the other chapters find the defaults. */
export function settings(subject: Subject): void {
  const set = (policy: string, body: unknown, headers = {}) =>
    subject().post(`/v1/settings/set-${policy}`, body, { headers });
  const get = async (query = '') => (await subject().get(`/v1/settings${query}`)).body;

  it('are the defaults before any are made', async () => {
    const answer = await subject().get('/v1/settings');
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, null]);
    expect(answer.body).toEqual({
      id: 'main',
      revision: null,
      asOf: null,
      timeZone: 'UTC',
      reportingCurrency: null,
      businessCalendar: { workingDays: [1, 2, 3, 4, 5], holidays: [] },
      qualificationPolicy: {
        version: 1,
        required: ['budget', 'authority', 'need', 'timeline'],
        icpRequired: false,
        questions: [],
      },
      scoringModel: { version: 0, rules: [] },
      lossReasons: ['price', 'competitor', 'no-budget', 'no-decision', 'timing', 'no-response', 'other'],
      disqualificationReasons: expect.arrayContaining(['bad-fit', 'duplicate']),
      churnReasons: ['price', 'competitor', 'closed', 'seasonal', 'service', 'other'],
      followUpPlans: { win: [], loss: [], churn: [], conversion: [] },
      targets: [],
      exchangeRates: [],
      spend: [],
    });
    expect((await subject().get('/v1/settings/events')).body).toEqual({ items: [], next: null });
  });

  it('have a revision, a history, and can be asked for as of a moment', async () => {
    const first = await set('time-zone', { timeZone: 'Europe/Berlin' });
    expect([first.status, first.body]).toEqual([200, { id: 'main', revision: 0, position: expect.any(String) }]);
    const between = new Date(Date.now() + 1).toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await set('time-zone', { timeZone: 'Asia/Tokyo' }, { 'If-Match': '"0"' });
    expect([second.status, second.body.revision, second.headers.get('etag')]).toEqual([200, 1, '"1"']);
    expect((await subject().get('/v1/settings')).headers.get('etag')).toBe('"1"');
    expect(await get()).toMatchObject({ revision: 1, timeZone: 'Asia/Tokyo' });
    expect(await get(`?asOf=${between}`)).toMatchObject({ revision: 0, asOf: between, timeZone: 'Europe/Berlin' });
    expect(await get('?asOf=2020-01-01T00:00:00Z')).toMatchObject({ revision: null, timeZone: 'UTC' });
    const stale = await set('time-zone', { timeZone: 'UTC' }, { 'If-Match': '"0"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale-revision']);
    expect(await done(set('time-zone', { timeZone: 'Asia/Tokyo' }))).toMatchObject({ revision: 1 });
    expect(await done(set('time-zone', { timeZone: 'UTC' }))).toMatchObject({ revision: 2 });
    const events = (await subject().get('/v1/settings/events?limit=2')).body;
    expect(events.items.map((event: { data: object }) => event.data)).toEqual([
      { timeZone: 'Europe/Berlin' },
      { timeZone: 'Asia/Tokyo' },
    ]);
    expect((await subject().get(`/v1/settings/events?after=${events.next}`)).body.items).toHaveLength(1);
  });

  it('say what is wrong with them, and where', async () => {
    expectInvalid(await set('time-zone', { timeZone: 'Europe/Atlantis' }), '/timeZone');
    expectInvalid(await set('time-zone', { timeZone: '+01:00' }), '/timeZone');
    expectInvalid(await set('time-zone', { timeZone: 'UTC', occurredAt: '2026-01-01T00:00:00Z' }), '/occurredAt');
    expectInvalid(await set('reporting-currency', { currency: 'EURO' }), '/currency');
    expectInvalid(await set('business-calendar', { workingDays: [0] }), '/workingDays');
    expectInvalid(await set('qualification-policy', { required: ['mood'] }), '/required');
    expectInvalid(await set('scoring-model', { rules: [{ rule: 'r', points: 1 }] }), '/rules/0');
    expectInvalid(await set('loss-reasons', { reasons: [] }), '/reasons');
    expectInvalid(await set('follow-up-plan', { on: 'birthday', activities: [] }), '/on');
    const yearly = { on: 'win', activities: [{ kind: 'call', subject: 'Well?', after: 'P1Y' }] };
    expectInvalid(await set('follow-up-plan', yearly), '/activities/0/after');
    expectInvalid(
      await set('targets', { targets: [{ key: 'k', metric: 'value-won', period: 'month', goal: 3 }] }),
      '/targets/0/goal',
    );
    const rate = { currency: 'USD', date: '2026-03-01', rate: '0.9' };
    expectInvalid(await set('exchange-rates', { rates: [rate] }), '/base');
    expectInvalid(await set('exchange-rates', { base: 'EUR', rates: [{ ...rate, rate: '1e2' }] }), '/rates/0/rate');
    expectInvalid(
      await set('spend', { entries: [{ kind: 'sales', month: '2026-3', amount: { amount: '1', currency: 'EUR' } }] }),
      '/entries/0/month',
    );
    expectProblem(await set('mood', { mood: 'good' }), 404, 'not-found');
    expectInvalid(await subject().get('/v1/settings/exchange-rates?from=2026-01-01&to=2028-01-01'), '?to');
  });

  it('say on which days business is done, from then on', async () => {
    const stages = [{ name: 'Offer', probability: 0.5, rottenAfter: { businessDays: 1 } }];
    const pipeline = await done(subject().post('/v1/pipelines', { name: 'C', stages }), 201);
    // A Tuesday.
    const deal = { title: 'D', pipelineId: pipeline.id, occurredAt: '2026-02-03T10:00:00Z' };
    const { id } = await done(subject().post('/v1/deals', deal), 201);
    const rotAt = async (query = '') => (await subject().get(`/v1/deals/${id}${query}`)).body.stall.rotAt;
    expect(await rotAt()).toBe('2026-02-04T10:00:00.000Z');
    const holidays = ['2026-02-04', '2026-02-05', '2026-12-25'];
    await done(set('business-calendar', { workingDays: [1, 2, 3, 4], holidays }));
    expect(await rotAt()).toBe('2026-02-09T10:00:00.000Z');
    expect(await rotAt('?asOf=2026-02-03T11:00:00Z')).toBe('2026-02-04T10:00:00.000Z');
    const board = (await subject().get(`/v1/boards/${pipeline.id}`)).body;
    expect(board.columns[0].cards).toMatchObject([{ id, rotAt: '2026-02-09T10:00:00.000Z' }]);
    await done(set('business-calendar', { workingDays: [1, 2, 3, 4, 5] }));
  });

  it('plan what follows a loss', async () => {
    const checkIn = { kind: 'call', subject: 'Check in', after: 'P3M' };
    await done(set('follow-up-plan', { on: 'loss', activities: [checkIn] }));
    const pipeline = await done(subject().post('/v1/pipelines', { name: 'F', template: 'startup' }), 201);
    const deal = { title: 'D', pipelineId: pipeline.id, occurredAt: '2025-11-01T10:00:00Z' };
    const { id } = await done(subject().post('/v1/deals', deal), 201);
    await done(subject().post(`/v1/deals/${id}/lose`, { reason: 'price', occurredAt: '2025-11-30T10:00:00Z' }));
    const planned = async () => (await subject().get(`/v1/deals/${id}`)).body.activities;
    while ((await planned()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const due = { kind: 'call', subject: 'Check in', dueAt: '2026-02-28T10:00:00.000Z' };
    expect(await planned()).toMatchObject([{ ...due, status: 'planned' }]);
    await done(set('follow-up-plan', { on: 'loss', activities: [] }));
  });

  it('give the reasons that are known to losing and disqualifying', async () => {
    const deal = async () => {
      const pipeline = await done(subject().post('/v1/pipelines', { name: 'R', template: 'startup' }), 201);
      return (await done(subject().post('/v1/deals', { title: 'D', pipelineId: pipeline.id }), 201)).id;
    };
    const before = (await get()).lossReasons;
    await done(set('loss-reasons', { reasons: ['too-late'] }));
    const id = await deal();
    expectProblem(await subject().post(`/v1/deals/${id}/lose`, { reason: 'price' }), 409, 'unknown-reason');
    await done(subject().post(`/v1/deals/${id}/lose`, { reason: 'too-late' }));
    await done(set('loss-reasons', { reasons: before }));
  });

  it('say what a qualification needs, and the lead keeps which version it was', async () => {
    const { version, ...policy } = (await get()).qualificationPolicy;
    const questions = [{ key: 'has-problem', text: 'Which?', required: true }];
    await done(set('qualification-policy', { required: ['need'], icpRequired: true, questions }));
    const lead = { title: 'L', person: { name: 'Ada' } };
    const id = (await done(subject().post('/v1/leads', lead), 201)).id;
    const need = { need: { confirmed: true } };
    const qualify = (body: object) => subject().post(`/v1/leads/${id}/qualify`, body);
    const refused = await qualify({ criteria: {} });
    expectProblem(refused, 409, 'criteria-not-met', { missing: ['need', 'icp-fit', 'has-problem'] });
    const answers = [{ question: 'has-problem', answer: 'leaks' }];
    await done(qualify({ criteria: need, icpFit: 'strong', answers }));
    const { qualification } = (await subject().get(`/v1/leads/${id}`)).body;
    expect(qualification.policyVersion).toBe(version + 1);
    await done(set('qualification-policy', policy));
    expect((await get()).qualificationPolicy).toEqual({ ...policy, version: version + 2 });
  });

  it('put the sums of a board into the reporting currency', async () => {
    const pipeline = await done(subject().post('/v1/pipelines', { name: 'M', template: 'traditional' }), 201);
    const open = (amount: string, currency: string) =>
      subject().post('/v1/deals', { title: 'D', pipelineId: pipeline.id, value: { amount, currency } });
    await done(open('100', 'EUR'), 201);
    await done(open('1000', 'JPY'), 201);
    const totals = async () => (await subject().get(`/v1/boards/${pipeline.id}`)).body.totals.reporting;
    expect(await totals()).toBeNull();
    await done(set('reporting-currency', { currency: 'EUR' }));
    const rateDate = new Date().toISOString().slice(0, 10);
    expect(await totals()).toEqual({
      currency: 'EUR',
      value: null,
      weightedValue: null,
      rateDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      missingRates: ['JPY'],
    });
    const rates = [
      { currency: 'JPY', date: '2020-01-01', rate: '0.008' },
      { currency: 'JPY', date: '2026-01-02', rate: '0.006' },
    ];
    await done(set('exchange-rates', { rates }));
    // 10 % of the first stage.
    expect(await totals()).toMatchObject({ value: '106.00', weightedValue: '10.60', missingRates: [] });
    expect((await totals()).rateDate >= rateDate).toBe(true);
    expect((await get()).exchangeRates).toEqual([{ base: 'EUR', currency: 'JPY', date: '2026-01-02', rate: '0.006' }]);
    const listed = await subject().get('/v1/settings/exchange-rates?from=2020-01-01&to=2020-02-01');
    expect(listed.body.items).toEqual([{ base: 'EUR', currency: 'JPY', date: '2020-01-01', rate: '0.008' }]);
    await done(set('exchange-rates', { rates: rates.map((rate) => ({ ...rate, rate: null })) }));
    await done(set('reporting-currency', { currency: null }));
  });
}
