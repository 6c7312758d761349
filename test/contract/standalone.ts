import { randomUUID } from 'node:crypto';
import type { Subject } from './session.js';
import { captureLead, createPipeline, openDeal } from './sales-floor.js';
import { done, expectInvalid, expectProblem, INSTANT, SEALED } from './shapes.js';

/** Activities of no deal and no lead. */
export function standaloneActivities(subject: Subject): void {
  const plan = (body: object = {}) =>
    subject().post('/v1/activities', { kind: 'call', subject: 'Prospecting', dueAt: '2026-01-05T09:00:00Z', ...body });
  const get = async (id: string) => (await subject().get(`/v1/activities/${id}`)).body;

  it('are planned, put off and done, once', async () => {
    const id = randomUUID();
    const first = await plan({ id, assigneeId: 'u-9', subject: 'Order brochures', kind: 'task' });
    expect([first.status, first.headers.get('location')]).toEqual([201, `/v1/activities/${id}`]);
    const path = `/v1/activities/${id}`;
    await done(subject().post(`${path}/reschedule`, { dueAt: '2026-01-06T10:00:00+01:00' }));
    const planned = await subject().get(path);
    expect(planned.headers.get('etag')).toBe('"1"');
    const what = { kind: 'task', subject: 'Order brochures', assigneeId: 'u-9', targetCount: null, recurrence: null };
    expect(planned.body).toEqual({
      ...{ id, revision: 1, ...what, status: 'planned', occurrence: null, dueAt: '2026-01-06T09:00:00.000Z' },
      ...{ cancelledOccurrences: [], timesDone: 0, counted: 0, lastDone: null },
    });
    await done(subject().post(`${path}/complete`, { outcome: 'ordered', note: '500', count: 2 }));
    const lastDone = { occurrence: null, doneAt: INSTANT, count: 2, outcome: 'ordered' };
    expect(await get(id)).toMatchObject({ status: 'done', dueAt: null, timesDone: 1, counted: 2, lastDone });
    expectProblem(await subject().post(`${path}/cancel`), 409, 'activity-done');
    expectProblem(await plan({ id }), 409, 'id-already-used');
    const { body: history } = await subject().get(`${path}/events?after=1`);
    expect(history.items).toMatchObject([{ type: 'OccurrenceCompleted', data: { outcome: SEALED, next: null } }]);
  });

  it('recur on weekdays, at the same local time', async () => {
    const recurrence = { frequency: 'weekdays', until: '2026-01-13' };
    const { id } = await done(plan({ targetCount: 60, recurrence }), 201);
    const path = `/v1/activities/${id}`;
    await done(subject().post(`${path}/complete`, { count: 57 }));
    await done(subject().post(`${path}/cancel`, { occurrence: '2026-01-07', reason: 'fair' }));
    const days = { days: [1, 2, 3, 4, 5], time: '09:00:00.000', tz: 'UTC', from: '2026-01-05', until: '2026-01-13' };
    expect(await get(id)).toMatchObject({
      ...{ status: 'planned', recurrence: days, occurrence: '2026-01-06', dueAt: '2026-01-06T09:00:00.000Z' },
      ...{ cancelledOccurrences: ['2026-01-07'], timesDone: 1, counted: 57, targetCount: 60 },
    });
    await done(subject().post(`${path}/complete`, {}));
    expect(await get(id)).toMatchObject({ occurrence: '2026-01-08' });
    await done(subject().post(`${path}/complete`, { occurrence: '2026-01-12' }));
    expectProblem(await subject().post(`${path}/complete`, { occurrence: '2026-01-09' }), 409, 'activity-done');
    expectProblem(await subject().post(`${path}/complete`, { occurrence: '2026-01-14' }), 409, 'unknown-activity');
    expect(await get(id)).toMatchObject({ occurrence: '2026-01-13', timesDone: 3 });
    await done(subject().post(`${path}/cancel`, {}));
    expect(await get(id)).toMatchObject({ status: 'cancelled', occurrence: null });
  });

  it('recur daily, and weekly on the day they begin on or on those that are named', async () => {
    const daysOf = async (recurrence: object) =>
      (await get((await done(plan({ recurrence }), 201)).id)).recurrence.days as unknown;
    expect(await daysOf({ frequency: 'daily' })).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await daysOf({ frequency: 'weekly' })).toEqual([1]);
    expect(await daysOf({ frequency: 'weekly', days: [4, 1] })).toEqual([1, 4]);
  });

  it('are listed with those of deals and leads, the first due on top', async () => {
    const assignee = `u-${randomUUID()}`;
    const mine = { kind: 'task', assigneeId: assignee };
    const once = await done(plan({ ...mine, subject: 'Third', dueAt: '2026-01-07T09:00:00Z' }), 201);
    const daily = { recurrence: { frequency: 'daily' }, targetCount: 60, dueAt: '2026-01-06T09:00:00Z' };
    const series = await done(plan({ ...mine, kind: 'call', subject: 'Second', ...daily }), 201);
    const { id: leadId } = await captureLead(subject());
    const onLead = { ...mine, subject: 'Last', dueAt: '2099-01-08T09:00:00Z' };
    const { activityId } = await done(subject().post(`/v1/leads/${leadId}/plan-activity`, onLead));
    const pipeline = await createPipeline(subject(), [{ name: 'Open', probability: 0.5 }]);
    const { id: dealId } = await openDeal(subject(), pipeline);
    const onDeal = { ...mine, kind: 'demo', subject: 'First', dueAt: '2026-01-05T09:00:00+01:00' };
    const last = await done(subject().post(`/v1/deals/${dealId}/plan-activity`, onDeal));

    const headers = { 'After-Position': last.position, Prefer: 'wait=10' };
    const list = async (query = '') =>
      (await done(subject().get(`/v1/activities?assignee=${assignee}${query}`, { headers }))) as {
        items: any[];
        next: string | null;
      };
    const subjects = async (query = '') => (await list(query)).items.map((item) => item.subject as string);
    const all = await list();
    expect(all.items.map((item) => item.subject)).toEqual(['First', 'Second', 'Third', 'Last']);
    expect(all.items[0]).toEqual({
      ...{ activityId: last.activityId, dealId, leadId: null, kind: 'demo', subject: 'First', status: 'planned' },
      ...{ dueAt: '2026-01-05T08:00:00.000Z', overdue: true, assigneeId: assignee, doneAt: null, outcome: null },
      ...{ occurrence: null, targetCount: null },
    });
    expect(all.items[1]).toMatchObject({ activityId: series.id, occurrence: '2026-01-06', targetCount: 60 });
    expect(all.items[3]).toMatchObject({ activityId, leadId, dealId: null, overdue: false });
    expect(await subjects('&status=overdue')).toEqual(['First', 'Second', 'Third']);
    expect(await subjects('&kind=demo&kind=call')).toEqual(['First', 'Second']);
    expect(await subjects(`&deal=${dealId}`)).toEqual(['First']);
    expect(await subjects(`&lead=${leadId}&status=due`)).toEqual([]);
    expect(await subjects('&dueFrom=2026-01-06&dueTo=2026-01-07')).toEqual(['Second']);
    const page = await list('&limit=3');
    expect(await subjects(`&limit=3&cursor=${page.next}`)).toEqual(['Last']);
    expectInvalid(await subject().get(`/v1/activities?cursor=${page.next}`), '?cursor');

    const { position } = await done(subject().post(`/v1/activities/${once.id}/complete`, { outcome: 'sold' }));
    headers['After-Position'] = position;
    expect((await list('&status=done')).items).toMatchObject([
      { activityId: once.id, outcome: 'sold', doneAt: INSTANT },
    ]);
    expect(await subjects()).toEqual(['First', 'Second', 'Last']);
    expectInvalid(await subject().get('/v1/activities?status=asleep'), '?status');
    expectInvalid(await subject().get('/v1/activities?deal=boiler'), '?deal');
    expectProblem(await subject().get('/v1/activities?owner=u-1'), 400, 'unknown-parameter');
  });

  it('are announced in the feed when they fall due, once', async () => {
    const { id, position } = await done(plan(), 201);
    const feed = `/v1/events?category=alert&type=ActivityDue&after=${position}`;
    const announced = async () => {
      const lines = String((await subject().get(feed)).body).split('\n');
      const events = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
      return events.filter(({ data }) => data.activityId === id);
    };
    while ((await announced()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    // Far more than a look of the announcer later.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const due = { dealId: null, leadId: null, kind: 'call', occurrence: null, dueAt: '2026-01-05T09:00:00.000Z' };
    expect(await announced()).toMatchObject([{ data: due, metadata: { actor: { kind: 'reactor' } } }]);
  });

  it('are planned and done once under one key', async () => {
    const key = randomUUID();
    const headers = { 'Idempotency-Key': key };
    const body = { kind: 'call', subject: 'Once', dueAt: '2026-01-05T09:00:00Z', recurrence: { frequency: 'daily' } };
    const [first, again] = [
      await subject().post('/v1/activities', body, { headers }),
      await subject().post('/v1/activities', body, { headers }),
    ];
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
    const complete = () => subject().post(`/v1/activities/${first.body.id}/complete`, { count: 1 }, { headers });
    expect((await complete()).body).toEqual((await complete()).body);
    expect(await get(first.body.id)).toMatchObject({ timesDone: 1, occurrence: '2026-01-06' });
  });

  it('are refused with what is wrong', async () => {
    expectInvalid(await plan({ kind: 'nap' }), '/kind');
    expectInvalid(await plan({ dueAt: '2026-01-05' }), '/dueAt');
    expectInvalid(await plan({ targetCount: 0 }), '/targetCount');
    expectInvalid(await plan({ recurrence: { frequency: 'yearly' } }), '/recurrence/frequency');
    expectInvalid(await plan({ recurrence: { frequency: 'daily', days: [1] } }), '/recurrence/days');
    expectInvalid(await plan({ recurrence: { frequency: 'weekly', days: [] } }), '/recurrence/days');
    expectInvalid(await plan({ recurrence: { frequency: 'weekly', days: [2] } }), '/dueAt');
    expectInvalid(await plan({ recurrence: { frequency: 'daily', until: '2026-01-04' } }), '/recurrence/until');
    const { id } = await done(plan({ dueAt: '2099-01-05T09:00:00Z', recurrence: { frequency: 'daily' } }), 201);
    const at = (command: string, body: object) => subject().post(`/v1/activities/${id}/${command}`, body);
    expectInvalid(await at('complete', { occurrence: '2099-01-06' }), '/occurrence');
    expectInvalid(await at('complete', { count: -1 }), '/count');
    expectInvalid(await at('reschedule', { dueAt: '2099-01-06T09:00:00Z' }), '/dueAt');
    expectProblem(await at('cancel', { occurrence: '2099-01-04' }), 409, 'unknown-activity');
    const nowhere = `/v1/activities/${randomUUID()}`;
    expectProblem(await subject().get(nowhere), 404, 'not-found');
    expectProblem(await subject().get(`${nowhere}/events`), 404, 'not-found');
    expectProblem(await subject().post(`${nowhere}/complete`, {}), 404, 'not-found');
  });
}
