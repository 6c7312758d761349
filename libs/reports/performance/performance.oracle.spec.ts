import fc from 'fast-check';
import { dealHistory, historyRows, pathOf } from '../testing/journeys.js';
import type { Step } from '../testing/journeys.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, pipeline, policiesOf, stage } from '../testing/play.js';
import { PERFORMANCE_DEFAULTS } from '../testing/questions.js';
import { walks, WALKED } from '../testing/random-journeys.js';
import { performanceQuery } from './performance.query.js';

/** Recomputed from the written-down steps and the sentences of metrics.md, in floating point and by the slowest way. */
const START = at('2026-01-01');

interface NaiveClose {
  readonly kind: string;
  readonly at: number;
  readonly days: number;
  readonly value: number | null;
}

function effectiveClose(steps: readonly Step[], asOf: number): NaiveClose | null {
  let close: NaiveClose | null = null;
  let value: number | null = null;
  let first: number | null = null;
  for (const step of steps) {
    if (step.at > asOf) break;
    if ('value' in step) value = step.value;
    else if ('turn' in step) {
      if (step.turn === 'churned') continue;
      const days = (step.at - (first ?? step.at)) / DAY;
      close = step.turn === 'merged' || step.turn === 'voided' ? null : { kind: step.turn, at: step.at, days, value };
    } else {
      first ??= step.at;
      close = null;
    }
  }
  return close;
}

const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;

function quantile(list: readonly number[], p: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  const h = (sorted.length - 1) * p;
  const [low = NaN, high = low] = [sorted[Math.floor(h)], sorted[Math.floor(h) + 1]];
  return low + (h - Math.floor(h)) * (high - low);
}

const SALES = pipeline(
  'sales',
  WALKED.map((id) => stage(id)),
);
const POLICIES = policiesOf([SALES, pipeline('other', [stage('o1')])]);

describe('performance', () => {
  it('has the numbers that its definitions give when counted by hand', async () => {
    const histories = fc.array(walks(START), { maxLength: 25 });
    const asOfs = fc.integer({ min: 10, max: 90 }).map((day) => START + day * DAY + 7);
    const law = fc.asyncProperty(histories, asOfs, async (all, asOf) => {
      const rows = all.flatMap((steps, index) => historyRows(`d${index}`, pathOf(steps, 'sales')));
      const answer = await performanceQuery(new MemoryViews([dealHistory(rows)]), POLICIES, {
        ...PERFORMANCE_DEFAULTS,
        dates: { from: '2026-01-10', to: '2026-02-10' },
        asOf,
        now: asOf,
        minSample: 1,
        window: 'P20D',
      });
      if (answer === null || 'groups' in answer) throw new Error('no answer');
      const closes = all.map((steps) => effectiveClose(steps, asOf)).filter((close) => close !== null);
      const within = (from: number, to: number) => closes.filter((close) => close.at >= from && close.at < to);
      const inWindow = within(at('2026-01-10'), at('2026-02-10'));
      const won = inWindow.filter(({ kind }) => kind === 'won');
      const lost = inWindow.length - won.length;
      expect(answer.n).toBe(inWindow.length);
      expect(answer.winRate.closed).toMatchObject({ won: won.length, lost });
      expect(answer.winRate.closed.ratio ?? 0).toBeCloseTo(won.length === 0 ? 0 : won.length / inWindow.length, 5);
      expect(answer.withoutValue).toBe(won.filter(({ value }) => value === null).length);
      const days = won.map((close) => close.days);
      expect(answer.salesCycle.n).toBe(days.length);
      if (days.length > 0) {
        expect(answer.salesCycle.meanDays ?? NaN).toBeCloseTo(mean(days), 3);
        expect(answer.salesCycle.medianDays ?? NaN).toBeCloseTo(quantile(days, 0.5), 3);
        expect(answer.salesCycle.p90Days ?? NaN).toBeCloseTo(quantile(days, 0.9), 3);
      }
      const sizes = won.flatMap(({ value }) => (value === null ? [] : [value / 100]));
      const [size] = answer.dealSize;
      expect(size?.n ?? 0).toBe(sizes.length);
      if (sizes.length > 0) {
        expect(Math.abs(Number(size?.mean) - mean(sizes))).toBeLessThan(0.0051);
        expect(Math.abs(Number(size?.median) - quantile(sizes, 0.5))).toBeLessThan(0.0051);
      }
      const before = within(at('2025-12-10'), at('2026-01-10'));
      const sum = (list: readonly NaiveClose[]): number =>
        list.reduce((total, { kind, value }) => total + (kind === 'won' ? (value ?? 0) : 0), 0) / 100;
      const [growth] = answer.revenueGrowth;
      expect(Number(growth?.current ?? 0)).toBeCloseTo(sum(inWindow), 5);
      expect(Number(growth?.previous ?? 0)).toBeCloseTo(sum(before), 5);
      const recent = within(asOf - 20 * DAY, asOf);
      const [potential] = answer.velocity.potential;
      if (potential === undefined) return;
      expect(potential.inputs.wins).toBe(recent.filter(({ kind }) => kind === 'won').length);
      expect(potential.inputs.losses).toBe(recent.filter(({ kind }) => kind === 'lost').length);
    });
    await fc.assert(law, { numRuns: 150 });
  });
});
