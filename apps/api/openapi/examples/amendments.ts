import type { Example } from '../examples.js';
import {
  CONVERTED_DEAL,
  DEAL,
  OTHER_PIPELINE,
  PIPELINE,
  PROPOSED,
  TEST_DEAL,
  TWIN_DEAL,
  WIN_BACK_DEAL,
  WRONG_LEAD,
} from './names.js';

const confirmed = { confirmed: true, facts: null };

/** What never should have been. */
export const AMENDMENT_EXAMPLES: readonly Example[] = [
  {
    route: 'POST /v1/deals/{id}/correct',
    summary: 'It was opened the week before',
    path: { id: DEAL },
    body: { revision: 0, field: 'occurredAt', value: '2025-01-01T09:00:00Z', reason: 'Typed in late.' },
  },
  {
    route: 'POST /v1/deals/{id}/correct',
    summary: 'A zero too many',
    path: { id: DEAL },
    body: { revision: 0, field: 'value', value: { amount: '10000.00', currency: 'EUR' }, reason: 'A zero too many.' },
  },
  {
    route: 'POST /v1/deals',
    summary: 'The same again',
    body: { id: TWIN_DEAL, title: 'Heat pump', pipelineId: PIPELINE },
  },
  { route: 'POST /v1/deals/{id}/merge', summary: 'Twins', path: { id: DEAL }, body: { otherDealId: TWIN_DEAL } },
  { route: 'POST /v1/deals/{id}/unmerge', summary: 'No twins', path: { id: DEAL }, body: { otherDealId: TWIN_DEAL } },
  {
    route: 'POST /v1/deals/{id}/switch-pipeline',
    summary: 'To the first stage of another',
    path: { id: TWIN_DEAL },
    body: { pipelineId: OTHER_PIPELINE },
  },
  {
    route: 'POST /v1/deals/{id}/switch-pipeline',
    summary: 'To a stage of another',
    path: { id: TWIN_DEAL },
    body: { pipelineId: PIPELINE, stageId: PROPOSED },
  },
  {
    route: 'POST /v1/deals/{id}/record-churn',
    summary: 'They went elsewhere',
    path: { id: CONVERTED_DEAL },
    body: { reason: 'closed' },
  },
  {
    route: 'POST /v1/deals/{id}/win-back',
    summary: 'In another pipeline',
    path: { id: CONVERTED_DEAL },
    body: { dealId: WIN_BACK_DEAL, pipelineId: OTHER_PIPELINE, value: { amount: '40000.00', currency: 'EUR' } },
  },
  { route: 'POST /v1/deals', summary: 'A test', body: { id: TEST_DEAL, title: 'Test', pipelineId: PIPELINE } },
  {
    route: 'POST /v1/deals/{id}/void',
    summary: 'It was a test',
    path: { id: TEST_DEAL },
    body: { reason: 'A test of the form on our site.' },
  },
  {
    route: 'POST /v1/leads',
    summary: 'Not a customer',
    body: { id: WRONG_LEAD, title: 'Old boiler', source: 'website', person: { name: 'Charles Babbage' } },
  },
  {
    route: 'POST /v1/leads/{id}/qualify',
    summary: 'As it seemed',
    path: { id: WRONG_LEAD },
    body: { criteria: { budget: confirmed, authority: confirmed, need: confirmed, timeline: confirmed } },
  },
  {
    route: 'POST /v1/leads/{id}/convert',
    summary: 'Too early',
    path: { id: WRONG_LEAD },
    body: { pipelineId: PIPELINE },
  },
  {
    route: 'POST /v1/leads/{id}/revert-conversion',
    summary: 'Back to the inbox',
    path: { id: WRONG_LEAD },
    body: { reason: 'There is no budget after all.' },
  },
  {
    route: 'POST /v1/leads/{id}/redact-text',
    summary: 'A title that says too much',
    path: { id: WRONG_LEAD },
    body: { revision: 0 },
  },
  {
    route: 'POST /v1/deals/{id}/redact-text',
    summary: 'A title that says too much',
    path: { id: TEST_DEAL },
    body: { revision: 0 },
  },
];
