import type { OpenStage } from './business.js';
import type { Chance } from './chance.js';
import type { Step } from './plan.js';
import type { StoryTime } from './story-time.js';
import { POST_SALE_NOTES } from './texts.js';

/** Lately some customers hear nothing any more. */
const LATELY_DAYS = 75;
const NEGLECTED = 0.04;

/** After the win: contact every few weeks, and from one stage after the sale to the next. */
export function postSaleStory(chance: Chance, stages: readonly OpenStage[], time: StoryTime): Step[] {
  const steps: Step[] = [];
  const act = (command: string, body: object): void => {
    steps.push({ command, body: { ...body, occurredAt: time.occurredAt } });
  };
  for (const [index, { id, rottenDays }] of stages.entries()) {
    if (index > 0) act('move-stage', { toStageId: id });
    let left = index === stages.length - 1 ? Infinity : chance.between(25, 60) * (index + 1);
    for (;;) {
      const pause = chance.between(0.6, 0.95) * rottenDays;
      if (pause >= left) break;
      if (!time.pass(pause)) return steps;
      if (time.daysAgo < LATELY_DAYS && chance.happens(NEGLECTED)) return steps;
      left -= pause;
      act('add-note', { text: chance.pick(POST_SALE_NOTES) });
    }
    if (!time.pass(left)) return steps;
  }
  return steps;
}
