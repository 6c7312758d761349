import type { ProductState } from '#domain/product/product.state.js';
import { formatInstant } from '#domain/shared/instant.js';
import type { Condition, ViewReads } from '#view-store/port.js';
import { PRODUCTS } from '#views/products/products.schema.js';
import { PRODUCT } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';

export interface ProductListParameters {
  readonly category: readonly string[];
  readonly focus: readonly string[];
  /** Null: all. */
  readonly retired: boolean | null;
  readonly limit: number;
  readonly cursor: string | null;
}

export class ProductQuery {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
  ) {}

  /** One product as it is now. @throws NotFound */
  async product(id: string) {
    const { state } = await this.streams.load(PRODUCT, id);
    if (state === null) throw new NotFound();
    return productAnswer(state);
  }

  /** Products by name. */
  async list({ limit, cursor, ...filters }: ProductListParameters) {
    const cursors = new Cursors(PRODUCTS, filters);
    const { category, focus, retired } = filters;
    const columns: Record<string, Condition> = {
      ...(category.length > 0 && { category: { in: category } }),
      ...(focus.length > 0 && { focus: { in: focus } }),
      ...(retired !== null && { retired: retired ? 1 : 0 }),
    };
    const { results } = await this.views.read(PRODUCTS, [
      {
        kind: 'find',
        table: 'product',
        where: { columns },
        sort: [{ column: 'name' }],
        limit,
        after: cursors.decode(cursor),
      },
    ]);
    const [page] = results;
    return {
      // The column holds what the products view folded: a ProductState.
      items: page.rows.map((row) => productAnswer(row['body'] as ProductState)),
      next: cursors.encode(page.next),
    };
  }
}

function productAnswer({ last: _, addedAt, ...product }: ProductState) {
  return { ...product, addedAt: formatInstant(addedAt) };
}
