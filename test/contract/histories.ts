import { chainFaults } from '../support/hash-chain.js';
import { ACTOR, done, eur, expectInvalid, expectProblem, HASH, INSTANT, POSITION, UUID } from './shapes.js';
import { type Subject } from './session.js';
import {
  createPipeline,
  day,
  dealNow,
  eventsOf,
  onDeal,
  openDeal,
  type Pipeline,
  qualifiedLead,
} from './sales-floor.js';

/** One deal and its past: as of a time, at a revision, its events, its timeline and what changed. */
export function histories(subject: Subject): void {
  let pipeline: Pipeline;
  let id: string;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
    const [, demo, offer] = pipeline.stages;
    const opening = { occurredAt: day(0), value: eur('100'), ownerId: 'u-1' };
    id = (await openDeal(subject(), pipeline, opening)).id;
    const on = (name: string, days: number, body: object) =>
      onDeal(subject(), id, name, { ...body, occurredAt: day(days) });
    await on('move-stage', 10, { toStageId: demo });
    await on('assign', 5, { ownerId: 'u-2' });
    await on('change-value', 8, { value: eur('250') });
    await on('add-note', 6, { text: 'asked twice' });
    await on('move-stage', 20, { toStageId: offer });
    await on('lose', 30, { reason: 'price' });
  });
  const get = (query: string) => subject().get(`/v1/deals/${id}${query}`);

  it('a deal as of an instant holds what had happened by then', async () => {
    const [talk, demo, offer] = pipeline.stages;
    const at = async (days: number) => {
      const deal = await dealNow(subject(), id, `?asOf=${day(days)}`);
      expect(deal).toMatchObject({ asOf: day(days), atRevision: null });
      return [deal.stageId, deal.ownerId, deal.value.amount, deal.status, deal.visits.length];
    };
    expect(await at(0)).toEqual([talk, 'u-1', '100.00', 'open', 1]);
    expect(await at(5)).toEqual([talk, 'u-2', '100.00', 'open', 1]);
    expect(await at(8)).toEqual([talk, 'u-2', '250.00', 'open', 1]);
    expect(await at(9.999)).toEqual([talk, 'u-2', '250.00', 'open', 1]);
    expect(await at(10)).toEqual([demo, 'u-2', '250.00', 'open', 2]);
    expect(await at(29)).toEqual([offer, 'u-2', '250.00', 'open', 3]);
    expect(await at(30)).toEqual([offer, 'u-2', '250.00', 'lost', 3]);
    const early = await dealNow(subject(), id, `?asOf=${day(7)}`);
    expect(early.stall.lastTouch).toMatchObject({ type: 'NoteAdded', occurredAt: day(6), revision: 4 });
    expect(early.visits).toMatchObject([{ exitedAt: null, exit: null, stayDays: 7 }]);
    expect(early).toMatchObject({ closedAt: null, loss: null, weightedValue: eur('10.00') });
    expectProblem(await get(`?asOf=${day(-1)}`), 404, 'not-found');
    expect((await dealNow(subject(), id, '?asOf=2024-01-09T01:00:00%2B01:00')).value).toEqual(eur('250.00'));
  });

  it('as known then: what was recorded later does not count', async () => {
    const events = await eventsOf(subject(), 'deals', id);
    const known = (revision: number) => events[revision].metadata.recordedAt;
    const first = await dealNow(subject(), id, `?asOf=${day(40)}&recordedAsOf=${known(0)}`);
    const recorded = events.filter((event) => event.metadata.recordedAt <= known(0)).length;
    expect(first).toMatchObject({ asOf: day(40), revision: recorded - 1 });
    expect(await dealNow(subject(), id, `?asOf=${day(40)}&recordedAsOf=${known(6)}`)).toMatchObject({ status: 'lost' });
    expect((await get(`?asOf=${day(40)}&recordedAsOf=${day(400)}`)).status).toBe(404);
  });

  it('at a revision it is what the first events say', async () => {
    const at = async (revision: number) => {
      const deal = await dealNow(subject(), id, `?atRevision=${revision}`);
      expect(deal).toMatchObject({ asOf: null, atRevision: revision });
      return [deal.stageId, deal.ownerId, deal.value.amount, deal.status];
    };
    const [talk, demo, offer] = pipeline.stages;
    expect(await at(0)).toEqual([talk, 'u-1', '100.00', 'open']);
    expect(await at(1)).toEqual([demo, 'u-1', '100.00', 'open']);
    expect(await at(3)).toEqual([demo, 'u-2', '250.00', 'open']);
    expect(await at(6)).toEqual([offer, 'u-2', '250.00', 'lost']);
    expectProblem(await get('?atRevision=7'), 404, 'unknown-revision');
    for (const revision of ['-1', 'x', '1.5', '']) expectInvalid(await get(`?atRevision=${revision}`), '?atRevision');
    expect((await get(`?atRevision=1&asOf=${day(1)}`)).status).toBe(400);
    expect((await get(`?atRevision=1&recordedAsOf=${day(1)}`)).status).toBe(400);
    expectInvalid(await get('?asOf=2024-01-01'), '?asOf');
  });

  it('its events come in pages, in order, with a chain that anyone can check', async () => {
    const all = await eventsOf(subject(), 'deals', id);
    expect(all.map((event) => event.revision)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const event of all) {
      expect(event).toEqual({
        position: POSITION,
        stream: `deal-${id}`,
        revision: event.revision,
        id: UUID,
        type: expect.any(String),
        data: expect.any(Object),
        metadata: {
          commandId: UUID,
          request: expect.stringMatching(/^[0-9a-f]+$/u),
          correlationId: UUID,
          causationId: UUID,
          actor: ACTOR,
          occurredAt: INSTANT,
          recordedAt: INSTANT,
          schema: 1,
          prevHash: HASH,
          hash: HASH,
        },
      });
    }
    expect(all[0].metadata.prevHash).toBe('0'.repeat(64));
    expect(chainFaults(all)).toEqual([]);
    expect((await done(get('/events?after=4'))).items.map((event: any) => event.revision)).toEqual([5, 6]);
    expect(await done(get('/events?after=6'))).toEqual({ items: [], next: null });
    const page = await done(get('/events?limit=3'));
    expect(page.items).toEqual(all.slice(0, 3));
    expect(page.next).not.toBeNull();
    expect((await done(get(`/events?limit=3&cursor=${encodeURIComponent(page.next)}`))).items).toEqual(all.slice(3, 6));
    for (const limit of [0, 201, 'x']) expectInvalid(await get(`/events?limit=${limit}`), '?limit');
    expectInvalid(await get('/events?after=-1'), '?after');
  });

  it('its timeline has the newest first, in pages', async () => {
    const { items, next } = await done(get('/timeline'));
    expect(next).toBeNull();
    const times = items.map((item: any) => item.occurredAt);
    expect(times).toEqual([30, 20, 10, 8, 6, 5, 0].map(day));
    for (const item of items) {
      const { revision, type, text } = item;
      expect(item).toEqual({
        occurredAt: INSTANT,
        recordedAt: INSTANT,
        type,
        actor: ACTOR,
        revision,
        text,
        lead: false,
      });
    }
    expect(items[4]).toMatchObject({ type: 'NoteAdded', text: 'asked twice', revision: 4 });
    const paged = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: any = await done(get(`/timeline?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`));
      expect(page.items.length).toBeLessThanOrEqual(3);
      paged.push(...page.items);
      cursor = page.next;
    }
    expect(paged).toEqual(items);
  });

  it("a timeline includes the lead's", async () => {
    const lead = await qualifiedLead(subject(), { occurredAt: day(1) });
    await done(subject().post(`/v1/leads/${lead}/add-note`, { text: 'from the fair', occurredAt: day(2) }));
    const { deal } = await done(subject().post(`/v1/leads/${lead}/convert`, { pipelineId: pipeline.id }), 201);
    await onDeal(subject(), deal.id, 'add-note', { text: 'now a deal' });
    const { items } = await done(subject().get(`/v1/deals/${deal.id}/timeline`));
    expect(items.map((item: any) => [item.type, item.lead]).slice(0, 2)).toEqual([
      ['NoteAdded', false],
      ['DealOpened', false],
    ]);
    expect(items.slice(-2)).toMatchObject([
      { type: 'LeadNoteAdded', lead: true, text: 'from the fair', revision: 2 },
      { type: 'LeadCaptured', lead: true, occurredAt: day(1), revision: 0 },
    ]);
    const raw = await eventsOf(subject(), 'leads', lead);
    expect(raw.map((event) => event.type)).toEqual(['LeadCaptured', 'LeadQualified', 'LeadNoteAdded', 'LeadConverted']);
    expect(chainFaults(raw)).toEqual([]);
  });

  it('a diff compares the state after one revision with that after another', async () => {
    const [talk, demo, offer] = pipeline.stages;
    const diff = await done(get('/diff?from=0&to=3'));
    expect(Object.keys(diff).sort()).toEqual(['changes', 'events', 'from', 'to']);
    expect(diff).toMatchObject({ from: 0, to: 3 });
    expect(diff.events).toEqual([
      { revision: 1, type: 'DealStageMoved' },
      { revision: 2, type: 'DealAssigned' },
      { revision: 3, type: 'DealValueChanged' },
    ]);
    for (const change of diff.changes) expect(Object.keys(change).sort()).toEqual(['from', 'path', 'to']);
    expect(diff.changes).toEqual(
      expect.arrayContaining([
        { path: '/stageId', from: talk, to: demo },
        { path: '/ownerId', from: 'u-1', to: 'u-2' },
      ]),
    );
    expect(diff.changes.some((change: any) => change.path.startsWith('/value'))).toBe(true);
    const rest = await done(get('/diff?from=4&to=6'));
    expect(rest.changes).toEqual(
      expect.arrayContaining([
        { path: '/stageId', from: demo, to: offer },
        { path: '/status', from: 'open', to: 'lost' },
      ]),
    );
    expect(await done(get('/diff?from=2&to=2'))).toEqual({ from: 2, to: 2, events: [], changes: [] });
    expectProblem(await get('/diff?from=0&to=7'), 404, 'unknown-revision');
    expectInvalid(await get('/diff?from=0'), '?to');
  });
}
