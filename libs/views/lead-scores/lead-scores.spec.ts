import type { LeadEvent } from '#domain/lead/lead.events.js';
import type { Settings } from '#domain/settings/settings.js';
import { viewLaws } from '#projection/testing/view-laws.js';
import { folded, only } from '../testing/folded.js';
import { leadHistories, recorded } from '../testing/histories.js';
import { leadScoresSchema, leadScoresView } from './lead-scores.view.js';

const at = '2026-03-01T09:00:00.000Z';
const MODEL: Settings['scoringModel'] = {
  version: 3,
  rules: [
    { rule: 'priced', points: 20, engagement: 'pricing-page-seen', atMost: 2 },
    { rule: 'energy', points: -5, attribute: 'industry', in: ['energy'] },
  ],
};
const LEAD: readonly LeadEvent[] = [
  {
    type: 'LeadCaptured',
    data: {
      title: 'Boiler',
      source: 'website',
      person: { id: 'p1', name: 'Ada', emails: [], phones: [] },
      organization: null,
      value: null,
      labels: ['hot'],
      ownerId: 'u-1',
      attributes: { industry: 'energy' },
    },
  },
  { type: 'LeadEngagementRecorded', data: { kind: 'pricing-page-seen', detail: null } },
];
const rows = (model: Settings['scoringModel']) =>
  folded(
    leadScoresView(model),
    recorded(
      'lead-l1',
      LEAD.map((event) => ({ ...event, occurredAt: at })),
    ),
  ).rows('lead');

describe('the inbox by score', () => {
  it('has the score under its model beside what the inbox is filtered by', () => {
    expect(rows(MODEL)[0]).toEqual({
      id: 'l1',
      status: 'new',
      source: 'website',
      owner: 'u-1',
      labels: ['hot'],
      score: 15,
      search: 'boiler\nada\n',
      body: expect.objectContaining({ id: 'l1', revision: 1 }),
    });
  });

  it('is another view under another model, of the same events', () => {
    expect(rows({ version: 4, rules: [] }).map((row) => only(['score'], row))).toEqual([{ score: 0 }]);
    expect(leadScoresSchema(4).version).toBeGreaterThan(leadScoresSchema(3).version);
  });
});

viewLaws('lead-scores', leadScoresView(MODEL), leadHistories);
