import type { Criterion } from '../lead/criteria.js';
import type { ForecastCategory } from '../pipeline/pipeline.events.js';
import type { Money } from '../shared/money.js';
import type { DealVisibility, LineItem } from './deal.events.js';

/** Changes of single fields of a deal. These names and shapes are the stored format: version them with care. */

/** Labels that the deal had not, and ones that it had. */
export interface DealLabelled {
  readonly type: 'DealLabelled';
  readonly data: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/**
 * Contacts that the deal has from now on in this role. There is one primary contact of each kind: who was it before
 * is a plain `contact`.
 */
export interface DealContactLinked {
  readonly type: 'DealContactLinked';
  readonly data: {
    readonly contacts: readonly {
      readonly kind: 'person' | 'organization';
      readonly id: string;
      readonly role: string;
    }[];
  };
}

export interface DealVisibilitySet {
  readonly type: 'DealVisibilitySet';
  readonly data: { readonly visibility: DealVisibility };
}

/** A civil date. */
export interface ExpectedCloseSet {
  readonly type: 'ExpectedCloseSet';
  readonly data: { readonly expectedClose: string | null };
}

/** The deal's own, 0 to 1; null: as the stage. */
export interface DealProbabilitySet {
  readonly type: 'DealProbabilitySet';
  readonly data: { readonly probability: number | null };
}

/** The deal's own; null: as the stage. */
export interface ForecastCategorySet {
  readonly type: 'ForecastCategorySet';
  readonly data: { readonly forecastCategory: ForecastCategory | null };
}

export interface CriterionConfirmed {
  readonly type: 'CriterionConfirmed';
  readonly data: { readonly criterion: Criterion; readonly facts: string | null };
}

/** `value`: what the items are worth together; without any, as it was. */
export interface LineItemsSet {
  readonly type: 'LineItemsSet';
  readonly data: { readonly lineItems: readonly LineItem[]; readonly value: Money | null };
}

export type DealFieldEvent =
  | DealLabelled
  | DealContactLinked
  | DealVisibilitySet
  | ExpectedCloseSet
  | DealProbabilitySet
  | ForecastCategorySet
  | CriterionConfirmed;
