import { createPipeline, dealNow, eventsOf, onDeal, openDeal, type Pipeline } from './sales-floor.js';
import { done, expectInvalid, expectProblem, INSTANT, NUMBER, POSITION, UUID, SEALED } from './shapes.js';
import { type Subject } from './session.js';

const DAY = 86_400_000;
/** Days from now: activities are about the days to come. */
const ahead = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';

export function activities(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [
      { name: 'Talk', probability: 0.1, rottenAfter: 'P14D', coverHorizon: 'P7D' },
      { name: 'Demo', probability: 0.4, gates: [{ type: 'activity', kind: 'demo' }] },
    ]);
  });
  const command = (id: string, name: string, body: object, options = {}) =>
    subject().post(`/v1/deals/${id}/${name}`, body, options);

  describe('of a deal', () => {
    it('are planned, put off and done, each answered with its id', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const dueAt = ahead(3);
      const plan = { kind: 'demo', subject: 'Show it', dueAt };
      const answer = await onDeal(subject(), id, 'plan-activity', plan);
      expect(answer).toEqual({ id, revision: 1, position: POSITION, activityId: UUID });
      const { activityId } = answer;
      const { activities: planned, ownerId } = await dealNow(subject(), id);
      const activity = { activityId, ...plan, status: 'planned', assigneeId: ownerId, doneAt: null, outcome: null };
      expect(planned).toEqual([activity]);

      const later = ahead(5);
      const moved = await onDeal(subject(), id, 'reschedule-activity', { activityId, dueAt: later });
      expect(moved).toEqual({ id, revision: 2, position: POSITION, activityId });
      const same = await onDeal(subject(), id, 'reschedule-activity', { activityId, dueAt: later });
      expect(same).toEqual(moved);
      const came = { outcome: 'offer asked for', note: 'went well' };
      expect((await onDeal(subject(), id, 'complete-activity', { activityId, ...came })).revision).toBe(3);
      const after = await dealNow(subject(), id);
      const isDone = { status: 'done', doneAt: INSTANT, outcome: 'offer asked for' };
      expect(after.activities).toEqual([{ ...activity, dueAt: later, ...isDone }]);
      expect(after.stall.lastTouch).toMatchObject({ type: 'ActivityCompleted', revision: 3 });
      expect((await dealNow(subject(), id, '?atRevision=1')).activities).toEqual([activity]);
      const past = await dealNow(subject(), id, `?asOf=${after.openedAt}`);
      expect(past.activities).toEqual([]);

      const told = await eventsOf(subject(), 'deals', id);
      expect(told.slice(1).map(({ type, data }: any) => [type, data])).toEqual([
        ['ActivityPlanned', { activityId, ...plan, subject: SEALED, assigneeId: ownerId }],
        ['ActivityRescheduled', { activityId, dueAt: later }],
        ['ActivityCompleted', { activityId, outcome: SEALED, note: SEALED }],
      ]);
      const { items } = await done(subject().get(`/v1/deals/${id}/timeline`));
      expect(items.slice(0, 3).map(({ type, text }: any) => [type, text])).toEqual([
        ['ActivityCompleted', 'went well'],
        ['ActivityRescheduled', null],
        ['ActivityPlanned', 'Show it'],
      ]);
    });

    it('have the id that the client gives, and the same one in a replay', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const key = { headers: { 'Idempotency-Key': `plan-${id}` } };
      const plan = { kind: 'call', subject: 'Ring', dueAt: '2031-01-02T10:00:00+02:00', assigneeId: 'u-2' };
      const first = await command(id, 'plan-activity', plan, key);
      const again = await command(id, 'plan-activity', plan, key);
      expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([200, first.body, 'true']);
      const { activities: planned } = await dealNow(subject(), id);
      expect(planned).toMatchObject([{ dueAt: '2031-01-02T08:00:00.000Z', assigneeId: 'u-2' }]);
      const own = await onDeal(subject(), id, 'plan-activity', { ...plan, activityId: UNKNOWN });
      expect(own.activityId).toBe(UNKNOWN);
      expectProblem(await command(id, 'plan-activity', { ...plan, activityId: UNKNOWN }), 409, 'id-already-used');
    });

    it('are refused when they are over or unknown, and when the body is wrong', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const due = { kind: 'task', subject: 'Write', dueAt: ahead(1) };
      const { activityId } = await onDeal(subject(), id, 'plan-activity', due);
      await onDeal(subject(), id, 'cancel-activity', { activityId, reason: 'they moved' });
      expect((await dealNow(subject(), id)).activities).toMatchObject([{ status: 'cancelled', doneAt: null }]);
      for (const [name, body] of [
        ['reschedule-activity', { dueAt: ahead(2) }],
        ['complete-activity', {}],
        ['cancel-activity', {}],
      ] as const) {
        expectProblem(await command(id, name, { activityId, ...body }), 409, 'activity-done');
        expectProblem(await command(id, name, { activityId: UNKNOWN, ...body }), 409, 'unknown-activity');
        expectInvalid(await command(id, name, { ...body, activityId: 'mine' }), '/activityId');
      }
      expectInvalid(await command(id, 'plan-activity', {}), '/dueAt', '/kind', '/subject');
      expectInvalid(await command(id, 'plan-activity', { ...due, kind: 'lunch', dueAt: 'soon' }), '/dueAt', '/kind');
      expectInvalid(await command(id, 'plan-activity', { ...due, colour: 'red' }), '/colour');
      expectProblem(await command(UNKNOWN, 'plan-activity', due), 404, 'not-found');
    });

    it('open the gate of a stage when one of its kind is done', async () => {
      const { id } = await openDeal(subject(), pipeline);
      const move = { toStageId: pipeline.stages[1] };
      const missing = { stageId: pipeline.stages[1], missing: [{ type: 'activity', kind: 'demo' }] };
      const plan = { kind: 'demo', subject: 'Show it', dueAt: ahead(1) };
      const { activityId } = await onDeal(subject(), id, 'plan-activity', plan);
      expectProblem(await command(id, 'move-stage', move), 409, 'gate-not-met', missing);
      await onDeal(subject(), id, 'complete-activity', { activityId });
      expect((await onDeal(subject(), id, 'move-stage', move)).direction).toBe('forward');
    });

    it('show on cards, in lists of overdue deals and in the totals of the board, now and then', async () => {
      const own = await createPipeline(subject(), [
        { name: 'Talk', probability: 0.1, rottenAfter: 'P14D', coverHorizon: 'P7D' },
      ]);
      const opened = ahead(-20);
      const { id } = await openDeal(subject(), own, { occurredAt: opened });
      const column = async (query = '') => {
        const board = await done(subject().get(`/v1/boards/${own.id}?cards=5${query}`));
        return board.columns[0];
      };
      const list = (query: string) => done(subject().get(`/v1/stalled?pipeline=${own.id}${query}`));
      expect(await column()).toMatchObject({ count: 1, stalled: 1, cards: [{ stalled: true, nextActivity: null }] });
      const [overdue, planned] = [ahead(-3), ahead(5)];
      const late = { kind: 'task', subject: 'Send the offer', dueAt: overdue, occurredAt: ahead(-5) };
      const { activityId } = await onDeal(subject(), id, 'plan-activity', late);
      const next = { activityId, kind: 'task', subject: 'Send the offer', dueAt: overdue };
      expect(await list('&kind=overdue')).toMatchObject({
        n: 1,
        items: [{ id, stall: { overdue: true, stalled: true } }],
      });
      expect(await column()).toMatchObject({ stalled: 1, cards: [{ nextActivity: next }] });
      // Two days before it was due it covered the deal.
      const then = `&asOf=${ahead(-4)}`;
      expect(await column(then)).toMatchObject({
        count: 1,
        stalled: 0,
        cards: [{ stalled: false, nextActivity: next }],
      });
      expect(await list(then)).toMatchObject({ n: 0 });
      expect(await list(`${then}&kind=overdue`)).toMatchObject({ n: 0 });
      expect(await column(`&asOf=${ahead(-5.5)}`)).toMatchObject({ stalled: 1, cards: [{ nextActivity: null }] });

      await onDeal(subject(), id, 'plan-activity', { kind: 'call', subject: 'Ring', dueAt: planned });
      expect(await column()).toMatchObject({ stalled: 0, cards: [{ stalled: false, nextActivity: next }] });
      expect(await column('&stalled=true')).toMatchObject({ count: 0, cards: [] });
      expect(await column('&stalled=false')).toMatchObject({ count: 1, cards: [{ id }] });
      const deals = await done(subject().get(`/v1/deals?pipeline=${own.id}&stalled=false`));
      expect(deals.items.map((item: any) => item.id)).toEqual([id]);
      expect((await done(subject().get(`/v1/deals?pipeline=${own.id}&stalled=true`))).items).toEqual([]);
      expect(await list('')).toMatchObject({ n: 0, items: [] });
      expect(await list('&kind=overdue&stalled=false')).toMatchObject({ n: 1 });
      expect(await list('&kind=overdue&stalled=true')).toMatchObject({ n: 0 });
    });

    it('cover a deal that would stall, until they are due', async () => {
      const opened = new Date(Date.now() - 20 * DAY).toISOString();
      const { id } = await openDeal(subject(), pipeline, { occurredAt: opened });
      const stall = async () => (await dealNow(subject(), id)).stall;
      expect(await stall()).toMatchObject({ stalled: true, stale: true, covered: false, coveredBy: null });
      const far = await onDeal(subject(), id, 'plan-activity', { kind: 'call', subject: 'Far', dueAt: ahead(8) });
      expect(await stall()).toMatchObject({ stalled: true, covered: false, overdue: false });
      const dueAt = ahead(2);
      await onDeal(subject(), id, 'reschedule-activity', { activityId: far.activityId, dueAt });
      expect(await stall()).toMatchObject({
        stalled: false,
        stale: true,
        covered: true,
        overdue: false,
        coveredBy: { activityId: far.activityId, dueAt },
        stayDays: NUMBER,
      });
      await onDeal(subject(), id, 'plan-activity', { kind: 'task', subject: 'Late', dueAt: ahead(-1) });
      expect(await stall()).toMatchObject({ stalled: false, covered: true, overdue: true });
      await onDeal(subject(), id, 'cancel-activity', { activityId: far.activityId });
      expect(await stall()).toMatchObject({ stalled: true, covered: false, overdue: true, coveredBy: null });
    });
  });
}
