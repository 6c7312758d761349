import type { Example } from '../examples.js';
import { CALLED, CONVERTED_DEAL, DEAL, LEAD, PIPELINE } from './names.js';

const quarter = { from: '2026-01-01', to: '2026-04-01' };
const deal = { id: DEAL };
const get = (route: string, summary: string, more: Partial<Example> = {}): Example => ({
  route: `GET ${route}`,
  summary,
  ...more,
});

export const QUERY_EXAMPLES: readonly Example[] = [
  get('/v1/leads', 'The inbox', { query: { status: 'new', sort: '-capturedAt' } }),
  get('/v1/leads/{id}', 'One lead', { path: { id: LEAD } }),
  get('/v1/leads/{id}/events', 'Its history', { path: { id: LEAD } }),
  get('/v1/leads/{id}/timeline', 'What happened', { path: { id: LEAD } }),
  get('/v1/deals', 'Open deals of somebody', { query: { status: 'open', owner: 'u-2' } }),
  get('/v1/deals/{id}', 'As it is', { path: deal }),
  get('/v1/deals/{id}', 'As it was after its first event', {
    path: { id: CONVERTED_DEAL },
    query: { atRevision: '0' },
  }),
  get('/v1/deals/{id}/events', 'Its history', { path: deal, query: { limit: '100' } }),
  get('/v1/deals/{id}/timeline', 'What happened', { path: deal }),
  get('/v1/deals/{id}/diff', 'What changed', { path: deal, query: { from: '0', to: '2' } }),
  get('/v1/pipelines', 'All', {}),
  get('/v1/pipelines/{id}', 'One', { path: { id: PIPELINE } }),
  get('/v1/boards/{pipelineId}', 'The board', {
    path: { pipelineId: PIPELINE },
    query: { cards: '20', sort: 'touch' },
  }),
  get('/v1/boards/{pipelineId}/columns/{stageId}', 'More of a column', {
    path: { pipelineId: PIPELINE, stageId: CALLED },
  }),
  get('/v1/stalled', 'What stalls', { query: { kind: 'stalled' } }),
  get('/v1/funnel', 'A quarter', { query: { pipeline: PIPELINE, ...quarter } }),
  get('/v1/funnel/drill', 'Who reached a stage', {
    query: { pipeline: PIPELINE, ...quarter, stageId: CALLED, cell: 'reached' },
  }),
  get('/v1/performance', 'A quarter', { query: quarter }),
  get('/v1/events', 'The feed of deals', { query: { category: 'deal' } }),
  get('/v1/settings', 'The policies in force', {}),
  get('/v1/settings/exchange-rates', 'Rates of a quarter', { query: quarter }),
  get('/v1/settings/events', 'Their history', {}),
];
