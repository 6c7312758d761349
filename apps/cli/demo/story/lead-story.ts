import type { OpenLine } from './business.js';
import type { Chance } from './chance.js';
import { dealStory } from './deal-story.js';
import { customer } from './people.js';
import type { Body, LeadPlan, Step } from './plan.js';
import type { StoryTime } from './story-time.js';
import * as texts from './texts.js';
import { price } from './worth.js';

const SOURCES = [
  ['website', 28],
  ['referral', 18],
  ['trade-fair', 14],
  ['partner', 12],
  ['newsletter', 10],
  ['cold-call', 10],
  ['social', 8],
] as const;

const DISQUALIFICATIONS = [
  ['no-budget', 3],
  ['no-need', 3],
  ['bad-fit', 2],
  ['unreachable', 3],
  ['duplicate', 1],
] as const;

const LATER_START = 0.15;

type Fate = 'convert' | 'disqualify' | 'nurture';

/** Tells a lead from its capture to its end in the inbox, and the deal that comes of it. */
export function leadStory(chance: Chance, line: OpenLine, time: StoryTime, key: string): LeadPlan {
  const who = customer(chance, line.customers);
  const owner = chance.pick(line.sellers);
  const { product, value } = price(chance, line);
  const known = chance.happens(1 - line.withoutValue) ? value : null;
  const title = `${product}, ${who.name}`;
  const capture: Body = {
    title,
    source: chance.weighted(SOURCES),
    person: who.person,
    organization: who.organization,
    value: known,
    labels: chance.happens(0.15) ? ['priority'] : [],
    ownerId: owner.id,
    occurredAt: time.occurredAt,
  };
  const steps: Step[] = [];
  const qualified = inbox(chance, time, steps);
  if (!qualified || !time.pass(chance.between(0.5, 6))) return { key, capture, steps, conversion: null };

  const stage = chance.happens(LATER_START) ? 1 : 0;
  const cycle = line.tempo.reduce((sum, days) => sum + days, 0);
  const body: Body = {
    pipelineId: line.pipelineId,
    stageId: line.openStages[stage]?.id ?? null,
    // Houses have many buyers of one name: each is taken for another one.
    contacts: { person: { create: true }, ...(who.organization === null ? {} : { organization: { create: true } }) },
    expectedClose: chance.happens(0.8) ? time.dateIn(cycle) : null,
    occurredAt: time.occurredAt,
  };
  const deal = dealStory(chance, line, time, { stage, value: known, owner, customer: who.name });
  return { key, capture, steps, conversion: { body, deal } };
}

/** What happens in the inbox. True: the lead ends qualified. */
function inbox(chance: Chance, time: StoryTime, steps: Step[]): boolean {
  const act = (command: string, body: Body): void => {
    steps.push({ command, body: { ...body, occurredAt: time.occurredAt } });
  };
  let fate: Fate = chance.weighted([
    ['convert', 56],
    ['disqualify', 26],
    ['nurture', 18],
  ]);
  if (!time.pass(chance.between(0.3, 3))) return false;
  act('add-note', { text: chance.pick(texts.LEAD_NOTES) });
  for (;;) {
    if (!time.pass(chance.between(1, 9))) return false;
    switch (fate) {
      case 'convert':
        act('qualify', { criteria: CONFIRMED, icpFit: chance.pick(['strong', 'strong', 'partial']) });
        return true;
      case 'disqualify': {
        const reason = chance.weighted(DISQUALIFICATIONS);
        act('disqualify', { reason, note: texts.DISQUALIFICATION_NOTES[reason] ?? null });
        if (!chance.happens(0.12) || !time.pass(chance.between(20, 60))) return false;
        act('reopen', {});
        fate = 'convert';
        break;
      }
      case 'nurture': {
        const days = chance.between(30, 90);
        act('nurture', { followUpOn: time.dateIn(days) });
        if (!time.pass(days) || chance.happens(0.15)) return false;
        fate = chance.happens(0.6) ? 'convert' : 'disqualify';
        break;
      }
    }
  }
}

const CONFIRMED = {
  budget: { confirmed: true, facts: 'planned for this year' },
  authority: { confirmed: true, facts: 'decides together with purchasing' },
  need: { confirmed: true, facts: 'present solution ends' },
  timeline: { confirmed: true, facts: 'within two quarters' },
};
