import type { CohortStage, WonBar } from '#reports/funnel/cohort-tally.js';
import type { PerformanceRest } from '#reports/performance/performance-tally.js';
import type { ReportHeader } from '#reports/report.js';
import type { Api } from '../api.js';
import type { OpenLine } from '../story/business.js';
import { HISTORY_DAYS } from '../story/history.js';
import type { Calendar } from '../story/story-time.js';
import { count, curl, heading, money, percent, table } from './text.js';

const BAR = 20;

interface FunnelAnswer extends ReportHeader {
  readonly stages: readonly CohortStage[];
  readonly won: WonBar;
}

/** How many deals of the whole history got how far, and the rates of the same time. */
export async function funnelSection(api: Api, line: OpenLine, calendar: Calendar): Promise<string[]> {
  const window = `pipeline=${line.pipelineId}&from=${calendar.date(HISTORY_DAYS + 1)}&to=${calendar.date(-1)}`;
  const [funnelPath, performancePath] = [`/v1/funnel?${window}`, `/v1/performance?${window}`];
  const { n, stages, won } = await api.get<FunnelAnswer>(funnelPath);
  const performance = await api.get<ReportHeader & PerformanceRest>(performancePath);
  const share = (deals: number): string => '#'.repeat(n === 0 ? 0 : Math.round((deals / n) * BAR));
  return [
    heading(`Funnel: ${line.pipeline.name}, the ${count(n)} deals of 18 months`),
    ...table(
      [
        ['stage', 'left'],
        ['reached', 'right'],
        ['', 'left'],
        ['to next', 'right'],
        ['of all', 'right'],
        ['skipped', 'right'],
        ['lost', 'right'],
      ],
      [
        ...stages.map((stage) => [
          stage.name,
          count(stage.reached),
          share(stage.reached),
          percent(stage.conversion.step),
          percent(stage.conversion.cumulative),
          count(stage.skipped),
          count(stage.lostAt),
        ]),
        ['won', count(won.ever), share(won.ever), '', percent(won.cumulative), '', ''],
      ],
    ),
    ...curl(funnelPath),
    '',
    ...rates(performance),
    ...curl(performancePath),
  ];
}

function rates({ winRate, dealSize, salesCycle }: PerformanceRest): string[] {
  const { closed } = winRate;
  const inDays = (number: number | null): string => (number === null ? '-' : `${number.toFixed(1)} days`);
  return [
    `  win rate     ${percent(closed.ratio)}: ${count(closed.won)} won, ${count(closed.lost)} lost`,
    ...dealSize.map(({ currency, n, mean, median }, index) => {
      const [average, middle] = [mean, median].map((amount) => (amount === null ? '-' : money({ amount, currency })));
      return `  ${(index === 0 ? 'deal size' : '').padEnd(13)}${average} on average, median ${middle}, ${count(n)} deals`;
    }),
    `  sales cycle  ${inDays(salesCycle.medianDays)} median, ${inDays(salesCycle.meanDays)} on average, 9 of 10 within ${inDays(salesCycle.p90Days)}`,
  ];
}
