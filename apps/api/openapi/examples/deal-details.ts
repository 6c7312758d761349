import type { Example } from '../examples.js';
import { DEAL, LARGE_OPTION, OFFER, PRODUCT, SMALL_OPTION } from './names.js';

const path = { id: DEAL };
const boilers = (quantity: string) => {
  return { productId: PRODUCT, quantity, unitPrice: { amount: '50000.00', currency: 'EUR' } };
};

/** Single fields of a deal, and what is done about it. */
export const DEAL_DETAIL_EXAMPLES: readonly Example[] = [
  {
    route: 'POST /v1/deals/{id}/set-line-items',
    summary: 'Two of a product, with a discount',
    path,
    body: {
      lineItems: [
        { productId: PRODUCT, quantity: '2', unitPrice: { amount: '50000.00', currency: 'EUR' }, discount: 0.1 },
      ],
    },
  },
  {
    route: 'POST /v1/deals/{id}/record-proposal',
    summary: 'With a choice',
    path,
    body: {
      proposalId: OFFER,
      options: [
        { optionId: SMALL_OPTION, name: 'One boiler', lineItems: [boilers('1')] },
        { optionId: LARGE_OPTION, name: 'Two, cheaper', lineItems: [{ ...boilers('2'), discount: 0.1 }] },
      ],
      validUntil: '2099-06-30',
    },
  },
  {
    route: 'POST /v1/deals/{id}/record-proposal',
    summary: 'With what must be given',
    path,
    body: { options: [{ lineItems: [boilers('1')] }] },
  },
  {
    route: 'POST /v1/deals/{id}/accept-proposal',
    summary: 'Two',
    path,
    body: { proposalId: OFFER, optionId: LARGE_OPTION },
  },
  {
    route: 'POST /v1/deals/{id}/set-line-items',
    summary: 'None: the value is changed by hand again',
    path,
    body: { lineItems: [] },
  },
  { route: 'POST /v1/deals/{id}/label', summary: 'One more', path, body: { add: ['export'] } },
  { route: 'POST /v1/deals/{id}/label', summary: 'Another instead', path, body: { add: ['new'], remove: ['export'] } },
  {
    route: 'POST /v1/deals/{id}/link-contact',
    summary: 'Who has to agree',
    path,
    body: { personId: '0190a0c0-5c00-7060-8000-000000000009', role: 'technical' },
  },
  { route: 'POST /v1/deals/{id}/set-visibility', summary: 'For everyone', path, body: { visibility: 'everyone' } },
  {
    route: 'POST /v1/deals/{id}/set-expected-close',
    summary: 'Put off',
    path,
    body: { expectedClose: '2099-09-30' },
  },
  { route: 'POST /v1/deals/{id}/set-probability', summary: 'As its stage', path, body: { probability: null } },
  {
    route: 'POST /v1/deals/{id}/set-forecast-category',
    summary: 'Its own',
    path,
    body: { forecastCategory: 'best-case' },
  },
  {
    route: 'POST /v1/deals/{id}/confirm-criterion',
    summary: 'The budget',
    path,
    body: { criterion: 'budget', facts: '30k approved' },
  },
  {
    route: 'POST /v1/deals/{id}/log-interaction',
    summary: 'An e-mail from them',
    path,
    body: { kind: 'email', direction: 'in', subject: 'Your offer', text: 'Could we have it in blue?' },
  },
  {
    route: 'POST /v1/deals/{id}/keep-alive',
    summary: 'With a reason',
    path,
    body: { reason: 'Their budget comes in May.' },
  },
  { route: 'POST /v1/deals/{id}/snooze', summary: 'Until May', path, body: { until: '2099-05-01T00:00:00Z' } },
  { route: 'POST /v1/deals/{id}/wake', summary: 'They called', path, body: {} },
];
