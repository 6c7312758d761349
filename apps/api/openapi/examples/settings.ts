import type { Example } from '../examples.js';

const set = (policy: string, summary: string, body: Example['body']): Example => ({
  route: `POST /v1/settings/set-${policy}`,
  summary,
  body,
});

export const SETTINGS_EXAMPLES: readonly Example[] = [
  set('time-zone', 'Days begin in Berlin', { timeZone: 'Europe/Berlin' }),
  set('reporting-currency', 'Totals in euros', { currency: 'EUR' }),
  set('exchange-rates', 'A euro was worth so much that day', {
    base: 'EUR',
    rates: [{ currency: 'USD', date: '2026-01-02', rate: '1.0850' }],
  }),
  set('business-calendar', 'Monday to Friday', { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-12-25'] }),
  set('qualification-policy', 'Budget and need', {
    required: ['budget', 'need'],
    icpRequired: false,
    questions: [{ key: 'has-problem', text: 'Do they have the problem?', required: false }],
  }),
  set('scoring-model', 'Two rules', {
    rules: [
      { rule: 'saw-prices', points: 20, engagement: 'pricing-page-seen', atMost: 2 },
      { rule: 'large', points: 10, attribute: 'size', in: ['large'] },
    ],
  }),
  set('loss-reasons', 'One’s own', { reasons: ['price', 'competitor', 'no-decision', 'other'] }),
  set('disqualification-reasons', 'One’s own', { reasons: ['no-need', 'bad-fit', 'other'] }),
  set('churn-reasons', 'One’s own', { reasons: ['price', 'closed', 'other'] }),
  set('follow-up-plan', 'After a win', {
    on: 'win',
    activities: [{ kind: 'call', subject: 'Welcome', after: 'P1D' }],
  }),
  set('follow-up-plan', 'After a loss', {
    on: 'loss',
    activities: [
      { kind: 'call', subject: 'Check in', after: 'P3M' },
      { kind: 'call', subject: 'Check in again', after: 'P6M' },
    ],
  }),
  set('targets', 'Two', {
    targets: [
      { key: 'leads', metric: 'leads-captured', period: 'month', goal: 250 },
      {
        key: 'won',
        metric: 'value-won',
        period: 'quarter',
        goal: { amount: '500000.00', currency: 'EUR' },
        owner: 'u-1',
      },
    ],
  }),
  set('spend', 'A month’s', {
    entries: [{ kind: 'marketing', month: '2026-01', amount: { amount: '12000.00', currency: 'EUR' } }],
  }),
];
