import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { MAX_AMOUNT_DIGITS, fromMinor, isNegative, roundHalfEven, tenThousandths, toMinor } from '../shared/money.js';
import type { Money } from '../shared/money.js';
import { occurrence } from '../shared/occurrence.js';
import { invalidRequest, negativeValue, wrongStatus } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { SetLineItems } from './deal.field-commands.js';
import type { DealEvent, LineItem } from './deal.events.js';
import { unknownProduct } from './deal.refusals.js';
import type { DealState } from './deal.state.js';

/** Decimals that a quantity may have. */
const QUANTITY_DECIMALS = 6;
const ONE = 10_000n;
const SCALE = 10n ** BigInt(QUANTITY_DECIMALS) * ONE * ONE;

/**
 * What the items are worth together: quantity x price x (1 - discount) x (1 + tax), exact, rounded half-even once at
 * the end to the minor unit of their one currency. Null: there are none.
 */
export function worthOf(items: readonly LineItem[]): { readonly ok: true; readonly value: Money | null } | Refused {
  const currency = items[0]?.unitPrice.currency;
  if (currency === undefined) return { ok: true, value: null };
  const other = items.findIndex(({ unitPrice }) => unitPrice.currency !== currency);
  if (other >= 0) {
    return invalidRequest(`/lineItems/${other}/unitPrice/currency`, 'The items of a deal are in one currency.');
  }
  let scaled = 0n;
  for (const { quantity, unitPrice, discount, tax } of items) {
    const price = BigInt(toMinor(unitPrice)) * (ONE - tenThousandths(discount)) * (ONE + tenThousandths(tax ?? 0));
    scaled += millionths(quantity) * price;
  }
  const minor = roundHalfEven(scaled, SCALE);
  if (String(minor < 0n ? -minor : minor).length > MAX_AMOUNT_DIGITS) {
    return invalidRequest('/lineItems', `Together they have more than ${MAX_AMOUNT_DIGITS} digits.`);
  }
  const value = fromMinor(minor, currency);
  return isNegative(value) ? negativeValue() : { ok: true, value };
}

function millionths(quantity: string): bigint {
  const [whole = '', decimals = ''] = quantity.split('.');
  return BigInt(whole + decimals.padEnd(QUANTITY_DECIMALS, '0'));
}

/** `products`: the ids among those of the items that can be sold. */
export function productsKnown(items: readonly LineItem[], products: ReadonlySet<string>): Refused | null {
  return items.every(({ productId }) => products.has(productId)) ? null : unknownProduct();
}

/** From then on the items give the value; without any it is as it was, to be changed by hand. */
export function setLineItems(
  state: DealState,
  { lineItems, products }: SetLineItems,
  context: CommandContext,
): Decision<DealEvent> {
  if (state.status !== 'open') return wrongStatus('deal', state.status, ['open']);
  if (sameJson(lineItems, state.lineItems)) return accept();
  const unknown = productsKnown(lineItems, products);
  if (unknown !== null) return unknown;
  const worth = worthOf(lineItems);
  if (!worth.ok) return worth;
  const when = occurrence(context, state.last.value);
  if (!when.ok) return when;
  const value = lineItems.length === 0 ? state.value : worth.value;
  return accept<DealEvent>({ type: 'LineItemsSet', data: { lineItems, value }, occurredAt: when.at });
}

export function valueFromLineItems() {
  const detail = 'The line items give the value; set them, or take them away.';
  return reject({ code: 'value-from-line-items', detail, data: null });
}
