import type { JsonSchema } from '#application/validation/body-schema.js';
import type { Example } from '../examples.js';
import { COLD_LEAD, CONVERTED_DEAL, LEAD, LEAD_CALL, LEAD_TASK, PIPELINE, PROPOSED } from './names.js';

const path = { id: LEAD };
const cold = { id: COLD_LEAD };

const lead = (command: string, summary: string, body: JsonSchema): Example => ({
  route: `POST /v1/leads/{id}/${command}`,
  summary,
  path: cold,
  body,
});

export const LEAD_EXAMPLES: readonly Example[] = [
  {
    route: 'POST /v1/leads',
    summary: 'Somebody asked on the website',
    body: {
      id: LEAD,
      title: 'Boiler, plant 2',
      source: 'website',
      person: { name: 'Ada Byron', emails: ['ada@acme.test'], phones: ['+49301234567'] },
      organization: { name: 'Acme' },
      value: { amount: '30000.00', currency: 'EUR' },
      labels: ['hot'],
      attributes: { industry: 'energy', size: '250+' },
    },
  },
  {
    route: 'POST /v1/leads',
    summary: 'As it happened, later',
    body: { id: COLD_LEAD, title: 'Pumps', person: { name: 'Charles' }, occurredAt: '2026-01-05T09:30:00+01:00' },
  },
  { route: 'POST /v1/leads/{id}/edit', summary: 'Another title', path, body: { title: 'Boiler, plant 2 and 3' } },
  {
    route: 'POST /v1/leads/{id}/add-note',
    summary: 'What was said',
    path,
    body: { text: 'They want it before the winter.' },
  },
  { route: 'POST /v1/leads/{id}/nurture', summary: 'Ask again', path: cold, body: { followUpOn: '2099-09-01' } },
  {
    route: 'POST /v1/leads/{id}/disqualify',
    summary: 'No need',
    path: cold,
    body: { reason: 'no-need', note: 'They have ten.' },
  },
  { route: 'POST /v1/leads/{id}/reopen', summary: 'They called again', path: cold, body: {} },
  lead('assign', 'To somebody else', { ownerId: 'u-2' }),
  lead('label', 'Hot now', { add: ['hot'], remove: ['cold'] }),
  lead('link-contact', 'Where he works', { organization: { name: 'Difference Engines' } }),
  lead('record-engagement', 'Looked at prices', { kind: 'pricing-page-seen', detail: '/prices' }),
  lead('plan-activity', 'A call', {
    activityId: LEAD_CALL,
    kind: 'call',
    subject: 'Ask again',
    dueAt: '2099-01-05T09:00:00Z',
  }),
  lead('plan-activity', 'A task', {
    activityId: LEAD_TASK,
    kind: 'task',
    subject: 'Look up',
    dueAt: '2099-01-05T09:00:00Z',
  }),
  lead('reschedule-activity', 'A day later', { activityId: LEAD_CALL, dueAt: '2099-01-06T09:00:00Z' }),
  lead('complete-activity', 'Called', { activityId: LEAD_CALL, note: 'Likes it' }),
  lead('cancel-activity', 'No need', { activityId: LEAD_TASK, reason: 'Known' }),
  lead('archive', 'Enough', {}),
  {
    route: 'POST /v1/leads/{id}/qualify',
    summary: 'All four criteria',
    path,
    body: {
      criteria: {
        budget: { confirmed: true, facts: '30k approved' },
        authority: { confirmed: true, facts: 'CFO' },
        need: { confirmed: true, facts: 'Winter' },
        timeline: { confirmed: true, facts: 'October' },
      },
      icpFit: 'strong',
      answers: [{ question: 'has-problem', answer: 'yes' }],
    },
  },
  {
    route: 'POST /v1/leads/{id}/convert',
    summary: 'Into a pipeline',
    path,
    body: {
      dealId: CONVERTED_DEAL,
      pipelineId: PIPELINE,
      stageId: PROPOSED,
      visibility: 'team',
      expectedClose: '2099-06-30',
    },
  },
];
