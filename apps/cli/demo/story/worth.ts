import type { LineOfBusiness } from './business.js';
import type { Chance } from './chance.js';

export interface Price {
  readonly amount: string;
  readonly currency: string;
}

/** One of the line's products at a price within its range. */
export function price(chance: Chance, line: LineOfBusiness): { readonly product: string; readonly value: Price } {
  const [product, from, to] = chance.pick(line.products);
  return { product, value: round(chance.between(from, to), chance.weighted(line.currencies)) };
}

/** After some negotiation: up to a fifth less or a third more. */
export function priceLike(chance: Chance, { amount, currency }: Price): Price {
  return round(Number(amount) * chance.between(0.8, 1.33), currency);
}

/** People agree on round sums: hundreds, or thousands above 100,000. */
function round(amount: number, currency: string): Price {
  const step = amount > 100_000 ? 1_000 : 100;
  return { amount: (Math.round(amount / step) * step).toFixed(2), currency };
}
