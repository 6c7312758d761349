import fc from 'fast-check';
import { deal, euro, lost, open, opened, valued } from '../shared/testing/deals.js';
import { given } from '../shared/testing/given.js';
import type { DealEvent, LineItem } from './deal.events.js';
import type { SetLineItems } from './deal.field-commands.js';
import { worthOf } from './deal.line-items.js';

const item = (quantity: string, price: string, change: Partial<LineItem> = {}): LineItem => {
  return { productId: 'boiler', quantity, unitPrice: euro(price), discount: 0, ...change };
};
const set = (...lineItems: readonly LineItem[]): SetLineItems => {
  return { type: 'SetLineItems', lineItems, products: new Set(['boiler', 'pump']) };
};
const wereSet = (value: string, ...lineItems: readonly LineItem[]): DealEvent => {
  return { type: 'LineItemsSet', data: { lineItems, value: euro(value) } };
};

describe('line items', () => {
  it('give the value: quantity, price, discount and tax, rounded once at the end, halves to the even', () => {
    const worth = (...items: readonly LineItem[]) => {
      const result = worthOf(items);
      return result.ok ? result.value?.amount : result.rejection.code;
    };
    expect(worth(item('2', '100.00', { discount: 0.1 }))).toBe('180.00');
    expect(worth(item('1', '100.00', { discount: 0.1, tax: 0.19 }))).toBe('107.10');
    expect(worth(item('0.5', '0.01'))).toBe('0.00');
    expect(worth(item('0.5', '0.01'), item('0.5', '0.01'))).toBe('0.01');
    expect(worth(item('1.5', '0.01'))).toBe('0.02');
    expect(worth(item('0.000001', '999999999.99'))).toBe('1000.00');
    expect(worth(item('0.1', '0.10'), item('0.2', '0.10'))).toBe('0.03');
    expect(worth(item('1', '1.00'), item('1', '-2.00'))).toBe('negative-value');
    expect(worth(item('999999999999', '9999999999.00'))).toBe('invalid-request');
    expect(worth(item('1', '1.00'), item('1', '1.00', { unitPrice: { amount: '1', currency: 'JPY' } }))).toBe(
      'invalid-request',
    );
  });

  it('are worth together what they are worth in any order', () => {
    const items = fc.array(
      fc
        .record({ q: fc.nat(9999), p: fc.nat(99999), d: fc.nat(10_000) })
        .map(({ q, p, d }) => item(`${q}.25`, `${p}.37`, { discount: d / 10_000 })),
    );
    fc.assert(fc.property(items, (all) => expect(worthOf(all.toReversed())).toEqual(worthOf(all))));
  });

  it('are set with the value that they give, and leave it when they are taken away', () => {
    const two = item('2', '100.00');
    given(deal, [opened()])
      .when(set(two))
      .then([wereSet('200.00', two)]);
    given(deal, [opened(), wereSet('200.00', two)])
      .when(set(two))
      .thenNothing();
    given(deal, [opened(), wereSet('200.00', two)])
      .when({ type: 'ChangeDealValue', value: euro('1.00') })
      .thenRejected('value-from-line-items');
    given(deal, [opened(), wereSet('200.00', two)])
      .when(set())
      .then([wereSet('200.00')]);
    given(deal, [opened(), wereSet('200.00', two), wereSet('200.00')])
      .when({ type: 'ChangeDealValue', value: euro('1.00') })
      .then([valued(euro('1.00'))]);
    given(deal, [opened()])
      .when(set(item('1', '1.00', { productId: 'nothing' })))
      .thenRejected('unknown-product');
    given(deal, [opened(), lost('prospect')])
      .when(set(two))
      .thenRejected('wrong-status', { status: 'lost', allowed: ['open'] });
    expect(given(deal, [opened(), wereSet('200.00', two)]).state()).toMatchObject({
      value: euro('200.00'),
      lineItems: [two],
      touch: { type: 'LineItemsSet' },
      last: { value: { revision: 1 } },
    });
  });

  it('of an opening give its value', () => {
    const two = item('2', '100.00');
    const { decision } = given(deal).when(open({ lineItems: [two], products: new Set(['boiler']) }));
    expect(decision).toMatchObject({ events: [{ data: { value: euro('200.00'), lineItems: [two] } }] });
  });
});
