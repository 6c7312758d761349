import { createPipeline, dealNow, eventsOf, onDeal, openDeal, type Pipeline } from './sales-floor.js';
import { done, eur, expectInvalid, expectProblem, POSITION } from './shapes.js';
import { type Subject } from './session.js';

const DAY = 86_400_000;
const ahead = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
const PERSON = '01890f3a-7c4e-7abc-8def-0123456789a1';

export function dealDetails(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [
      { name: 'Talk', probability: 0.1, rottenAfter: 'P14D', maxStay: 'P30D' },
      { name: 'Demo', probability: 0.4, gates: [{ type: 'criteria', min: 1 }] },
    ]);
  });
  const command = (id: string, name: string, body: object = {}) => subject().post(`/v1/deals/${id}/${name}`, body);
  const card = async (id: string, query = '') => {
    const board = await done(subject().get(`/v1/boards/${pipeline.id}?cards=100${query}`));
    return board.columns.flatMap((column: any) => column.cards).find((each: any) => each.id === id);
  };

  it('change field by field, and the card with them', async () => {
    const { id } = await openDeal(subject(), pipeline, { value: eur('1000.00'), labels: ['hot'], probability: 0.5 });
    const answer = await onDeal(subject(), id, 'label', { add: ['export'], remove: ['hot', 'cold'] });
    expect(answer).toEqual({ id, revision: 1, position: POSITION });
    await onDeal(subject(), id, 'set-visibility', { visibility: 'owner' });
    await onDeal(subject(), id, 'set-expected-close', { expectedClose: '2031-06-30' });
    await onDeal(subject(), id, 'set-forecast-category', { forecastCategory: 'commit' });
    const before = await dealNow(subject(), id);
    expect(before.weightedValue).toEqual(eur('500.00'));
    await onDeal(subject(), id, 'set-probability', { probability: null });
    await onDeal(subject(), id, 'link-contact', { personId: PERSON, role: 'technical' });
    expect(await dealNow(subject(), id)).toMatchObject({
      revision: 6,
      labels: ['export'],
      visibility: 'owner',
      expectedClose: '2031-06-30',
      probability: { value: 0.1, from: 'stage' },
      weightedValue: eur('100.00'),
      forecastCategory: { value: 'commit', from: 'deal' },
      contacts: [{ kind: 'person', id: PERSON, role: 'technical' }],
      stall: { lastTouch: { type: 'ExpectedCloseSet' } },
    });
    expect(await card(id)).toMatchObject({ revision: 6, labels: ['export'], expectedClose: '2031-06-30' });
    expect(await card(id, '&label=export')).toMatchObject({ id });
    expect(await card(id, '&label=hot')).toBeUndefined();
    expect(await card(id, `&asOf=${before.openedAt}&label=hot`)).toMatchObject({
      labels: ['hot'],
      expectedClose: null,
    });
    const same = await onDeal(subject(), id, 'set-probability', { probability: null });
    expect(same.revision).toBe(6);
    const types = (await eventsOf(subject(), 'deals', id)).slice(1).map(({ type }: any) => type);
    expect(types).toEqual([
      ...['DealLabelled', 'DealVisibilitySet', 'ExpectedCloseSet', 'ForecastCategorySet'],
      ...['DealProbabilitySet', 'DealContactLinked'],
    ]);
  });

  it('let a criterion be confirmed once, for the gate that asks for it', async () => {
    const { id } = await openDeal(subject(), pipeline);
    expect((await command(id, 'move-stage', { toStageId: pipeline.stages[1] })).body.code).toBe('gate-not-met');
    await onDeal(subject(), id, 'confirm-criterion', { criterion: 'budget', facts: '30k approved' });
    expectProblem(await command(id, 'confirm-criterion', { criterion: 'budget' }), 409, 'already-confirmed');
    expectInvalid(await command(id, 'confirm-criterion', { criterion: 'mood' }), '/criterion');
    await onDeal(subject(), id, 'move-stage', { toStageId: pipeline.stages[1] });
  });

  it('are settled with the close where they are of the sale', async () => {
    const { id } = await openDeal(subject(), pipeline);
    await onDeal(subject(), id, 'lose', { reason: 'price' });
    for (const [name, body] of Object.entries({
      'set-expected-close': { expectedClose: null },
      'set-probability': { probability: 0.2 },
      'set-forecast-category': { forecastCategory: null },
      snooze: { until: ahead(5) },
      wake: {},
      'keep-alive': {},
    })) {
      expectProblem(await command(id, name, body), 409, 'wrong-status', { status: 'lost', allowed: ['open'] });
    }
    for (const [name, body] of Object.entries({
      label: { add: ['later'] },
      'set-visibility': { visibility: 'team' },
      'link-contact': { personId: PERSON },
      'log-interaction': { kind: 'call', direction: 'in' },
    })) {
      expect([name, (await command(id, name, body)).status]).toEqual([name, 200]);
    }
  });

  it('name what is wrong with a body', async () => {
    const { id } = await openDeal(subject(), pipeline);
    const wrong: readonly [string, object, string][] = [
      ['label', { add: [''] }, '/add/0'],
      ['label', { add: ['a'], remove: ['a'] }, '/add/0'],
      ['link-contact', {}, '/personId'],
      ['set-visibility', {}, '/visibility'],
      ['set-expected-close', {}, '/expectedClose'],
      ['set-expected-close', { expectedClose: '2026-02-30' }, '/expectedClose'],
      ['set-probability', { probability: 1.5 }, '/probability'],
      ['set-forecast-category', { forecastCategory: 'sure' }, '/forecastCategory'],
      ['snooze', { until: 'May' }, '/until'],
      ['log-interaction', { kind: 'fax', direction: 'in' }, '/kind'],
    ];
    for (const [name, body, path] of wrong) expectInvalid(await command(id, name, body), path);
    expectProblem(await command(id, 'snooze', { until: ahead(-1) }), 409, 'date-in-past');
    expect((await dealNow(subject(), id)).revision).toBe(0);
  });

  it('sleep until a time or until they are woken: not stale, and the stay stands still', async () => {
    const { id } = await openDeal(subject(), pipeline, { occurredAt: ahead(-40) });
    const listed = async (kind: string, query = '') => {
      const list = await done(subject().get(`/v1/stalled?pipeline=${pipeline.id}&kind=${kind}&limit=200${query}`));
      return list.items.some((item: any) => item.id === id);
    };
    expect(await card(id)).toMatchObject({ stalled: true, overstayed: true, snoozedUntil: null });
    const until = ahead(10);
    // Asleep since the twentieth day of its stay.
    await onDeal(subject(), id, 'snooze', { until, occurredAt: ahead(-20) });
    const { stall, visits } = await dealNow(subject(), id);
    expect(stall).toMatchObject({ stalled: false, stale: false, overstayed: false, snoozedUntil: until });
    expect(Math.round(stall.stayDays)).toBe(20);
    expect(visits[0].stayDays).toBe(stall.stayDays);
    expect(Date.parse(stall.rotAt)).toBe(Date.parse(until) + 14 * DAY);
    expect(await card(id)).toMatchObject({ stalled: false, overstayed: false, snoozedUntil: until });
    expect([await listed('stalled'), await listed('overstayed')]).toEqual([false, false]);
    expect(await listed('stalled', `&asOf=${ahead(-21)}`)).toBe(true);
    expect(await listed('stalled', `&asOf=${ahead(-19)}`)).toBe(false);
    const again = await onDeal(subject(), id, 'snooze', { until });
    expect(again.revision).toBe(1);

    await onDeal(subject(), id, 'wake', { occurredAt: ahead(-15) });
    // A full new threshold began with the end of the snooze.
    expect((await dealNow(subject(), id)).stall).toMatchObject({ stalled: true, overstayed: true, snoozedUntil: null });
    expect([await listed('stalled'), await listed('overstayed')]).toEqual([true, true]);
    expect(await listed('stalled', `&asOf=${ahead(-2)}`)).toBe(false);
    expect(await listed('overstayed', `&asOf=${ahead(-6)}`)).toBe(false);
    await onDeal(subject(), id, 'keep-alive', { reason: 'budget in May' });
    expect((await dealNow(subject(), id)).stall).toMatchObject({ stalled: false, overstayed: true });
  });
}
