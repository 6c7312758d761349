import type { Example } from '../examples.js';
import { CALLED, CONVERTED_DEAL, DEAL, LOST_DEAL, NEGOTIATED, PIPELINE } from './names.js';

const path = { id: DEAL };
const lost = { id: LOST_DEAL };

export const DEAL_EXAMPLES: readonly Example[] = [
  {
    route: 'POST /v1/deals',
    summary: 'Without a lead',
    body: {
      id: DEAL,
      title: 'Heat pump',
      pipelineId: PIPELINE,
      stageId: CALLED,
      value: { amount: '100000.00', currency: 'EUR' },
      source: 'referral',
      labels: ['hot'],
      expectedClose: '2099-06-30',
      probability: 0.6,
    },
  },
  {
    route: 'POST /v1/deals',
    summary: 'With what must be given',
    body: { id: LOST_DEAL, title: 'Radiators', pipelineId: PIPELINE },
  },
  {
    route: 'POST /v1/deals/{id}/change-value',
    summary: 'More',
    path,
    body: { value: { amount: '120000.00', currency: 'EUR' } },
  },
  { route: 'POST /v1/deals/{id}/change-value', summary: 'None', path: lost, body: { value: null } },
  { route: 'POST /v1/deals/{id}/assign', summary: 'To somebody else', path, body: { ownerId: 'u-2' } },
  {
    route: 'POST /v1/deals/{id}/add-note',
    summary: 'What was said',
    path,
    body: { text: 'The offer is with their board.' },
  },
  {
    route: 'POST /v1/deals/{id}/link-file',
    summary: 'The contract, signed',
    path,
    body: { name: 'Contract', uri: 'https://files.example/contract.pdf', kind: 'signed-contract' },
  },
  { route: 'POST /v1/deals/{id}/move-stage', summary: 'Forward', path, body: { toStageId: NEGOTIATED } },
  {
    route: 'POST /v1/deals/{id}/lose',
    summary: 'Too dear',
    path: lost,
    body: { reason: 'price', note: 'Twice what the others ask.', competitor: 'Zenith' },
  },
  { route: 'POST /v1/deals/{id}/reopen', summary: 'They came back', path: lost, body: {} },
  { route: 'POST /v1/deals/{id}/win', summary: 'Signed', path: { id: CONVERTED_DEAL }, body: {} },
  {
    route: 'POST /v1/batch',
    summary: 'Two commands',
    body: {
      commands: [
        { path: `/v1/deals/${DEAL}/add-note`, idempotencyKey: 'note-1', body: { text: 'Called.' } },
        { path: `/v1/deals/${LOST_DEAL}/assign`, body: { ownerId: 'u-2' } },
      ],
    },
  },
];
