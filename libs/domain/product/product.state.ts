import type { EpochMs, LastChange } from '../shared/decision.js';
import type { Money } from '../shared/money.js';
import type { ProductFocus } from './product.events.js';

export interface ProductState {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  readonly category: string | null;
  readonly focus: ProductFocus;
  readonly prices: readonly Money[];
  readonly retired: boolean;
  readonly addedAt: EpochMs;
  /** Where the groups {prices} and {status} stand in time. */
  readonly last: { readonly prices: LastChange; readonly status: LastChange };
}
