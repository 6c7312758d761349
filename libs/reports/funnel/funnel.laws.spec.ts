import fc from 'fast-check';
import type { JourneyPath } from '#views/deal-history/journey.js';
import { dealHistory, historyRows, pathOf } from '../testing/journeys.js';
import { MemoryViews } from '../testing/memory-views.js';
import { at, DAY, pipeline, policiesOf, stage } from '../testing/play.js';
import { FUNNEL_DEFAULTS } from '../testing/questions.js';
import { walks, WALKED } from '../testing/random-journeys.js';
import type { CohortStage, WonBar } from './cohort-tally.js';
import { FUNNEL_CELLS, funnelDrill } from './funnel.drill.js';
import type { FunnelParams } from './funnel.params.js';
import { funnelQuery } from './funnel.query.js';

const START = at('2026-01-01');
const SALES = pipeline(
  'sales',
  WALKED.map((id) => stage(id)),
);
const POLICIES = policiesOf([SALES, pipeline('other', [stage('o1')])]);
const histories = fc.array(
  walks(START).map((steps) => pathOf(steps, 'sales')),
  { maxLength: 12 },
);
const asOfs = fc.integer({ min: 0, max: 80 }).map((day) => START + day * DAY);

function question(mode: FunnelParams['mode'], asOf: number): FunnelParams {
  return {
    ...FUNNEL_DEFAULTS,
    pipelineId: 'sales',
    dates: { from: '2026-01-05', to: '2026-02-05' },
    mode,
    asOf,
    now: at('2027-01-01'),
  };
}

function viewsOf(paths: readonly JourneyPath[]): MemoryViews {
  return new MemoryViews([dealHistory(paths.flatMap((path, index) => historyRows(`d${index}`, path)))]);
}

interface Counted {
  readonly n: number;
  readonly stages: readonly CohortStage[];
  readonly won: WonBar;
  readonly maturity: number | null;
}

async function counted(views: MemoryViews, params: FunnelParams): Promise<Counted> {
  const funnel = await funnelQuery(views, POLICIES, params);
  if (funnel === null || 'groups' in funnel || funnel.won === null) throw new Error('no funnel');
  const stages = funnel.stages.filter((each): each is CohortStage => 'reached' in each);
  return { n: funnel.n, stages, won: funnel.won, maturity: funnel.maturity };
}

describe('laws of the funnel', () => {
  it('reached never increases, and every ratio lies in 0 to 1', async () => {
    const law = fc.asyncProperty(histories, asOfs, fc.constantFrom('reached', 'strict'), async (paths, asOf, mode) => {
      const { stages, won, maturity, n } = await counted(viewsOf(paths), question(mode, asOf));
      const bars = [...stages.map(({ reached }) => reached), won.ever];
      bars.reduce((before, bar) => {
        expect(bar).toBeLessThanOrEqual(before);
        return bar;
      }, n);
      const ratios = [
        maturity,
        won.step,
        won.cumulative,
        ...stages.flatMap(({ conversion }) => Object.values(conversion)),
      ];
      for (const each of ratios) if (each !== null) expect(each >= 0 && each <= 1).toBe(true);
      expect(won.now).toBeLessThanOrEqual(won.ever);
    });
    await fc.assert(law, { numRuns: 150 });
  });

  it('what is not reached any more is where deals that were never won ended', async () => {
    const law = fc.asyncProperty(histories, asOfs, fc.constantFrom('reached', 'strict'), async (paths, asOf, mode) => {
      const neverWon = paths.filter(({ turns }) => !turns.some(({ kind, at: when }) => kind === 'won' && when <= asOf));
      const { stages, won } = await counted(viewsOf(neverWon), question(mode, asOf));
      expect(won.ever).toBe(0);
      stages.forEach((each, index) => {
        const ended = each.furthestLost + each.furthestOpen + each.furthestSwitched + each.furthestMerged;
        expect(each.reached - (stages[index + 1]?.reached ?? 0)).toBe(ended);
      });
    });
    await fc.assert(law, { numRuns: 150 });
  });

  it('in reached, the same holds with won deals among them', async () => {
    const law = fc.asyncProperty(histories, asOfs, async (paths, asOf) => {
      const { stages, won } = await counted(viewsOf(paths), question('reached', asOf));
      stages.forEach((each, index) => {
        const ended = each.furthestLost + each.furthestOpen + each.furthestSwitched + each.furthestMerged;
        expect(each.reached - (stages[index + 1]?.reached ?? won.ever)).toBe(ended);
        expect(each.reached).toBe(each.entered + each.skipped + each.startedLater);
      });
    });
    await fc.assert(law, { numRuns: 150 });
  });

  it('buckets and owners add up to the whole', async () => {
    const law = fc.asyncProperty(histories, asOfs, async (paths, asOf) => {
      const rows = paths.flatMap((path, index) => historyRows(`d${index}`, path, { owner: `u${index % 3}` }));
      const views = new MemoryViews([dealHistory(rows)]);
      const whole = await counted(views, question('reached', asOf));
      const byWeek = await funnelQuery(views, POLICIES, { ...question('reached', asOf), bucket: 'week' });
      if (byWeek === null || 'groups' in byWeek) throw new Error('no funnel');
      const byOwner = await funnelQuery(views, POLICIES, { ...question('reached', asOf), groupBy: 'owner' });
      if (byOwner === null || !('groups' in byOwner)) throw new Error('no groups');
      for (const parts of [byWeek.buckets, byOwner.groups]) {
        const reached = (index: number): number =>
          parts.reduce((sum, { stages }) => {
            const each = stages[index];
            return sum + (each !== undefined && 'reached' in each ? each.reached : 0);
          }, 0);
        expect(WALKED.map((_, index) => reached(index))).toEqual(whole.stages.map((each) => each.reached));
        expect(parts.reduce((sum, { won }) => sum + (won?.ever ?? 0), 0)).toBe(whole.won.ever);
      }
    });
    await fc.assert(law, { numRuns: 50 });
  });

  it('a cell opens to as many deals as it counts, page by page', async () => {
    const cells = fc.constantFrom(...FUNNEL_CELLS);
    const modes = fc.constantFrom('reached', 'strict', 'entered');
    const law = fc.asyncProperty(histories, asOfs, cells, modes, fc.nat(3), async (paths, asOf, cell, mode, index) => {
      const views = viewsOf(paths);
      const { stages, won } = await counted(views, question(mode, asOf));
      const stageOfCell = stages[index];
      const expected = cell === 'won' ? won.ever : (stageOfCell?.[cell] ?? -1);
      const drill = { ...question(mode, asOf), cell, stageId: WALKED[index] ?? null, limit: 2 };
      const seen: string[] = [];
      for (let after: readonly (string | number | null)[] | null = null; ;) {
        const titles = (ids: readonly string[]) => Promise.resolve(new Map(ids.map((id) => [id, `Title ${id}`])));
        const page = await funnelDrill(views, POLICIES, { ...drill, after, titles });
        if (page === null) throw new Error('no page');
        expect(page.n).toBe(expected);
        seen.push(...page.items.map(({ dealId }) => dealId));
        for (const { dealId, title, event } of page.items) {
          expect(title).toBe(`Title ${dealId}`);
          expect(Date.parse(event.occurredAt)).toBeLessThanOrEqual(asOf);
        }
        if (page.next === null) break;
        after = page.next;
      }
      expect(new Set(seen).size).toBe(expected);
      expect(seen).toHaveLength(expected);
    });
    await fc.assert(law, { numRuns: 150 });
  });
});
