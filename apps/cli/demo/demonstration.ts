import { Api } from './api.js';
import { boardSection } from './print/board.js';
import { funnelSection } from './print/funnel.js';
import { replaySection } from './print/replay.js';
import { stalledSection } from './print/stalled.js';
import { summarySection } from './print/summary.js';
import { count, heading } from './print/text.js';
import { EQUIPMENT, LINES, type OpenLine } from './story/business.js';
import { history } from './story/history.js';
import { showcase, SHOWCASE_MOMENTS } from './story/showcase.js';
import { Calendar } from './story/story-time.js';
import { openLine, tellAll } from './tell.js';

export interface Demonstration {
  readonly url: string;
  readonly key: string;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Tells the organisation's history to a running server, then asks it what there is to see. @throws Refused */
export async function demonstrate({ url, key, signal, print }: Demonstration): Promise<void> {
  const api = new Api(url, key, signal);
  const calendar = new Calendar(Date.now());
  print(heading('Pipeledger'));
  print(`  listens on ${url}. For the commands below:`);
  print(`  export URL=${url}`);
  print(`  export AUTH="Authorization: Bearer ${key}"`);

  print('\n  18 months of five pipelines are told through the API, command by command ...');
  const startedAt = performance.now();
  const lines: OpenLine[] = [];
  for (const line of LINES) lines.push(await openLine(api, line));
  const equipment = lines.find(({ key: name }) => name === EQUIPMENT.key);
  if (equipment === undefined) throw new Error('there is no line to show');
  const shown = showcase(equipment, calendar);
  let shownDeal: string | null = null;
  await tellAll(api, [shown, ...lines.flatMap((line) => history(line, calendar))], (plan, dealId) => {
    if (plan === shown) shownDeal = dealId;
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  print(`  ${count(api.accepted)} commands accepted, none refused, in ${seconds} s`);

  const show = (section: readonly string[]): void => section.forEach((line) => print(line));
  show(await summarySection(api));
  show(await boardSection(api, equipment.pipeline.name, equipment.pipelineId));
  show(await stalledSection(api, equipment, calendar));
  show(await funnelSection(api, equipment, calendar));
  if (shownDeal === null) throw new Error('the deal to be shown was not opened');
  show(await replaySection(api, equipment, shownDeal, calendar, SHOWCASE_MOMENTS));
}
