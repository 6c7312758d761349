import { folded, only } from '../testing/folded.js';
import { productAdded } from '../testing/product-histories.js';
import { recorded, type Happening } from '../testing/recorded.js';
import { PRODUCTS_VIEW } from './products.view.js';

const at = '2026-01-01T00:00:00.000Z';
const added: Happening = { ...productAdded('Boiler', 'heating'), occurredAt: at };
const retired: Happening = { type: 'ProductRetired', data: {}, occurredAt: at };
const unknown: Happening = { type: 'ProductTeleported', data: {}, occurredAt: at };

function listed(...happenings: Happening[]) {
  return folded(PRODUCTS_VIEW, recorded('product-p1', happenings)).rows('product');
}

describe('the list of products', () => {
  it('shows what can be sold', () => {
    expect(listed(added)).toEqual([
      {
        id: 'p1',
        name: 'Boiler',
        category: 'heating',
        focus: 'primary',
        retired: 0,
        body: expect.objectContaining({ id: 'p1', revision: 0, prices: [{ amount: '100.00', currency: 'EUR' }] }),
      },
    ]);
    expect(listed(added, retired).map((row) => only(['retired'], row))).toEqual([{ retired: 1 }]);
  });

  it('passes over what a newer version wrote, but counts its revision', () => {
    expect(listed(added, unknown)[0]).toMatchObject({ retired: 0, body: { revision: 1 } });
    expect(() => listed(unknown)).toThrow('product-p1: begins with ProductTeleported');
  });
});
