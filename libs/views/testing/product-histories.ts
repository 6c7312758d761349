import fc from 'fast-check';
import type { ProductEvent } from '#domain/product/product.events.js';
import type { RecordedEvent } from '#event-store/event.js';
import { interleaved, recorded } from './recorded.js';
import type { Happening } from './recorded.js';

const ADDED = Date.parse('2026-01-01T00:00:00.000Z');
const DAY = 86_400_000;

export function productAdded(name: string, category: string | null = null): ProductEvent {
  return {
    type: 'ProductAdded',
    data: { name, category, focus: 'primary', prices: [{ amount: '100.00', currency: 'EUR' }] },
  };
}

const changes: readonly (ProductEvent | { readonly type: string; readonly data: object })[] = [
  { type: 'ProductRepriced', data: { prices: [{ amount: '90.00', currency: 'EUR' }] } },
  { type: 'ProductRepriced', data: { prices: [] } },
  { type: 'ProductRetired', data: {} },
  { type: 'ProductTeleported', data: {} },
];

const lives: fc.Arbitrary<readonly Happening[]> = fc
  .tuple(fc.constantFrom('Boiler', 'Wartung'), fc.constantFrom(null, 'heating'), fc.array(fc.constantFrom(...changes)))
  .map(([name, category, rest]) => [
    { ...productAdded(name, category), occurredAt: ADDED },
    ...rest.map((change, index) => ({ ...change, occurredAt: ADDED + index * DAY })),
  ]);

/** One log with the streams of several products (`product-1` …), events of a newer version among them. */
export const productHistories: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .tuple(fc.array(lives, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(10)))
  .map(([products, picks]) =>
    interleaved(
      products.map((life, index) => recorded(`product-${index + 1}`, life)),
      picks,
    ),
  );
