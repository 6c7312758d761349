import { done } from './shapes.js';
import { type Subject } from './session.js';
import { dealAt, type Deal, type PipelineModel } from './oracle/model.js';
import { board, onBoard, type Stalling } from './oracle/stock.js';
import { DAY, type World } from './oracle/world.js';
import { START } from './oracle/history.js';

const instant = (at: number): string => new Date(at).toISOString();
const FILTERS: readonly [string, (one: Stalling) => boolean][] = [
  ['', () => true],
  ['owner=ann', (one) => one.owner === 'ann'],
  ['owner=ann&owner=bob', (one) => one.owner === 'ann' || one.owner === 'bob'],
  ['label=red', (one) => one.deal.labels.includes('red')],
  ['label=red&label=blue&source=web', (one) => /red|blue/u.test(one.deal.labels.join()) && one.deal.source === 'web'],
  [
    'valueMin=1000&valueMax=3000&currency=EUR',
    ({ value }) => value?.currency === 'EUR' && value.minor >= 100_000n && value.minor <= 300_000n,
  ],
  ['valueMin=100000&currency=JPY', ({ value }) => value?.currency === 'JPY' && value.minor >= 100_000n],
  ['stalled=true', (one) => one.stalled],
  ['stalled=false&owner=cy', (one) => !one.stalled && one.owner === 'cy'],
];

/** What stood where and when: boards, single deals and stalled deals of random histories against the model. */
export function stocks(subject: Subject, world: () => World): void {
  const expectBoard = async (pipeline: PipelineModel, own: readonly Deal[], at: number, query: string) => {
    for (const [filter, holds] of FILTERS) {
      const expected = board(pipeline, onBoard(pipeline, own, at).filter(holds));
      const answer = await done(subject().get(`/v1/boards/${pipeline.id}?cards=0${query}&${filter}`));
      const columns = answer.columns.map((column: any) => {
        const { name: _, kind: _kind, rank: _rank, retired: _retired, cards: _cards, next: _next, ...sums } = column;
        return sums;
      });
      expect({ query, filter, columns, totals: answer.totals }).toEqual({ query, filter, ...expected });
    }
  };

  it('boards, as of many instants, under many filters', async () => {
    for (const [at, when] of world().instants().entries()) {
      await expectBoard(...world().of(at % 3), when, `&asOf=${instant(when)}`);
    }
  });

  it('lists of open deals, under the same filters', async () => {
    for (const [pipeline, own] of [0, 1, 2].map((at) => world().of(at))) {
      for (const [filter, holds] of FILTERS) {
        const { items } = await done(
          subject().get(`/v1/deals?pipeline=${pipeline.id}&status=open&limit=200&${filter}`),
        );
        const open = onBoard(pipeline, own, Date.now()).filter((one) => one.status === 'open' && holds(one));
        expect({ filter, ids: idsOf(items) }).toEqual({ filter, ids: open.map((one) => one.deal.id).sort() });
      }
    }
  });

  it('columns, page by page, the longest untouched first', async () => {
    const when = START + 150 * DAY;
    for (const [pipeline, own] of [0, 1, 2].map((at) => world().of(at))) {
      for (const [place, { id }] of pipeline.stages.entries()) {
        const here = onBoard(pipeline, own, when).filter((one) => one.stage === place);
        const path = `/v1/boards/${pipeline.id}/columns/${id}?asOf=${instant(when)}&limit=3`;
        const cards = await pages(subject, path);
        expect(idsOf(cards)).toEqual(here.map((one) => one.deal.id).sort());
        const models = cards.map((card) => here.find((one) => one.deal.id === card.id)!);
        const touches = models.map((one) => one.touch);
        expect(touches).toEqual(touches.toSorted((a, b) => a - b));
        expect(cards.map(({ rotAt, enteredAt, stalled, status }) => ({ rotAt, enteredAt, stalled, status }))).toEqual(
          models.map(({ rotAt, visits, stalled, status }) => ({
            rotAt: rotAt === null ? null : instant(rotAt),
            enteredAt: instant(visits.at(-1)!.enteredAt),
            stalled,
            status,
          })),
        );
      }
    }
  });

  it('single deals, as of many instants', async () => {
    const instants = world().instants();
    for (const [at, deal] of world().deals.entries()) {
      const when = instants[at % instants.length]!;
      const pipeline = world().pipelines[deal.pipeline]!;
      const answer = await subject().get(`/v1/deals/${deal.id}?asOf=${instant(when)}`);
      expect([deal.id, answer.status, shownDeal(answer.body)]).toEqual([
        deal.id,
        ...expectedDeal(pipeline, deal, when),
      ]);
    }
  });

  it('stalled and overstayed deals, page by page', async () => {
    for (const [at, when] of world().instants().entries()) {
      const [pipeline, own] = world().of(at % 3);
      for (const kind of ['stalled', 'overstayed'] as const) {
        const expected = onBoard(pipeline, own, when).filter((one) => one[kind] && (at % 2 > 0 || one.owner !== 'ann'));
        const owners = at % 2 > 0 ? '' : '&owner=bob&owner=cy&owner=dee';
        const path = `/v1/stalled?limit=7&pipeline=${pipeline.id}&kind=${kind}&asOf=${instant(when)}${owners}`;
        const items = await pages(subject, path, expected.length);
        expect(idsOf(items)).toEqual(expected.map((one) => one.deal.id).sort());
        const rotting = items.map((item) => item.rotAt).filter((rots) => rots !== null);
        expect(rotting).toEqual(rotting.toSorted());
      }
    }
  });

  it('boards of today, under a policy that has changed, while those of then keep theirs', async () => {
    const [pipeline, own] = world().of(0);
    const set = { stageId: pipeline.stages[0]!.id, probability: 0.1234, rottenAfter: null, maxStay: null };
    await done(subject().post(`/v1/pipelines/${pipeline.id}/set-stage-policy`, set));
    const when = START + 150 * DAY;
    await expectBoard(pipeline, own, when, `&asOf=${instant(when)}`);
    const changed = { ...pipeline.stages[0]!, probability: 1234, rottenAfter: null, maxStay: null };
    await expectBoard({ ...pipeline, stages: [changed, ...pipeline.stages.slice(1)] }, own, Date.now(), '');
  });
}

