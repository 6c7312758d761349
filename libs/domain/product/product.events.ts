import type { Money } from '../shared/money.js';

/** These names and shapes are the stored format of `product-<id>`: version them with care. */

/** Whether an organisation lives by a product, or sells it along with others. */
export type ProductFocus = 'primary' | 'secondary';

export interface ProductAdded {
  readonly type: 'ProductAdded';
  readonly data: {
    readonly name: string;
    readonly category: string | null;
    readonly focus: ProductFocus;
    /** At most one for each currency, by its code; none: the price is agreed on each time. */
    readonly prices: readonly Money[];
  };
}

/** All prices as they are from now on. Line items keep what was agreed on. */
export interface ProductRepriced {
  readonly type: 'ProductRepriced';
  readonly data: { readonly prices: readonly Money[] };
}

export interface ProductRetired {
  readonly type: 'ProductRetired';
  readonly data: Record<never, never>;
}

export type ProductEvent = ProductAdded | ProductRepriced | ProductRetired;
