import type { DealEvent, DealOpened, DealVisibility, LineItem } from '#domain/deal/deal.events.js';
import type { DealLabelled } from '#domain/deal/deal.field-events.js';
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

/** What describes a deal, beside its owner and value. `ownProbability` in ten-thousandths. */
export interface Description {
  readonly source: string | null;
  readonly labels: readonly string[];
  readonly products: readonly string[];
  readonly expectedClose: string | null;
  readonly ownProbability: number | null;
  readonly ownCategory: string | null;
}

type Opening = Pick<
  DealOpened['data'],
  'source' | 'labels' | 'lineItems' | 'expectedClose' | 'probability' | 'forecastCategory'
>;

/** As the opening gives it. */
export function descriptionOf(deal: Opening): Description {
  return {
    source: deal.source,
    labels: deal.labels,
    products: productsOf(deal.lineItems),
    expectedClose: deal.expectedClose,
    ownProbability: probabilityColumn(deal.probability),
    ownCategory: deal.forecastCategory,
  };
}

export function probabilityColumn(probability: number | null): number | null {
  return probability === null ? null : Number(tenThousandths(probability));
}

/** The description after an event that changes it; any other leaves it as it is. */
export function descriptionAfter(description: Description, event: DealEvent): Description {
  switch (event.type) {
    case 'DealLabelled':
      return { ...description, labels: labelsAfter(description.labels, event) };
    case 'ExpectedCloseSet':
      return { ...description, expectedClose: event.data.expectedClose };
    case 'DealProbabilitySet':
      return { ...description, ownProbability: probabilityColumn(event.data.probability) };
    case 'ForecastCategorySet':
      return { ...description, ownCategory: event.data.forecastCategory };
    default:
      return description;
  }
}

export function labelsAfter(labels: readonly string[], { data }: DealLabelled): readonly string[] {
  return [...new Set([...labels.filter((name) => !data.removed.includes(name)), ...data.added])];
}
