import type { OpenLine } from './business.js';
import { SELLERS } from './people.js';
import type { Body, LeadPlan, Step } from './plan.js';
import type { Calendar } from './story-time.js';

/** Days ago: in the demonstration stage, waiting for an answer, and lost. */
export const SHOWCASE_MOMENTS: readonly number[] = [108, 50, 35];

const eur = (amount: string) => ({ amount, currency: 'EUR' });

/** One deal told by hand: there and back, to a colleague, lost and won. For a pipeline of the traditional template. */
export function showcase(line: OpenLine, calendar: Calendar): LeadPlan {
  const at = (daysAgo: number, command: string, body: Body): Step => ({
    command,
    body: { ...body, occurredAt: calendar.instant(daysAgo) },
  });
  const to = (stage: number) => ({ toStageId: line.openStages[stage]?.id });
  return {
    key: 'showcase',
    capture: {
      title: 'Filling line 4, Lindgren Brewing',
      source: 'trade-fair',
      person: { name: 'Maja Lindgren', emails: ['maja.lindgren@lindgren-brewing.example'] },
      organization: { name: 'Lindgren Brewing' },
      value: eur('78000.00'),
      labels: ['priority'],
      ownerId: SELLERS.clara.id,
      occurredAt: calendar.instant(142),
    },
    steps: [
      at(139, 'add-note', { text: 'Met at the stand; the old line has to go by summer.' }),
      at(136, 'qualify', {
        criteria: {
          budget: { confirmed: true, facts: 'EUR 80,000 approved' },
          authority: { confirmed: true, facts: 'managing director' },
          need: { confirmed: true, facts: 'spare parts run out' },
          timeline: { confirmed: true, facts: 'before the summer' },
        },
        icpFit: 'strong',
      }),
    ],
    conversion: {
      body: {
        pipelineId: line.pipelineId,
        expectedClose: calendar.date(60),
        occurredAt: calendar.instant(134),
      },
      deal: {
        steps: [
          at(125, 'move-stage', to(1)),
          at(117, 'move-stage', to(2)),
          at(112, 'add-note', { text: 'Demonstration on site with the plant manager.' }),
          at(101, 'move-stage', to(3)),
          at(99, 'change-value', { value: eur('92500.00') }),
          at(98, 'add-note', { text: 'Cleaning module added to the offer.' }),
          at(85, 'move-stage', to(2)),
          at(83, 'add-note', { text: 'New plant manager asks for another demonstration.' }),
          at(70, 'assign', { ownerId: SELLERS.jonas.id }),
          at(61, 'move-stage', to(4)),
          at(40, 'lose', { reason: 'price', note: 'Another offer was lower.', competitor: 'Nordwind Technik' }),
          at(24, 'reopen', {}),
          at(20, 'change-value', { value: eur('86000.00') }),
          at(9, 'win', {}),
          at(3, 'add-note', { text: 'Delivery date confirmed.' }),
        ],
        followUp: null,
      },
    },
  };
}
