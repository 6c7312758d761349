import type { ViewSchema } from '#view-store/port.js';

/** One row for each product, so that they can be listed; `body` is the folded ProductState. */
export const PRODUCTS: ViewSchema = {
  view: 'products',
  version: 1,
  tables: {
    product: {
      id: 'string',
      columns: {
        name: 'string',
        category: 'string',
        focus: 'string',
        /** 0 | 1 */
        retired: 'integer',
        body: 'json',
      },
      indexes: [['name']],
    },
  },
  counters: {},
};
