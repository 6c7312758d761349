import type { CommandContext, Decision, LastChange } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { isNegative, type Money } from '../shared/money.js';
import { occurrence, refuseFuture } from '../shared/occurrence.js';
import { idAlreadyUsed, invalidRequest, negativeValue, notFound, wrongStatus } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { ProductEvent, ProductFocus } from './product.events.js';
import type { ProductState } from './product.state.js';

export interface AddProduct {
  readonly type: 'AddProduct';
  readonly id: string;
  readonly name: string;
  readonly category: string | null;
  readonly focus: ProductFocus;
  readonly prices: readonly Money[];
}

export interface RepriceProduct {
  readonly type: 'RepriceProduct';
  readonly prices: readonly Money[];
}

export interface RetireProduct {
  readonly type: 'RetireProduct';
}

export type ProductCommand = AddProduct | RepriceProduct | RetireProduct;

export function decideProduct(
  state: ProductState | null,
  command: ProductCommand,
  context: CommandContext,
): Decision<ProductEvent> {
  const future = refuseFuture(context);
  if (future !== null) return future;
  if (command.type === 'AddProduct') return state === null ? add(command, context) : idAlreadyUsed('product');
  if (state === null) return notFound('product');
  switch (command.type) {
    case 'RepriceProduct':
      return reprice(state, command, context);
    case 'RetireProduct':
      if (state.retired) return accept();
      return happen({ type: 'ProductRetired', data: {} }, context, state.last.status);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function add({ name, category, focus, prices }: AddProduct, context: CommandContext): Decision<ProductEvent> {
  const problem = priceProblem(prices);
  if (problem !== null) return problem;
  return happen({ type: 'ProductAdded', data: { name, category, focus, prices: inOrder(prices) } }, context);
}

function reprice(state: ProductState, command: RepriceProduct, context: CommandContext): Decision<ProductEvent> {
  if (state.retired) return wrongStatus('product', 'retired', ['active']);
  const problem = priceProblem(command.prices);
  if (problem !== null) return problem;
  const prices = inOrder(command.prices);
  if (sameJson(prices, state.prices)) return accept();
  return happen({ type: 'ProductRepriced', data: { prices } }, context, state.last.prices);
}

function priceProblem(prices: readonly Money[]): Refused | null {
  if (prices.some(isNegative)) return negativeValue();
  const twice = prices.findIndex(({ currency }, index) =>
    prices.slice(0, index).some((before) => before.currency === currency),
  );
  return twice < 0 ? null : invalidRequest(`/prices/${twice}/currency`, 'has a price already');
}

function inOrder(prices: readonly Money[]): readonly Money[] {
  return [...prices].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

function happen(event: ProductEvent, context: CommandContext, last?: LastChange): Decision<ProductEvent> {
  const when = occurrence(context, last);
  return when.ok ? accept<ProductEvent>({ ...event, occurredAt: when.at }) : when;
}
