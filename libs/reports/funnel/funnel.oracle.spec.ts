import fc from 'fast-check';
import type { JourneyPath } from '#views/deal-history/journey.js';
import { dealHistory, historyRows, pathOf } from '../testing/journeys.js';
import type { Step } from '../testing/journeys.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, pipeline, policiesOf, stage } from '../testing/play.js';
import { FUNNEL_DEFAULTS } from '../testing/questions.js';
import { walks, WALKED } from '../testing/random-journeys.js';
import { funnelQuery } from './funnel.query.js';

/**
 * Counts a funnel again, from the written-down steps and the sentences of metrics.md, by the slowest way there is and
 * without anything of this library.
 */
const START = at('2026-01-01');
const FROM = at('2026-01-05');
const TO = at('2026-02-05');

interface Happened {
  readonly stage: string;
  readonly here: boolean;
  readonly at: number;
  readonly order: number;
}

const placeOf = (stage: string | undefined): number => WALKED.findIndex((walked) => walked === stage);

class NaiveDeal {
  private readonly happened: Happened[] = [];
  private readonly closes: { readonly kind: string; readonly at: number; readonly order: number; here: boolean }[] = [];

  constructor(steps: readonly Step[], asOf: number) {
    let here = true;
    for (const [order, step] of steps.entries()) {
      if ('value' in step || step.at > asOf) continue;
      if ('turn' in step) this.closes.push({ kind: step.turn, at: step.at, order, here });
      else {
        here = step.pipeline === undefined ? here : step.pipeline === 'sales';
        this.happened.push({ stage: step.to, here, at: step.at, order });
      }
    }
  }

  get begin(): number | undefined {
    return this.happened.find(({ here }) => here)?.at;
  }

  visited(i: number): Happened | undefined {
    return this.happened.find(({ here, stage }) => here && stage === WALKED[i]);
  }

  get won(): boolean {
    return this.closes.some(({ kind, here }) => kind === 'won' && here);
  }

  get voided(): boolean {
    return this.closes.some(({ kind }) => kind === 'voided');
  }

  get outcome(): string {
    const last = this.happened.at(-1);
    if (last?.here === false) return 'switched';
    const close = this.closes.findLast(({ kind }) => kind !== 'churned');
    return close === undefined || close.order < (last?.order ?? 0) ? 'open' : close.kind;
  }

  reached(i: number): boolean {
    return this.won || this.happened.some(({ here, stage }) => here && placeOf(stage) >= i);
  }

  strict(i: number): boolean {
    const firsts = WALKED.slice(0, i + 1).map((_, stage) => this.visited(stage)?.order ?? NaN);
    return firsts.every((order, place) => (place === 0 ? !Number.isNaN(order) : order > (firsts[place - 1] ?? NaN)));
  }

  daysToNext(i: number): number | null {
    const from = this.visited(i);
    if (from === undefined) return null;
    const later = [
      ...this.happened.filter(({ here, stage }) => here && placeOf(stage) > i),
      ...this.closes.filter(({ kind, here }) => kind === 'won' && here),
    ].filter(({ order }) => order > from.order);
    const next = later.sort((a, b) => a.order - b.order)[0];
    return next === undefined ? null : (next.at - from.at) / DAY;
  }

  get lostAt(): number {
    if (this.outcome !== 'lost') return -1;
    return placeOf(this.happened.at(-1)?.stage);
  }
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  if (low === undefined || high === undefined) return null;
  return (low + high) / 2;
}

function naive(all: readonly (readonly Step[])[], asOf: number) {
  const cohort = all
    .map((steps) => new NaiveDeal(steps, asOf))
    .filter(({ voided, begin }) => !voided && begin !== undefined && begin >= FROM && begin < TO);
  const count = (test: (deal: NaiveDeal) => boolean): number => cohort.filter(test).length;
  return {
    n: cohort.length,
    open: count(({ outcome }) => outcome === 'open'),
    wonEver: count(({ won }) => won),
    wonNow: count(({ won, outcome }) => won && outcome === 'won'),
    stages: WALKED.map((_, i) => ({
      reached: count((deal) => deal.reached(i)),
      entered: count((deal) => deal.visited(i) !== undefined),
      strict: count((deal) => deal.strict(i)),
      lostAt: count((deal) => deal.lostAt === i),
      furthestLost: count((d) => !d.won && d.outcome === 'lost' && d.reached(i) && !d.reached(i + 1)),
      furthestOpen: count((d) => !d.won && d.outcome === 'open' && d.reached(i) && !d.reached(i + 1)),
      toNext: cohort.map((deal) => deal.daysToNext(i)).filter((days): days is number => days !== null),
    })),
  };
}

const POLICIES = policiesOf([
  pipeline(
    'sales',
    WALKED.map((id) => stage(id)),
  ),
]);

describe('the funnel', () => {
  it('has the numbers that its definitions give when counted by hand', async () => {
    const histories = fc.array(walks(START), { maxLength: 15 });
    const asOfs = fc.integer({ min: 0, max: 80 }).map((day) => START + day * DAY + 7);
    const law = fc.asyncProperty(histories, asOfs, async (all, asOf) => {
      const paths: readonly JourneyPath[] = all.map((steps) => pathOf(steps, 'sales'));
      const rows = paths.flatMap((path, index) => historyRows(`d${index}`, path));
      const views = new MemoryViews([dealHistory(rows)]);
      const params = {
        ...FUNNEL_DEFAULTS,
        pipelineId: 'sales',
        dates: { from: '2026-01-05', to: '2026-02-05' },
        asOf,
        now: asOf,
      };
      const truth = naive(all, asOf);
      const funnel = await funnelQuery(views, POLICIES, params);
      const strict = await funnelQuery(views, POLICIES, { ...params, mode: 'strict' });
      if (funnel === null || strict === null || 'groups' in funnel || 'groups' in strict) throw new Error('no funnel');
      expect(funnel.n).toBe(truth.n);
      expect(funnel.won).toMatchObject({ ever: truth.wonEver, now: truth.wonNow });
      expect(funnel.maturity ?? 0).toBeCloseTo(truth.n === 0 ? 0 : truth.open / truth.n, 5);
      truth.stages.forEach(({ strict: inOrder, toNext, ...counts }, index) => {
        const n = toNext.length;
        expect(funnel.stages[index]).toMatchObject({ ...counts, toNext: { n } });
        expect(strict.stages[index]).toMatchObject({ reached: inOrder });
        const stageOfIndex = funnel.stages[index];
        if (stageOfIndex === undefined || !('toNext' in stageOfIndex)) throw new Error('no stage');
        const { medianDays } = stageOfIndex.toNext;
        expect(medianDays ?? -1).toBeCloseTo(median(toNext) ?? -1, 3);
      });
    });
    await fc.assert(law, { numRuns: 200 });
  });
});