const idsOf = (items: readonly any[]): string[] => items.map((item) => item.id).sort();

/** All items of a list; each page says `n`, where the list counts. */
async function pages(subject: Subject, path: string, n?: number): Promise<any[]> {
  const items = [];
  for (let next: string | null = ''; next !== null;) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`;
    const page: any = await done(subject().get(path + cursor));
    expect(page.n).toBe(n);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}

function shownDeal({ status, code, ownerId, stageId, visits, stall }: any): unknown {
  if (visits === undefined) return code;
  return {
    status,
    ownerId,
    stageId,
    visits: visits.map((one: any) => [one.stageId, one.entry, one.enteredAt, one.exitedAt, one.exit]),
    stall: stall && { stalled: stall.stalled, overstayed: stall.overstayed, rotAt: stall.rotAt },
  };
}

function expectedDeal(pipeline: PipelineModel, deal: Deal, when: number): [number, unknown] {
  const then = dealAt(pipeline, deal, when);
  if (then === null) return [404, 'not-found'];
  const time = (at: number | null) => (at === null ? null : instant(at));
  const id = (place: number) => pipeline.stages[place]!.id;
  const [placed] = onBoard(pipeline, [deal], when);
  const { status, owner, stage, visits } = then;
  return [
    200,
    {
      status,
      ownerId: owner,
      stageId: id(stage),
      visits: visits.map((one) => [id(one.stage), one.entry, time(one.enteredAt), time(one.exitedAt), one.exit]),
      stall: placed ? { stalled: placed.stalled, overstayed: placed.overstayed, rotAt: time(placed.rotAt) } : null,
    },
  ];
}
