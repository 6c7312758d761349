import type { Example } from '../examples.js';
import {
  AGREED,
  CALLED,
  CUSTOMER,
  NEGOTIATED,
  OTHER_PIPELINE,
  PIPELINE,
  PROPOSED,
  RETIRED_PIPELINE,
  RETIRED_STAGE,
} from './names.js';

const path = { id: PIPELINE };

export const PIPELINE_EXAMPLES: readonly Example[] = [
  {
    route: 'POST /v1/pipelines',
    summary: 'Stages of one’s own',
    body: {
      id: PIPELINE,
      name: 'New business',
      stages: [
        { id: CALLED, name: 'First call', probability: 0.1, rottenAfter: 'P7D' },
        {
          id: PROPOSED,
          name: 'Proposal',
          probability: 0.4,
          rottenAfter: 'P14D',
          maxStay: 'P60D',
          coverHorizon: 'P14D',
        },
        { id: NEGOTIATED, name: 'Negotiation', probability: 0.7, forecastCategory: 'best-case' },
        { id: CUSTOMER, name: 'Customer', kind: 'post-sale', probability: 1, rottenAfter: { businessDays: 30 } },
      ],
      moveRules: { skips: true, stepsBack: true },
    },
  },
  {
    route: 'POST /v1/pipelines',
    summary: 'From a template',
    body: { id: OTHER_PIPELINE, name: 'Letting', template: 'real-estate' },
  },
  {
    route: 'POST /v1/pipelines',
    summary: 'Of one stage',
    body: { id: RETIRED_PIPELINE, name: 'Fair', stages: [{ id: RETIRED_STAGE, name: 'Met', probability: 0.1 }] },
  },
  {
    route: 'POST /v1/pipelines/{id}/add-stage',
    summary: 'A stage behind another',
    path,
    body: { stage: { id: AGREED, name: 'Agreed', probability: 0.9 }, after: NEGOTIATED },
  },
  {
    route: 'POST /v1/pipelines/{id}/rename-stage',
    summary: 'Another name',
    path,
    body: { stageId: CALLED, name: 'Call' },
  },
  {
    route: 'POST /v1/pipelines/{id}/reorder-stages',
    summary: 'Another order',
    path,
    body: { stageIds: [CALLED, PROPOSED, NEGOTIATED, AGREED, CUSTOMER] },
  },
  {
    route: 'POST /v1/pipelines/{id}/retire-stage',
    summary: 'Its deals go to another',
    path,
    body: { stageId: AGREED, relocateTo: NEGOTIATED },
  },
  {
    route: 'POST /v1/pipelines/{id}/set-stage-policy',
    summary: 'A deal must have a value to be negotiated',
    path,
    body: { stageId: NEGOTIATED, probability: 0.75, rottenAfter: 'P10D', gates: [{ type: 'field', field: 'value' }] },
  },
  {
    route: 'POST /v1/pipelines/{id}/set-move-rules',
    summary: 'Anything goes',
    path,
    body: { skips: true, stepsBack: true },
  },
  {
    route: 'POST /v1/pipelines/{id}/retire',
    summary: 'Its deals go to another',
    path: { id: RETIRED_PIPELINE },
    body: { mapping: [{ from: RETIRED_STAGE, to: CALLED }] },
  },
  { route: 'POST /v1/pipelines/{id}/rename', summary: 'Another name', path, body: { name: 'New customers' } },
];
