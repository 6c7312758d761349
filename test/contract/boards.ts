import { done, eur, expectInvalid, expectProblem, INSTANT } from './shapes.js';
import { type Subject } from './session.js';
import { CARE, createPipeline, day, onDeal, openDeal, type Pipeline, qualifiedLead } from './sales-floor.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';
const yen = (amount: string) => ({ amount, currency: 'JPY' });

export function boards(subject: Subject): void {
  let pipeline: Pipeline;
  const named: Record<string, string> = {};
  beforeAll(async () => {
    pipeline = await createPipeline(subject(), [
      { name: 'Talk', probability: 0.1, rottenAfter: 'P14D', maxStay: 'P30D' },
      { name: 'Demo', probability: 0.4 },
      CARE,
    ]);
    const open = async (name: string, days: number, more: object) => {
      named[name] = (await openDeal(subject(), pipeline, { title: name, occurredAt: day(days), ...more })).id;
    };
    const soon = (hours: number) => (Date.now() - Date.UTC(2024, 0, 1)) / 86_400_000 - hours / 24;
    await open('a', 0, { value: eur('100'), ownerId: 'u-1', labels: ['red'], source: 'fair' });
    await open('b', 1, { value: eur('300'), ownerId: 'u-2', labels: ['red', 'blue'], expectedClose: '2026-01-10' });
    await open('c', 2, { value: yen('5000'), ownerId: 'u-1', probability: 0.5, expectedClose: '2026-01-05' });
    await open('d', soon(5), { ownerId: 'u-3', source: 'fair' });
    await open('e', 3, { value: eur('200'), ownerId: 'u-1', stageId: pipeline.stages[1], expectedClose: '2026-02-01' });
    await open('won', 4, { value: eur('900'), ownerId: 'u-1' });
    await open('lost', 5, { value: eur('700'), ownerId: 'u-1' });
    await onDeal(subject(), named['won']!, 'win', { occurredAt: day(6) });
    await onDeal(subject(), named['lost']!, 'lose', { reason: 'price', occurredAt: day(6) });
  });
  const board = (query = '') => done(subject().get(`/v1/boards/${pipeline.id}${query}`));
  const nameOf = (card: any) => Object.keys(named).find((name) => named[name] === card.id) ?? '?';
  const shown = async (query: string) => {
    const { columns } = await board(query);
    return columns.map((column: any) => column.cards.map(nameOf).join('')).join('|');
  };

  it('shows columns, totals and cards to the letter', async () => {
    const { columns, ...head } = await board();
    const totals = (count: number, more: object) => ({
      count,
      stalled: 0,
      overstayed: 0,
      withoutValue: 0,
      value: [],
      weightedValue: [],
      reporting: null,
      ...more,
    });
    expect(head).toEqual({
      pipelineId: pipeline.id,
      pipelineVersion: 1,
      asOf: null,
      tz: 'UTC',
      now: INSTANT,
      sort: 'touch',
      filters: {},
      totals: totals(5, {
        stalled: 3,
        overstayed: 3,
        withoutValue: 1,
        value: [eur('600.00'), yen('5000')],
        weightedValue: [eur('120.00'), yen('2500')],
      }),
    });
    const stage = (at: number, name: string, kind = 'open') => ({
      stageId: pipeline.stages[at],
      name,
      kind,
      rank: at + 1,
      retired: false,
      cards: expect.any(Array),
      next: null,
    });
    expect(columns).toEqual([
      {
        ...stage(0, 'Talk'),
        ...totals(4, {
          stalled: 3,
          overstayed: 3,
          withoutValue: 1,
          value: [eur('400.00'), yen('5000')],
          weightedValue: [eur('40.00'), yen('2500')],
        }),
      },
      { ...stage(1, 'Demo'), ...totals(1, { value: [eur('200.00')], weightedValue: [eur('80.00')] }) },
      { ...stage(2, 'Care', 'post-sale'), ...totals(1, { value: [eur('900.00')] }) },
    ]);
    expect(columns[0].cards[1]).toEqual({
      id: named['b'],
      revision: 0,
      title: 'b',
      stageId: pipeline.stages[0],
      status: 'open',
      value: eur('300.00'),
      ownerId: 'u-2',
      teamId: null,
      labels: ['red', 'blue'],
      expectedClose: '2026-01-10',
      contact: null,
      enteredAt: day(1),
      rotAt: day(15),
      stalled: true,
      overstayed: true,
      snoozedUntil: null,
      nextActivity: null,
    });
    expect(columns[2].cards).toMatchObject([{ id: named['won'], status: 'won', enteredAt: day(6), rotAt: null }]);
  });

  it('names the contact on the card', async () => {
    const own = await createPipeline(subject());
    const lead = await qualifiedLead(subject());
    await done(subject().post(`/v1/leads/${lead}/convert`, { pipelineId: own.id }), 201);
    const { columns } = await done(subject().get(`/v1/boards/${own.id}`));
    expect(columns[0].cards[0].contact).toBe('Ada Byron');
  });

  it('sorts cards', async () => {
    expect(await shown('')).toBe('abcd|e|won');
    expect(await shown('?sort=touch')).toBe('abcd|e|won');
    expect((await shown('?sort=-value')).slice(0, 4).replace(/[cd]/gu, '')).toBe('ba');
    expect((await shown('?sort=closeDate')).slice(0, 4).replace(/[ad]/gu, '')).toBe('cb');
    expectInvalid(await subject().get(`/v1/boards/${pipeline.id}?sort=value`), '?sort');
  });

  it.each([
    ['owner=u-1', 'ac|e|won'],
    ['owner=u-2&owner=u-3', 'bd||'],
    ['source=fair', 'ad||'],
    ['label=blue', 'b||'],
    ['label=red&label=blue', 'ab||'],
    ['label=red&owner=u-1', 'a||'],
    ['team=north', '||'],
    ['valueMin=200&currency=EUR', 'b|e|won'],
    ['valueMax=200&currency=EUR', 'a|e|'],
    ['valueMin=100&valueMax=300&currency=EUR', 'ab|e|'],
    ['valueMin=5000&currency=JPY', 'c||'],
    ['expectedCloseFrom=2026-01-05', 'bc|e|'],
    ['expectedCloseTo=2026-01-10', 'c||'],
    ['expectedCloseFrom=2026-01-05&expectedCloseTo=2026-02-01', 'bc||'],
    ['stalled=true', 'abc||'],
    ['stalled=false', 'd|e|won'],
    ['stalled=true&owner=u-1', 'ac||'],
  ])('filters by %s', async (query, expected) => {
    const { columns, totals, filters } = await board(`?${query}`);
    expect(columns.map((column: any) => column.cards.map(nameOf).join('')).join('|')).toBe(expected);
    expect(columns.map((column: any) => column.count)).toEqual(
      expected.split('|').map((names) => (names === 'won' ? 1 : names.length)),
    );
    expect(totals.count).toBe(columns[0].count + columns[1].count);
    expect(Object.keys(filters).sort()).toEqual([...new Set(new URLSearchParams(query).keys())].sort());
  });

  it('as of an instant is the board of then', async () => {
    const then = await board(`?asOf=${day(5.5)}`);
    expect(then).toMatchObject({ asOf: day(5.5), now: day(5.5) });
    expect(then.columns.map((column: any) => column.cards.map(nameOf))).toEqual([
      ['a', 'b', 'c', 'won', 'lost'],
      ['e'],
      [],
    ]);
    expect(then.totals).toMatchObject({ count: 6, stalled: 0, value: [eur('2200.00'), yen('5000')] });
    expect((await board(`?asOf=${day(14)}`)).columns[0]).toMatchObject({ stalled: 1, overstayed: 0 });
    expect((await board(`?asOf=${day(13.999)}`)).columns[0]).toMatchObject({ stalled: 0 });
    expect((await board(`?asOf=${day(30)}&stalled=true`)).columns[0]).toMatchObject({ count: 3, overstayed: 1 });
    expectInvalid(await subject().get(`/v1/boards/${pipeline.id}?asOf=2024-01-05`), '?asOf');
  });

  it('pages each column on its own', async () => {
    const first = await board('?cards=1');
    expect(first.columns.map((column: any) => column.cards.map(nameOf))).toEqual([['a'], ['e'], ['won']]);
    expect(first.columns.map((column: any) => column.count)).toEqual([4, 1, 1]);
    expect(first.columns.map((column: any) => typeof column.next)).toEqual(['string', 'object', 'object']);
    const talk = `/v1/boards/${pipeline.id}/columns/${pipeline.stages[0]}`;
    const cursor = encodeURIComponent(first.columns[0].next);
    const rest = await done(subject().get(`${talk}?limit=2&cursor=${cursor}`));
    expect(rest.items.map(nameOf)).toEqual(['b', 'c']);
    const last = await done(subject().get(`${talk}?limit=2&cursor=${encodeURIComponent(rest.next)}`));
    expect(Object.keys(last).sort()).toEqual(['items', 'next']);
    expect([last.items.map(nameOf), last.next]).toEqual([['d'], null]);
    expect((await done(subject().get(`${talk}?owner=u-1&sort=-value`))).items.map(nameOf).sort()).toEqual(['a', 'c']);
    expectInvalid(await subject().get(`${talk}?owner=u-1&limit=2&cursor=${cursor}`), '?cursor');
    expectInvalid(await subject().get(`${talk}?sort=-value&limit=2&cursor=${cursor}`), '?cursor');
    for (const limit of [0, 201]) expectInvalid(await subject().get(`${talk}?limit=${limit}`), '?limit');
    expect((await board('?cards=0')).columns.map((column: any) => column.cards)).toEqual([[], [], []]);
    for (const cards of ['101', '-1', 'x']) {
      expectInvalid(await subject().get(`/v1/boards/${pipeline.id}?cards=${cards}`), '?cards');
    }
  });

  it('paging as of an instant goes on as of it', async () => {
    const then = `asOf=${encodeURIComponent(day(5.5))}`;
    const first = await board(`?cards=2&${then}`);
    const cursor = encodeURIComponent(first.columns[0].next);
    const rest = await done(
      subject().get(`/v1/boards/${pipeline.id}/columns/${pipeline.stages[0]}?${then}&cursor=${cursor}`),
    );
    expect(rest.items.map(nameOf)).toEqual(['c', 'won', 'lost']);
  });

  it('is refused for what is not there or makes no sense', async () => {
    const at = `/v1/boards/${pipeline.id}`;
    expectProblem(await subject().get(`/v1/boards/${UNKNOWN}`), 404, 'not-found');
    expectProblem(await subject().get(`${at}/columns/${UNKNOWN}`), 404, 'not-found');
    expectProblem(await subject().get(`${at}?colour=red`), 400, 'unknown-parameter');
    expectInvalid(await subject().get(`${at}?valueMin=5`), '?valueMin');
    expectInvalid(await subject().get(`${at}?valueMin=5.001&currency=EUR`), '?valueMin');
    expectInvalid(await subject().get(`${at}?stalled=maybe`), '?stalled');
    expectInvalid(await subject().get(`${at}?expectedCloseFrom=soon`), '?expectedCloseFrom');
  });
}
