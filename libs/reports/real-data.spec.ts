import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { currentVersion } from '#domain/pipeline/pipeline.policy.js';
import { FUNNEL_DEFAULTS, PERFORMANCE_DEFAULTS } from './testing/questions.js';
import type { CohortStage } from './funnel/cohort-tally.js';
import { ladderOf } from './funnel/ladder.js';
import { measure } from './funnel/measure.js';
import { funnelQuery } from './funnel/funnel.query.js';
import type { FunnelParams } from './funnel/funnel.params.js';
import { performanceQuery } from './performance/performance.query.js';
import { dealHistory, historyRows, openSegment, pathOf } from './testing/journeys.js';
import type { Step } from './testing/journeys.js';
import { MemoryViews } from './testing/memory-views.js';
import { at, pipeline, policiesOf, stage } from './testing/play.js';

/** Real logs that are not ours to pass on: outside of the repository, with what the definitions give on them. */
const DATA = join(process.cwd(), '..', 'shared', 'data');
const present = existsSync(join(DATA, 'expected.json'));
if (!present) process.stdout.write(`skipped: the real logs are not at ${DATA}\n`);
const describeReal = present ? describe : describe.skip;

function csv(path: string): readonly Record<string, string>[] {
  return parse<Record<string, string>>(readFileSync(join(DATA, path)), { columns: true });
}

function expected(): Expected {
  return JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8')) as Expected;
}

interface Expected {
  readonly 'maven-crm': {
    readonly win_rate_closed: number;
    readonly avg_won: number;
    readonly cycle_mean_days: number;
    readonly cycle_median_days: number;
    readonly by_close_quarter: Readonly<
      Record<
        string,
        { readonly won: number; readonly lost: number; readonly won_value: number; readonly win_rate: number }
      >
    >;
    readonly stages: Readonly<Record<string, number>>;
    readonly won_value: number;
    readonly open_deals: number;
  };
  readonly helpdesk: {
    readonly stage_order: readonly string[];
    readonly cases: number;
    readonly entered_distinct: Readonly<Record<string, number>>;
    readonly strict_in_order: Readonly<Record<string, number>>;
    readonly reached_cumulative: Readonly<Record<string, number>>;
    readonly cases_with_backward_move: number;
    readonly cases_with_reentry: number;
  };
}

describeReal('the ticket log of a help desk', () => {
  const truth = present ? expected().helpdesk : null;
  const order = truth?.stage_order ?? [];
  const views = new MemoryViews(present ? [dealHistory(ticketRows(order))] : []);
  const policies = policiesOf([
    pipeline(
      'desk',
      order.map((name) => stage(name)),
    ),
  ]);

  async function stages(mode: FunnelParams['mode']): Promise<readonly CohortStage[]> {
    const dates = { from: '2010-01-01', to: '2015-01-01' };
    const funnel = await funnelQuery(views, policies, {
      ...FUNNEL_DEFAULTS,
      pipelineId: 'desk',
      dates,
      mode,
      now: at('2015-01-01'),
    });
    if (funnel === null || 'groups' in funnel) throw new Error('no funnel');
    return funnel.stages.filter((each): each is CohortStage => 'reached' in each);
  }

  function byName(list: readonly CohortStage[], of: (each: CohortStage) => number): Record<string, number> {
    return Object.fromEntries(list.map((each) => [each.name, of(each)]));
  }

  it('has as many deals in each stage as its independent count', async () => {
    expect(byName(await stages('reached'), ({ reached }) => reached)).toEqual(truth?.reached_cumulative);
    expect(byName(await stages('reached'), ({ entered }) => entered)).toEqual(truth?.entered_distinct);
    expect(byName(await stages('entered'), ({ reached }) => reached)).toEqual(truth?.entered_distinct);
    expect(byName(await stages('strict'), ({ reached }) => reached)).toEqual(truth?.strict_in_order);
  });

  it('has as many deals that go back, or enter a stage again, as its independent count', () => {
    const desk = pipeline(
      'desk',
      order.map((name) => stage(name)),
    );
    const ladder = ladderOf(desk, currentVersion(desk));
    const facts = tickets(order).flatMap(({ path }) => measure(path, 'desk', ladder, 'current') ?? []);
    expect(facts).toHaveLength(4576);
    expect(facts.filter(({ backwardFrom }) => backwardFrom.some(Boolean))).toHaveLength(
      truth?.cases_with_backward_move ?? -1,
    );
    expect(facts.filter(({ reentries }) => reentries.some(Boolean))).toHaveLength(truth?.cases_with_reentry ?? -1);
  });

  it('accounts for every deal that reached a stage', async () => {
    for (const each of await stages('reached')) {
      expect(each.entered + each.skipped + each.startedLater).toBe(each.reached);
    }
  });

  it('never converts more than all', async () => {
    for (const each of [...(await stages('reached')), ...(await stages('strict'))]) {
      expect(each.conversion.step).toBeLessThanOrEqual(1);
      expect(each.conversion.cumulative).toBeLessThanOrEqual(1);
    }
  });
});

