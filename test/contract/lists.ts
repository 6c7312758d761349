import { done, eur, expectInvalid, expectProblem, INSTANT } from './shapes.js';
import { type Subject } from './session.js';
import { captureLead, createPipeline, onLead, openDeal, type Pipeline, qualifiedLead } from './sales-floor.js';

/** The inbox of leads and the list of deals: filters, sorts, pages. */
export function lists(subject: Subject): void {
  const page = (path: string) => done(subject().get(path));
  const pages = async (path: string, between: () => Promise<unknown> = async () => null): Promise<any[]> => {
    const items = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const part: any = await page(cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
      expect(Object.keys(part).sort()).toEqual(['items', 'next']);
      items.push(...part.items);
      cursor = part.next;
      if (cursor !== null) await between();
    }
    return items;
  };
  const ids = (items: readonly any[]) => items.map((item) => item.id);

  describe('the inbox', () => {
    const named: Record<string, string> = {};
    const captured = (days: number) => new Date(Date.UTC(2024, 1, 1 + days)).toISOString();
    beforeAll(async () => {
      const capture = async (name: string, days: number, more: object) => {
        named[name] = (await captureLead(subject(), { source: 'inbox', occurredAt: captured(days), ...more })).id;
      };
      await capture('a', 0, { title: 'Kessel for Ratisbon', ownerId: 'in-1', labels: ['red'] });
      await capture('b', 2, { title: 'Pump', ownerId: 'in-2', labels: ['red', 'blue'] });
      await capture('c', 1, { title: 'Valve', ownerId: 'in-1', labels: [] });
      await capture('d', 3, { title: 'Pipe', ownerId: 'in-3', labels: ['blue'], person: { name: 'Zuse Kessel' } });
      await onLead(subject(), named['b']!, 'nurture', { followUpOn: '2199-06-01' });
      await onLead(subject(), named['c']!, 'nurture', { followUpOn: '2199-05-01' });
    });
    const found = async (query: string) =>
      (await pages(`/v1/leads?source=inbox${query}`)).map(
        (item) => Object.keys(named).find((name) => named[name] === item.id) ?? '?',
      );

    it('has the latest first, or what is asked for', async () => {
      expect(await found('')).toEqual(['d', 'b', 'c', 'a']);
      expect(await found('&sort=-capturedAt')).toEqual(['d', 'b', 'c', 'a']);
      expect(await found('&sort=capturedAt')).toEqual(['a', 'c', 'b', 'd']);
      expect((await found('&status=nurturing&sort=followUpOn')).join()).toBe('c,b');
      expect((await found('&status=nurturing&sort=-followUpOn')).join()).toBe('b,c');
      expect((await found('&sort=followUpOn')).toSorted().join()).toBe('a,b,c,d');
      for (const sort of ['score', '-score']) expect((await found(`&sort=${sort}`)).toSorted().join()).toBe('a,b,c,d');
      expectInvalid(await subject().get('/v1/leads?sort=title'), '?sort');
    });

    it('is filtered', async () => {
      expect(await found('&status=new')).toEqual(['d', 'a']);
      expect(await found('&owner=in-1')).toEqual(['c', 'a']);
      expect(await found('&owner=in-1&owner=in-3')).toEqual(['d', 'c', 'a']);
      expect(await found('&label=red')).toEqual(['b', 'a']);
      expect(await found('&label=red&label=blue')).toEqual(['d', 'b', 'a']);
      expect(await found('&label=red&owner=in-2')).toEqual(['b']);
      expect(await found('&source=nowhere&owner=in-2')).toEqual(['b']);
      expectInvalid(await subject().get('/v1/leads?status=lost'), '?status');
      expectProblem(await subject().get('/v1/leads?colour=red'), 400, 'unknown-parameter');
    });

    it('is searched', async () => {
      expect(await found('&q=kessel')).toContain('a');
      expect(await found('&q=pump')).toEqual(['b']);
      expect(await found('&q=nosuchthing')).toEqual([]);
    });

    it('comes in pages that lose and double nothing, whatever is added meanwhile', async () => {
      for (const sort of ['capturedAt', '-capturedAt', '-score', 'followUpOn', '-followUpOn']) {
        const all = await found(`&sort=${sort}`);
        const small = await found(`&sort=${sort}&limit=1`);
        expect({ sort, small }).toEqual({ sort, small: all });
      }
      let added = 0;
      const path = '/v1/leads?source=growing&limit=2';
      const before = [];
      for (let n = 0; n < 5; n++) before.push((await captureLead(subject(), { source: 'growing' })).id);
      const seen = ids(
        await pages(path, async () => {
          if (added++ < 3) await captureLead(subject(), { source: 'growing', occurredAt: captured(added) });
        }),
      );
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(before));
    });

    it('shows each lead as it is', async () => {
      const id = await qualifiedLead(subject(), { source: 'shown', value: eur('5') });
      const [item] = await pages('/v1/leads?source=shown');
      const lead = await page(`/v1/leads/${id}`);
      expect(lead).toMatchObject(item);
      expect(item).toMatchObject({ id, status: 'qualified', revision: 1, capturedAt: INSTANT });
    });
  });

  describe('the list of deals', () => {
    let pipeline: Pipeline;
    beforeAll(async () => {
      pipeline = await createPipeline(subject());
    });

    it('has cards, in pages that lose and double nothing, whatever is added meanwhile', async () => {
      const before = [];
      for (let n = 0; n < 7; n++) before.push((await openDeal(subject(), pipeline, { title: `D${n}` })).id);
      const path = `/v1/deals?pipeline=${pipeline.id}&status=open&limit=2`;
      let added = 0;
      const items = await pages(path, async () => (added++ < 3 ? openDeal(subject(), pipeline) : null));
      expect(new Set(ids(items)).size).toBe(items.length);
      expect(ids(items)).toEqual(expect.arrayContaining(before));
      const [card] = items;
      expect(card).toEqual({
        id: card.id,
        revision: 0,
        title: expect.any(String),
        stageId: pipeline.stages[0],
        status: 'open',
        value: null,
        ownerId: expect.any(String),
        teamId: null,
        labels: [],
        expectedClose: null,
        contact: null,
        enteredAt: INSTANT,
        rotAt: null,
        stalled: false,
        overstayed: false,
        snoozedUntil: null,
        nextActivity: null,
      });
    });

    it('under filters', async () => {
      const own = await createPipeline(subject());
      const a = await openDeal(subject(), own, { value: eur('5'), source: 'fair', expectedClose: '2026-01-05' });
      const b = await openDeal(subject(), own, { value: eur('9'), labels: ['red'], ownerId: 'li-1' });
      const of = async (query: string) => ids(await pages(`/v1/deals?pipeline=${own.id}&${query}`));
      expect(await of('source=fair')).toEqual([a.id]);
      expect(await of('label=red&owner=li-1&owner=li-2')).toEqual([b.id]);
      expect(await of('valueMin=9&currency=EUR')).toEqual([b.id]);
      expect(await of('expectedCloseFrom=2026-01-05&expectedCloseTo=2026-01-06')).toEqual([a.id]);
      expect(await of('expectedCloseTo=2026-01-05')).toEqual([]);
      expect((await of('stalled=false')).toSorted()).toEqual([a.id, b.id].toSorted());
      expect((await of('status=open&status=won')).toSorted()).toEqual([a.id, b.id].toSorted());
      expectProblem(await subject().get('/v1/deals?colour=red'), 400, 'unknown-parameter');
      expectInvalid(await subject().get('/v1/deals?valueMin=5'), '?valueMin');
    });

    it('by status', async () => {
      const own = await createPipeline(subject());
      const [open, won, lost] = [
        (await openDeal(subject(), own)).id,
        (await openDeal(subject(), own)).id,
        (await openDeal(subject(), own)).id,
      ];
      await done(subject().post(`/v1/deals/${won}/win`));
      await done(subject().post(`/v1/deals/${lost}/lose`, { reason: 'price' }));
      const of = async (query: string) => ids(await pages(`/v1/deals?pipeline=${own.id}${query}`));
      expect(await of('&status=open')).toEqual([open]);
      expect(await of('&status=won')).toEqual([won]);
      expect(await of('&status=lost')).toEqual([lost]);
      expect(await of('&status=churned')).toEqual([]);
      expectInvalid(await subject().get('/v1/deals?status=new'), '?status');
    });

    it('keeps its limits, and a cursor its filter', async () => {
      for (const limit of ['0', '201', 'x', '1.5', '-1', '']) {
        expectInvalid(await subject().get(`/v1/deals?limit=${limit}`), '?limit');
        expectInvalid(await subject().get(`/v1/leads?limit=${limit}`), '?limit');
      }
      expect((await page('/v1/deals?limit=200')).items.length).toBeLessThanOrEqual(200);
      const { next } = await page(`/v1/deals?pipeline=${pipeline.id}&limit=1`);
      const cursor = encodeURIComponent(next);
      expectInvalid(
        await subject().get(`/v1/deals?pipeline=${pipeline.id}&owner=x&limit=1&cursor=${cursor}`),
        '?cursor',
      );
      expectInvalid(await subject().get(`/v1/leads?limit=1&cursor=${cursor}`), '?cursor');
      const inbox = await page('/v1/leads?sort=capturedAt&limit=1');
      const place = encodeURIComponent(inbox.next);
      for (const other of ['sort=-capturedAt', 'sort=capturedAt&status=new', 'sort=capturedAt&q=x']) {
        expectInvalid(await subject().get(`/v1/leads?${other}&limit=1&cursor=${place}`), '?cursor');
      }
      expect((await page(`/v1/leads?sort=capturedAt&limit=2&cursor=${place}`)).items).toHaveLength(2);
      expectInvalid(await subject().get('/v1/deals?cursor=bm9wZQ'), '?cursor');
    });
  });
}
