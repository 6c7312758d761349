import fc from 'fast-check';
import { dealHistory, historyRows, pathOf } from '../testing/journeys.js';
import type { Step } from '../testing/journeys.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, pipeline, stage } from '../testing/play.js';
import { WALKED, walks } from '../testing/random-journeys.js';
import { historicalProbabilities, HISTORY_DAYS, MIN_SAMPLE } from './historical.js';
import { weighedVersion } from './stage-probabilities.js';

const START = at('2026-01-01');
const SALES = pipeline(
  'sales',
  WALKED.map((id) => stage(id)),
);
const version = SALES.versions[0];
if (version === undefined) throw new Error('no version');

const viewsOf = (all: readonly (readonly Step[])[]) =>
  new MemoryViews([dealHistory(all.flatMap((steps, index) => historyRows(`d${index}`, pathOf(steps, 'sales'))))]);

/** Counted from the steps, by the sentence of metrics.md. */
function naive(all: readonly (readonly Step[])[], until: number) {
  const places: readonly string[] = WALKED;
  const deals = all.map((steps) => {
    const past = steps.filter((step) => step.at < until);
    let here = true;
    let [furthest, wonHere] = [-1, false];
    let close: Step | null = null;
    for (const step of past) {
      if ('turn' in step) {
        // A churn takes nothing back of the win.
        if (step.turn !== 'churned') close = step;
        if (step.turn === 'won' && here) wonHere = true;
      } else if ('to' in step) {
        close = null;
        here = step.pipeline === undefined ? here : step.pipeline === 'sales';
        if (here) furthest = Math.max(furthest, places.indexOf(step.to));
      }
    }
    const gone = past.some((step) => 'turn' in step && (step.turn === 'merged' || step.turn === 'voided'));
    const counted = here && !gone && close !== null && close.at >= until - HISTORY_DAYS * DAY && furthest >= 0;
    const won = close !== null && 'turn' in close && close.turn === 'won';
    return { counted, won, furthest, wonHere };
  });
  return places.map((_, i) => {
    const reached = deals.filter(({ counted, furthest, wonHere }) => counted && (wonHere || furthest >= i));
    const won = reached.filter((deal) => deal.won).length;
    return { won, n: reached.length };
  });
}

describe('the historical probability of a stage', () => {
  it('is won / closed among the deals that reached it, as counted by hand', async () => {
    const days = fc.integer({ min: 0, max: 500 });
    const law = fc.asyncProperty(fc.array(walks(START), { maxLength: 25 }), days, async (all, day) => {
      const until = START + day * DAY;
      const answer = await historicalProbabilities(viewsOf(all), SALES, version, until);
      for (const [index, { won, n }] of naive(all, until).entries()) {
        const found = answer.get(WALKED[index] ?? '');
        expect(found?.n).toBe(n);
        if (n < MIN_SAMPLE) expect(found?.value).toBeNull();
        else expect(found?.value).toBeCloseTo(won / n, 3);
      }
    });
    await fc.assert(law, { numRuns: 300 });
  });

  const won = (to: string): readonly Step[] => [
    { to, at: START },
    { turn: 'won', at: START + DAY },
  ];
  const lost = (to: string): readonly Step[] => [
    { to, at: START },
    { turn: 'lost', at: START + DAY },
  ];
  const closes = [won('s1'), won('s1'), lost('s1'), lost('s2'), lost('s2'), lost('s2')];
  const policy = {
    ...version,
    stages: version.stages.map((each) => ({ ...each, probabilityFrom: 'historical' as const })),
  };
  const weigh = async (instant: number, all = closes) =>
    (await weighedVersion(viewsOf(all), SALES, policy, instant, 'Europe/Berlin')).stages.map(
      (each) => each.probability,
    );

  it('weighs where the policy takes it, and leaves it to the fixed one where too few were closed', async () => {
    expect(await weigh(START + 10 * DAY)).toEqual([0.3333, 0.4, 0.5, 0.5]);
    expect(await weigh(START + 10 * DAY, closes.slice(2))).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect((await weighedVersion(viewsOf(closes), SALES, version, START + 10 * DAY, 'UTC')).stages).toEqual(
      version.stages,
    );
  });

  it('is that of the beginning of the day, in the zone', async () => {
    const evening = at('2026-01-02T23:30:00.000Z');
    // It is the third of January already in Berlin: the closes of the second are before it.
    expect(await weigh(evening)).toEqual([0.3333, 0.4, 0.5, 0.5]);
    expect(await weigh(evening - DAY)).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(await weigh(START + (HISTORY_DAYS + 3) * DAY)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});
