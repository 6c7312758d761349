import type { DealOpened, DealVisibility, LineItem } from '#domain/deal/deal.events.js';
import { tenThousandths, toMinor } from '#domain/shared/money.js';
import type { Money } from '#domain/shared/money.js';

/** Who may see the deal: `everyone`, `team:<id>` or `user:<id>`. What its team may see, without a team is its owner's. */
export function audienceOf(visibility: DealVisibility, ownerId: string, teamId: string | null): string {
  if (visibility === 'everyone') return 'everyone';
  return visibility === 'team' && teamId !== null ? `team:${teamId}` : `user:${ownerId}`;
}

/** Minor units of `currency`; both null: the deal has no value. */
export interface MinorValue {
  readonly currency: string | null;
  readonly value: number | null;
}

export function minorValue(value: Money | null): MinorValue {
  return value === null ? { currency: null, value: null } : { currency: value.currency, value: toMinor(value) };
}

export function productsOf(lineItems: readonly LineItem[]): readonly string[] {
  return lineItems.length === 0 ? [] : [...new Set(lineItems.map((item) => item.productId))];
}

/** Columns that no event has changed since the opening. */
export interface FixedColumns {
  readonly source: string | null;
  readonly labels: readonly string[];
  readonly products: readonly string[];
  readonly expectedClose: string | null;
  readonly ownProbability: number | null;
  readonly ownCategory: string | null;
}

type Described = Pick<
  DealOpened['data'],
  'source' | 'labels' | 'lineItems' | 'expectedClose' | 'probability' | 'forecastCategory'
>;

/** As the opening gives them. */
export function fixedColumns(deal: Described): FixedColumns {
  return {
    source: deal.source,
    labels: deal.labels,
    products: productsOf(deal.lineItems),
    expectedClose: deal.expectedClose,
    ownProbability: deal.probability === null ? null : Number(tenThousandths(deal.probability)),
    ownCategory: deal.forecastCategory,
  };
}
