import { evolveProduct } from '#domain/product/product.evolve.js';
import type { ProductState } from '#domain/product/product.state.js';
import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import { isProductEvent, unreadableOpening } from '../domain-event.js';
import { PRODUCTS } from './products.schema.js';

/** The list of products. */
export const PRODUCTS_VIEW: View<ProductState> = {
  schema: PRODUCTS,
  states: 'stored',
  restore: {
    table: 'product',
    id: idOf,
    // As `rows` wrote it.
    state: (row) => row['body'] as ProductState,
  },

  key: (event) => (categoryOf(event.stream) === 'product' ? event.stream : null),

  evolve(state, event) {
    const decoded = decode(event);
    if (isProductEvent(decoded)) return evolveProduct(state, decoded, idOf(event.stream));
    if (state === null) throw unreadableOpening(event);
    return { ...state, revision: event.revision };
  },

  rows: (product) => [
    {
      table: 'product',
      row: {
        id: product.id,
        name: product.name,
        category: product.category,
        focus: product.focus,
        retired: product.retired ? 1 : 0,
        body: product,
      },
    },
  ],

  counters: () => [],
};
