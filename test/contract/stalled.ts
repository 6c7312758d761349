import { ACTOR, done, eur, expectInvalid, expectProblem, NUMBER } from './shapes.js';
import { type Subject } from './session.js';
import { CARE, createPipeline, day, dealNow, onDeal, openDeal, type Pipeline } from './sales-floor.js';

export function stalledDeals(subject: Subject): void {
  let pipeline: Pipeline;
  const named: Record<string, string> = {};
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [
      { name: 'Talk', probability: 0.1, rottenAfter: 'P14D', maxStay: 'P30D' },
      { name: 'Demo', probability: 0.4, rottenAfter: 'PT36H' },
      { name: 'Offer', probability: 0.6, maxStay: 'P10D' },
      { ...CARE, rottenAfter: 'P30D' },
    ]);
    const open = async (name: string, days: number, more: object = {}) => {
      named[name] = (await openDeal(subject(), pipeline, { title: name, occurredAt: day(days), ...more })).id;
    };
    await open('b', 1, { ownerId: 'u-1', value: eur('5') });
    await open('a', 0, { ownerId: 'u-2' });
    await open('demo', 2, { stageId: pipeline.stages[1], ownerId: 'u-1' });
    await open('offer', 0, { stageId: pipeline.stages[2] });
    await open('won', 0, { ownerId: 'u-1' });
    await onDeal(subject(), named['won']!, 'win', { occurredAt: day(3) });
    await open('lost', 0);
    await onDeal(subject(), named['lost']!, 'lose', { reason: 'price', occurredAt: day(3) });
  });
  const list = (query: string) => done(subject().get(`/v1/stalled?pipeline=${pipeline.id}${query}`));
  const names = (answer: any) =>
    answer.items.map((item: any) => Object.keys(named).find((name) => named[name] === item.id) ?? '?');

  it('are cards with what stalls them, the longest rotten first', async () => {
    const answer = await list('');
    expect(Object.keys(answer).sort()).toEqual(['items', 'n', 'next']);
    expect(names(answer)).toEqual(['demo', 'a', 'b', 'won']);
    expect([answer.n, answer.next]).toEqual([4, null]);
    expect(answer.items[2]).toEqual({
      id: named['b'],
      revision: 0,
      title: 'b',
      stageId: pipeline.stages[0],
      status: 'open',
      value: eur('5.00'),
      ownerId: 'u-1',
      teamId: null,
      labels: [],
      expectedClose: null,
      contact: null,
      enteredAt: day(1),
      rotAt: day(15),
      stalled: true,
      overstayed: true,
      snoozedUntil: null,
      nextActivity: null,
      stall: {
        stalled: true,
        stale: true,
        covered: false,
        overdue: false,
        overstayed: true,
        snoozedUntil: null,
        rotAt: day(15),
        rottenAfter: 'P14D',
        maxStay: 'P30D',
        stayDays: NUMBER,
        grace: false,
        policyVersion: 1,
        lastTouch: { type: 'DealOpened', actor: ACTOR, occurredAt: day(1), revision: 0, redacted: false },
        coveredBy: null,
      },
    });
    expect(answer.items[3]).toMatchObject({ status: 'won', rotAt: day(33), stall: { rottenAfter: 'P30D' } });
  });

  it('by kind', async () => {
    expect(names(await list('&kind=stalled'))).toEqual(['demo', 'a', 'b', 'won']);
    expect(names(await list('&kind=overstayed')).toSorted()).toEqual(['a', 'b', 'offer']);
    expect(await list('&kind=overdue')).toEqual({ items: [], next: null, n: 0 });
    expectInvalid(await subject().get('/v1/stalled?kind=sleepy'), '?kind');
  });

  it('by filter, of any pipeline, and as of an instant', async () => {
    expect(names(await list('&owner=u-1'))).toEqual(['demo', 'b', 'won']);
    expect(names(await list('&owner=u-1&valueMin=5&currency=EUR'))).toEqual(['b']);
    expect(names(await list('&stalled=false'))).toEqual([]);
    expect(names(await list('&kind=overstayed&stalled=false'))).toEqual(['offer']);
    expect(names(await list(`&asOf=${day(3.5)}`))).toEqual(['demo']);
    expect(names(await list(`&asOf=${day(3.499)}`))).toEqual([]);
    expect(names(await list(`&asOf=${day(14)}`))).toEqual(['demo', 'a']);
    expect(names(await list(`&asOf=${day(10)}&kind=overstayed`))).toEqual(['offer']);
    const all = await done(subject().get('/v1/stalled?owner=u-1&limit=200'));
    expect(all.items.map((item: any) => item.id)).toEqual(expect.arrayContaining([named['b'], named['won']]));
    expectProblem(await subject().get('/v1/stalled?colour=red'), 400, 'unknown-parameter');
  });

  it('in pages, each with the same n', async () => {
    const first = await list('&limit=3');
    expect([names(first), first.n]).toEqual([['demo', 'a', 'b'], 4]);
    const last = await list(`&limit=3&cursor=${encodeURIComponent(first.next)}`);
    expect([names(last), last.n, last.next]).toEqual([['won'], 4, null]);
    const moved = await subject().get(`/v1/stalled?pipeline=${pipeline.id}&owner=u-1&limit=3&cursor=${first.next}`);
    expectInvalid(moved, '?cursor');
    for (const limit of [0, 201]) expectInvalid(await subject().get(`/v1/stalled?limit=${limit}`), '?limit');
  });

  it('are revived by what touches them, and by nothing else', async () => {
    const own = await createPipeline(subject(), [
      { name: 'Talk', probability: 0.1, rottenAfter: 'P14D' },
      { name: 'Demo', probability: 0.4, rottenAfter: 'P14D' },
    ]);
    const { id } = await openDeal(subject(), own, { occurredAt: day(0) });
    const touched = async (name: string, days: number, body: object, at = days) => {
      await onDeal(subject(), id, name, { ...body, occurredAt: day(days) });
      const { stall } = await dealNow(subject(), id);
      expect([name, stall.lastTouch.occurredAt, stall.rotAt]).toEqual([name, day(at), day(at + 14)]);
    };
    await touched('add-note', 1, { text: 'x' });
    await touched('assign', 2, { ownerId: 'u-1' });
    await touched('change-value', 3, { value: eur('1') });
    await touched('move-stage', 4, { toStageId: own.stages[1] });
    await touched('move-stage', 5, { toStageId: own.stages[0] });
    await touched('add-note', 2, { text: 'remembered late' }, 5);
    await onDeal(subject(), id, 'lose', { reason: 'price', occurredAt: day(6) });
    await touched('reopen', 7, {});
    expect((await dealNow(subject(), id)).stall).toMatchObject({ stalled: true, stale: true, policyVersion: 1 });
    const now = await onDeal(subject(), id, 'add-note', { text: 'today' });
    expect((await dealNow(subject(), id)).stall).toMatchObject({
      stalled: false,
      lastTouch: { revision: now.revision },
    });
  });
}
