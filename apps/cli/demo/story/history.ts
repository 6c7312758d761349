import type { OpenLine } from './business.js';
import { Chance } from './chance.js';
import { leadStory } from './lead-story.js';
import type { LeadPlan } from './plan.js';
import { StoryTime, type Calendar } from './story-time.js';

/** How far back the history goes: 18 months. */
export const HISTORY_DAYS = 548;
/** Above 1: more leads lately than at first. */
const GROWTH = 2;

/** All leads of a line. Each has its own source of chance, so that none depends on another. */
export function history(line: OpenLine, calendar: Calendar): LeadPlan[] {
  return Array.from({ length: line.leads }, (_, index) => {
    const key = `${line.key}-${index + 1}`;
    const chance = new Chance(key);
    const daysAgo = HISTORY_DAYS * (1 - chance.number()) ** GROWTH;
    return leadStory(chance, line, new StoryTime(calendar, daysAgo), key);
  });
}
