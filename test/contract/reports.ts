import { done } from './shapes.js';
import { type Subject } from './session.js';
import { totals } from './oracle/exact.js';
import { cohort, type Filter, funnel, period, strict, transitions, type Window } from './oracle/flows.js';
import { type Deal, dealAt, type PipelineModel } from './oracle/model.js';
import { closes, performance, potential } from './oracle/rates.js';
import { DAY, type World } from './oracle/world.js';

const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
const query = ({ from, to, asOf }: Window) => `from=${date(from)}&to=${date(to)}&asOf=${new Date(asOf).toISOString()}`;
const FILTERS: readonly [string, Filter][] = [
  ['', () => true],
  ['&owner=bob', (then) => then.owner === 'bob'],
  ['&label=blue', (then) => then.deal.labels.includes('blue')],
  ['&source=web&owner=ann&owner=cy', (then) => then.deal.source === 'web' && /ann|cy/u.test(then.owner)],
];

/** What flowed: funnels and performance of random histories against the model. */
export function reports(subject: Subject, world: () => World): void {
  type Case = [pipeline: PipelineModel, own: Deal[], window: Window, filter: string, holds: Filter];
  const cases = (): Case[] =>
    world()
      .windows()
      .flatMap((window) =>
        [0, 1, 2].flatMap((at) => FILTERS.map(([filter, holds]): Case => [...world().of(at), window, filter, holds])),
      );
  const ask = (report: string, pipeline: PipelineModel, window: Window, more: string) =>
    done(subject().get(`/v1/${report}?pipeline=${pipeline.id}&${query(window)}${more}`));

  it('funnels of cohorts', async () => {
    for (const [pipeline, own, window, filter, holds] of cases()) {
      const answer = await ask('funnel', pipeline, window, filter);
      const expected = funnel(pipeline, own, window, holds);
      expect({ filter, window, answer }).toMatchObject({ filter, window, answer: expected });
      for (const [at, stage] of answer.stages.entries()) {
        const next = answer.stages[at + 1]?.reached ?? answer.won.ever;
        expect(stage.reached - next).toBe(stage.furthestLost + stage.furthestOpen);
      }
    }
  });

  it('strict funnels, those of entries, and the matrix of moves', async () => {
    for (const [pipeline, own, window, filter, holds] of cases()) {
      const members = cohort(pipeline, own, window, holds);
      const counts = strict(pipeline, members);
      const answer = await ask('funnel', pipeline, window, `${filter}&mode=strict`);
      expect([...answer.stages.map((stage: any) => stage.reached), answer.won.ever]).toEqual(counts);
      const entered = await ask('funnel', pipeline, window, `${filter}&mode=entered`);
      for (const stage of entered.stages) expect(stage.reached).toBe(stage.entered);
      const matrix = (await ask('funnel', pipeline, window, `${filter}&mode=transitions`)).transitions;
      const rows = matrix.map(({ from, to, count, share }: any) => JSON.stringify([from, to, count, share]));
      expect(rows.sort()).toEqual(transitions(pipeline, members));
    }
  });

  it('funnels of visits that ended, and of the stock', async () => {
    for (const window of world().windows()) {
      for (const [pipeline, own] of [0, 1, 2].map((at) => world().of(at))) {
        const ended = (await ask('funnel', pipeline, window, '&basis=period')).stages.map(
          ({ stageId, exits, advanced, conversion }: any) => ({ stageId, exits, advanced, step: conversion.step }),
        );
        expect(ended).toEqual(period(pipeline, own, window));
        const open = own
          .flatMap((deal) => dealAt(pipeline, deal, window.asOf) ?? [])
          .filter((one) => one.status === 'open');
        const stock = (await ask('funnel', pipeline, window, '&basis=snapshot')).stages.map(
          ({ stageId, count, value }: any) => ({ stageId, count, value }),
        );
        const expected = pipeline.stages.flatMap((stage, place) => {
          const here = open.filter((one) => one.stage === place);
          return stage.open ? [{ stageId: stage.id, count: here.length, value: totals(here, (one) => one.value) }] : [];
        });
        expect(stock).toEqual(expected);
      }
    }
  });

  it('windows in another zone', async () => {
    const zone = 'Asia/Tokyo';
    const ahead = 9 * 3_600_000;
    for (const window of world().windows().slice(0, 4)) {
      const [pipeline, own] = world().of(0);
      const shifted = { ...window, from: window.from - ahead, to: window.to - ahead };
      const answer = await ask('funnel', pipeline, window, `&tz=${zone}`);
      expect(answer).toMatchObject({ tz: zone, ...funnel(pipeline, own, shifted) });
      const closed = (await ask('performance', pipeline, window, `&tz=${zone}`)).winRate.closed;
      expect(closed.won + closed.lost).toBe(closes(pipeline, own, shifted).length);
    }
  });

  it('buckets, each as the funnel of its own window', async () => {
    for (const window of world().windows().slice(0, 3)) {
      const [pipeline, own] = world().of(0);
      const { buckets, n } = await ask('funnel', pipeline, window, '&bucket=month');
      expect(buckets.reduce((sum: number, bucket: any) => sum + bucket.n, 0)).toBe(n);
      expect([buckets[0].from, buckets.at(-1).to]).toEqual([date(window.from), date(window.to)]);
      for (const bucket of buckets) {
        const part = { ...window, from: Date.parse(bucket.from), to: Date.parse(bucket.to) };
        expect(bucket).toMatchObject(funnel(pipeline, own, part));
      }
    }
  });

  it('cells, as many as the funnel says, page by page', async () => {
    const window = world().windows()[4]!;
    for (const [pipeline] of [0, 1, 2].map((at) => world().of(at))) {
      const { stages, won } = await ask('funnel', pipeline, window, '');
      const cells = 'reached entered skipped startedLater lostAt furthestLost furthestOpen'.split(' ');
      for (const stage of stages) {
        for (const cell of cells) {
          expect([cell, await countIn(pipeline, window, stage.stageId, cell)]).toEqual([cell, stage[cell]]);
        }
      }
      expect(await countIn(pipeline, window, stages[0].stageId, 'won')).toBe(won.ever);
    }
  });

  async function countIn(pipeline: PipelineModel, window: Window, stageId: string, cell: string): Promise<number> {
    const ids = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const more = `&stageId=${stageId}&cell=${cell}&limit=20${after}`;
      const page: any = await ask('funnel/drill', pipeline, window, more);
      for (const item of page.items) ids.add(item.dealId);
      if (page.next === null) expect(page.n).toBe(ids.size);
      cursor = page.next;
    }
    return ids.size;
  }

  it('performance', async () => {
    for (const [pipeline, own, window, filter, holds] of cases()) {
      const length = (window.to - window.from) / DAY;
      const before = { ...window, from: window.from - length * DAY, to: window.from };
      const members = cohort(pipeline, own, window, holds);
      const { realised, ...expected } = performance(
        members,
        closes(pipeline, own, window, holds),
        closes(pipeline, own, before, holds),
        length,
      );
      const answer = await ask('performance', pipeline, window, filter);
      expect({ filter, window, answer }).toMatchObject({ filter, window, answer: expected });
      const recent = { ...window, from: window.asOf - 90 * DAY, to: window.asOf };
      const open = own
        .flatMap((deal) => dealAt(pipeline, deal, window.asOf) ?? [])
        .filter((then) => then.status === 'open' && holds(then))
        .map((then) => then.value);
      expect({ filter, window, velocity: answer.velocity }).toEqual({
        filter,
        window,
        velocity: { realised, potential: potential(open, closes(pipeline, own, recent, holds)) },
      });
    }
  });

  it('performance of all pipelines, where none is named', async () => {
    const owners = (then: { owner: string }) => then.owner === 'ann' || then.owner === 'dee';
    for (const window of world().windows()) {
      const length = (window.to - window.from) / DAY;
      const before = { ...window, from: window.from - length * DAY, to: window.from };
      const all = [0, 1, 2].map((at) => world().of(at));
      const { realised, ...expected } = performance(
        all.flatMap(([pipeline, own]) => cohort(pipeline, own, window, owners)),
        all.flatMap(([pipeline, own]) => closes(pipeline, own, window, owners)),
        all.flatMap(([pipeline, own]) => closes(pipeline, own, before, owners)),
        length,
      );
      const answer = await done(subject().get(`/v1/performance?${query(window)}&owner=ann&owner=dee`));
      expect({ window, answer }).toMatchObject({ window, answer: { ...expected, velocity: { realised } } });
    }
  });
}
