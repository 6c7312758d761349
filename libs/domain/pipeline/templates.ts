import type { DurationSpec, ForecastCategory, StageDefinition } from './pipeline.events.js';

export const TEMPLATE_NAMES = ['traditional', 'real-estate', 'financial-services', 'startup'] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];
export type TemplateStage = Omit<StageDefinition, 'id'>;

/** An open stage. The cover horizon is as long as the threshold: an activity further off does not keep a deal warm. */
function open(
  name: string,
  probability: number,
  rottenAfter: DurationSpec,
  maxStay: DurationSpec | null,
  forecastCategory: ForecastCategory = 'pipeline',
): TemplateStage {
  return {
    name,
    kind: 'open',
    probability,
    rottenAfter,
    maxStay,
    coverHorizon: rottenAfter,
    forecastCategory,
    gates: [],
  };
}

/** A stage after the win: nothing is left to weigh or to forecast. */
function postSale(name: string, rottenAfter: DurationSpec): TemplateStage {
  return {
    name,
    kind: 'post-sale',
    probability: 1,
    rottenAfter,
    maxStay: null,
    coverHorizon: rottenAfter,
    forecastCategory: 'omitted',
    gates: [],
  };
}

/** Stages that a new pipeline can begin with, in order. Every number can be changed afterwards. */
export const TEMPLATES: Readonly<Record<TemplateName, readonly TemplateStage[]>> = {
  traditional: [
    open('Prospecting', 0.1, 'P14D', null),
    open('Lead qualification', 0.2, 'P14D', 'P30D'),
    open('Demo or meeting', 0.4, 'P14D', 'P30D'),
    open('Proposal', 0.6, 'P14D', 'P30D', 'best-case'),
    open('Negotiation and commitment', 0.8, 'P7D', 'P30D', 'commit'),
    postSale('Post-purchase', 'P30D'),
  ],
  'real-estate': [
    open('Buyer searching', 0.1, 'P14D', null),
    open('Viewing scheduled', 0.25, 'P7D', 'P30D'),
    open('Price discussed', 0.5, 'P7D', 'P21D', 'best-case'),
    open('Offer made', 0.7, 'P5D', 'P14D', 'best-case'),
    open('Offer accepted', 0.9, 'P14D', 'P90D', 'commit'),
    postSale('Referral', 'P90D'),
  ],
  'financial-services': [
    open('First meeting', 0.2, 'P14D', 'P30D'),
    open('Proposal made', 0.4, 'P14D', 'P45D'),
    open('Fee negotiation', 0.6, 'P10D', 'P30D', 'best-case'),
    open('Proposal accepted', 0.9, 'P7D', 'P30D', 'commit'),
  ],
  startup: [
    open('Cold prospect', 0.05, 'P7D', null),
    open('Engaged prospect', 0.2, 'P7D', 'P30D'),
    open('Demo booked', 0.4, 'P7D', 'P21D'),
    open('Trial', 0.6, 'P7D', 'P30D', 'best-case'),
    postSale('Retention', 'P30D'),
  ],
};
