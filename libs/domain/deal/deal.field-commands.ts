import type { Criterion } from '../lead/criteria.js';
import type { ForecastCategory } from '../pipeline/pipeline.events.js';
import type { DealVisibility, LineItem } from './deal.events.js';

export interface LabelDeal {
  readonly type: 'LabelDeal';
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export interface LinkDealContact {
  readonly type: 'LinkDealContact';
  readonly personId: string | null;
  readonly organizationId: string | null;
  /** Default: `primary` for the first of its kind, else `contact`. */
  readonly role: string | null;
}

export interface SetDealVisibility {
  readonly type: 'SetDealVisibility';
  readonly visibility: DealVisibility;
}

export interface SetExpectedClose {
  readonly type: 'SetExpectedClose';
  readonly expectedClose: string | null;
}

export interface SetDealProbability {
  readonly type: 'SetDealProbability';
  readonly probability: number | null;
}

export interface SetForecastCategory {
  readonly type: 'SetForecastCategory';
  readonly forecastCategory: ForecastCategory | null;
}

export interface ConfirmCriterion {
  readonly type: 'ConfirmCriterion';
  readonly criterion: Criterion;
  readonly facts: string | null;
}

export interface SetLineItems {
  readonly type: 'SetLineItems';
  readonly lineItems: readonly LineItem[];
  /** Ids of products that can be sold, those of the items among them. */
  readonly products: ReadonlySet<string>;
}

export type DealFieldCommand =
  | LabelDeal
  | LinkDealContact
  | SetDealVisibility
  | SetExpectedClose
  | SetDealProbability
  | SetForecastCategory
  | ConfirmCriterion;
