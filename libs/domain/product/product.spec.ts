import { day, given, unknownEvent } from '../shared/testing/given.js';
import type { Decider } from '../shared/testing/given.js';
import type { Money } from '../shared/money.js';
import { decideProduct, type AddProduct, type ProductCommand } from './product.decide.js';
import type { ProductAdded, ProductEvent } from './product.events.js';
import { evolveProduct } from './product.evolve.js';
import type { ProductState } from './product.state.js';

const product: Decider<ProductState, ProductCommand, ProductEvent> = {
  id: 'boiler',
  decide: decideProduct,
  evolve: evolveProduct,
};

const euro = (amount: string): Money => ({ amount, currency: 'EUR' });
const dollars = (amount: string): Money => ({ amount, currency: 'USD' });
const added = (change: Partial<ProductAdded['data']> = {}): ProductAdded => ({
  type: 'ProductAdded',
  data: { name: 'Boiler', category: 'heating', focus: 'primary', prices: [euro('100.00')], ...change },
});
const add = (change: Partial<AddProduct> = {}): AddProduct => ({
  type: 'AddProduct',
  id: product.id,
  ...added().data,
  ...change,
});
const reprice = (...prices: Money[]): ProductCommand => ({ type: 'RepriceProduct', prices });
const repriced = (...prices: Money[]): ProductEvent => ({ type: 'ProductRepriced', data: { prices } });
const retire: ProductCommand = { type: 'RetireProduct' };
const retired: ProductEvent = { type: 'ProductRetired', data: {} };

describe('a product', () => {
  it('is added with a price for each currency, by their codes', () => {
    const prices = [dollars('110.00'), euro('100.00')];
    given(product)
      .when(add({ prices }))
      .then([added({ prices: [euro('100.00'), dollars('110.00')] })]);
    expect(given(product, [added()]).state()).toMatchObject({ id: 'boiler', retired: false, addedAt: day(0) });
    given(product, [added()]).when(add()).thenRejected('id-already-used');
  });

  it('gets new prices from then on', () => {
    given(product, [added()])
      .when(reprice(dollars('9.00'), euro('8.00')))
      .then([repriced(euro('8.00'), dollars('9.00'))]);
    given(product, [added()])
      .when(reprice(euro('100.00')))
      .thenNothing();
    given(product, [added()]).when(reprice()).then([repriced()]);
    expect(given(product, [added(), repriced()]).state()).toMatchObject({ revision: 1, prices: [] });
  });

  it('has no price below zero and none twice', () => {
    for (const refused of [reprice(euro('-1.00')), add({ prices: [euro('-1.00')] })]) {
      given(product, refused.type === 'AddProduct' ? [] : [added()])
        .when(refused)
        .thenRejected('negative-value');
    }
    const { decision } = given(product).when(add({ prices: [euro('1.00'), euro('2.00')] }));
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/prices/1/currency' } });
  });

  it('is retired once, and then keeps its prices', () => {
    given(product, [added()]).when(retire).then([retired]);
    given(product, [added(), retired]).when(retire).thenNothing();
    given(product, [added(), retired])
      .when(reprice())
      .thenRejected('wrong-status', { status: 'retired', allowed: ['active'] });
  });

  it('has its changes in order, and none in the future', () => {
    given(product, [added(), repriced()])
      .when(reprice(euro('5.00')), { occurredAt: day(0) })
      .thenRejected('out-of-order', expect.objectContaining({ revision: 1, type: 'ProductRepriced' }));
    given(product, [added()])
      .when(retire, { occurredAt: day(11) })
      .thenRejected('occurred-in-future');
  });

  it('is not there before it was added', () => {
    given(product).when(retire).thenRejected('not-found');
    given(product).when(reprice()).thenRejected('not-found');
    expect(() => given(product, [retired]).state()).toThrow(/before ProductAdded/);
    expect(() => given(product, [added(), added()]).state()).toThrow(/again/);
    expect(() => given(product, [added(), unknownEvent<ProductEvent>('ProductPainted')]).state()).toThrow(/unknown/);
  });
});
