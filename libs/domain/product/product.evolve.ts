import type { LastChange, Recorded } from '../shared/decision.js';
import type { ProductEvent } from './product.events.js';
import type { ProductState } from './product.state.js';

/**
 * The product after one more event of its stream. `id` is the product's id, as the stream's name has it.
 * Throws on a history that does not begin with its only ProductAdded and on an unknown event type.
 */
export function evolveProduct(state: ProductState | null, event: Recorded<ProductEvent>, id: string): ProductState {
  const { revision, occurredAt } = event;
  const change: LastChange = { at: occurredAt, revision, type: event.type };
  if (event.type === 'ProductAdded') {
    if (state !== null) throw new Error(`product ${id}: ProductAdded again at revision ${revision}`);
    const last = { prices: change, status: change };
    return { ...event.data, id, revision, retired: false, addedAt: occurredAt, last };
  }
  if (state === null) throw new Error(`product ${id}: ${event.type} before ProductAdded`);
  switch (event.type) {
    case 'ProductRepriced':
      return { ...state, revision, prices: event.data.prices, last: { ...state.last, prices: change } };
    case 'ProductRetired':
      return { ...state, revision, retired: true, last: { ...state.last, status: change } };
    default: {
      const unknown: never = event;
      throw new Error(`product ${id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
