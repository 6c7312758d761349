import type { Example } from '../examples.js';
import { PRODUCT } from './names.js';

const path = { id: PRODUCT };
const price = (amount: string) => ({ amount, currency: 'EUR' });

export const PRODUCT_EXAMPLES: readonly Example[] = [
  {
    route: 'POST /v1/products',
    summary: 'With a price',
    body: { id: PRODUCT, name: 'Boiler 20 kW', category: 'boilers', focus: 'primary', prices: [price('4200.00')] },
  },
  { route: 'POST /v1/products/{id}/reprice', summary: 'Dearer', path, body: { prices: [price('4400.00')] } },
];

/** Told when the deals are done. */
export const LAST_PRODUCT_EXAMPLES: readonly Example[] = [
  { route: 'POST /v1/products/{id}/retire', summary: 'No more', path, body: {} },
  { route: 'GET /v1/products', summary: 'All that are sold', query: { retired: 'false' } },
  { route: 'GET /v1/products/{id}', summary: 'One', path },
];