/** Tickets as deals: a repeated activity is no move, and activities that are no stages are left out. */
function tickets(order: readonly string[]) {
  const stepsOf = new Map<string, Step[]>();
  for (const { case_id: id = '', activity = '', timestamp = '' } of csv('helpdesk/events.csv')) {
    const place = order.indexOf(activity);
    if (place < 0) continue;
    const steps = stepsOf.get(id) ?? [];
    stepsOf.set(id, steps);
    const last = steps.at(-1);
    const before = last !== undefined && 'to' in last ? order.indexOf(last.to) : -1;
    if (before !== place) steps.push({ to: activity, at: Date.parse(timestamp), backward: place < before });
  }
  return [...stepsOf].map(([id, steps]) => ({ id, path: pathOf(steps, 'desk') }));
}

function ticketRows(order: readonly string[]) {
  return tickets(order).flatMap(({ id, path }) => historyRows(id, path));
}

describeReal('the opportunities of a hardware company', () => {
  const truth = present ? expected()['maven-crm'] : null;
  const rows = present ? opportunityRows(true) : [];
  const policies = policiesOf([pipeline('sales', [stage('Prospecting'), stage('Engaging')])]);
  const views = new MemoryViews([dealHistory(rows)]);

  async function performance(from: string, to: string, over = views) {
    const answer = await performanceQuery(over, policies, {
      ...PERFORMANCE_DEFAULTS,
      pipelineId: 'sales',
      dates: { from, to },
      now: at('2018-01-01'),
    });
    if (answer === null || 'groups' in answer) throw new Error('no answer');
    return answer;
  }

  it('has the win rate, size and cycle of its independent count', async () => {
    const all = await performance('2016-10-01', '2018-01-01');
    expect(all.winRate.closed).toEqual({ ratio: truth?.win_rate_closed, won: 4238, lost: 2473 });
    expect(all.n).toBe(4238 + 2473);
    expect(all.dealSize[0]?.mean).toBe((truth?.avg_won ?? 0).toFixed(2));
    expect(all.salesCycle).toMatchObject({
      n: 4238,
      meanDays: truth?.cycle_mean_days,
      medianDays: truth?.cycle_median_days,
    });
  });

  it('has the won value and win rate of each quarter', async () => {
    for (const [quarter, figures] of Object.entries(truth?.by_close_quarter ?? {})) {
      const first = (Number(quarter.at(-1)) - 1) * 3;
      const date = (month: number): string => new Date(Date.UTC(2017, month, 1)).toISOString().slice(0, 10);
      const answer = await performance(date(first), date(first + 3));
      const { won, lost, win_rate: ratio } = figures;
      expect(answer.winRate.closed).toEqual({ ratio, won, lost });
      expect(answer.velocity.realised[0]?.wonValue).toBe(figures.won_value.toFixed(2));
    }
  });

  it('has the velocity of its definition, with and without the prospects', async () => {
    const all = await performance('2017-10-01', '2018-01-01');
    expect(all.velocity.potential[0]).toMatchObject({ perDay: '58957.67', inputs: { openDeals: 2089 } });
    const engaged = new MemoryViews([dealHistory(opportunityRows(false))]);
    const without = await performance('2017-10-01', '2018-01-01', engaged);
    expect(without.velocity.potential[0]).toMatchObject({ perDay: '44846.21', inputs: { openDeals: 1589 } });
  });
});

function opportunityRows(withProspects: boolean) {
  return csv('maven-crm/sales_pipeline.csv').flatMap((row) => {
    const { opportunity_id: id = '', deal_stage: stageId = '', engage_date: begun = '', close_date: ended = '' } = row;
    if (stageId === 'Prospecting') {
      return withProspects ? [openSegment(id, 'sales', stageId, at('2017-12-31'))] : [];
    }
    const opening: Step[] = [{ to: 'Engaging', at: at(begun) }];
    if (stageId === 'Engaging') {
      return [...historyRows(id, pathOf(opening, 'sales')), openSegment(id, 'sales', stageId, at(begun))];
    }
    const value = { value: Number(row['close_value']) * 100, at: at(ended) };
    const close = { turn: stageId === 'Won' ? ('won' as const) : ('lost' as const), at: at(ended) };
    return historyRows(id, pathOf([...opening, value, close], 'sales', 'USD'));
  });
}
