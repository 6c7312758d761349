import { filterColumns, filtersEcho, isOwnerOnly, UnsupportedCombination, where } from './filters.js';
import { MemoryViews } from './testing/memory-views.js';
import { dealHistory, openSegment } from './testing/journeys.js';
import { DEAL_HISTORY, dealOfSegmentId } from '#views/deal-history/deal-history.schema.js';
import type { ReportFilters } from './filters.js';

const VIEWS = new MemoryViews([
  dealHistory([
    openSegment('a', 'p', 's', 1, { owner: 'ann', labels: ['hot', 'new'], currency: 'EUR', value: 100 }),
    openSegment('b', 'p', 's', 1, { owner: 'bob', labels: [], currency: 'USD', value: 200, products: ['boiler'] }),
    openSegment('c', 'p', 's', 1, { team: 'north', source: 'fair', expectedClose: '2026-06-30' }),
    openSegment('d', 'p', 's', 1, { currency: 'EUR', value: 300, expectedClose: '2026-07-01' }),
  ]),
]);

async function fitting(filters: ReportFilters): Promise<readonly unknown[]> {
  const request = { kind: 'find', table: 'segment', where: where(filterColumns(filters)), limit: 10 } as const;
  const { results } = await VIEWS.read(DEAL_HISTORY, [request]);
  return results[0].rows.map((row) => dealOfSegmentId(row.id));
}

describe('filters', () => {
  it('take any of a list, and all of several filters', async () => {
    expect(await fitting({})).toEqual(['a', 'b', 'c', 'd']);
    expect(await fitting({ owner: ['ann', 'bob'] })).toEqual(['a', 'b']);
    expect(await fitting({ owner: ['ann', 'bob'], product: ['boiler', 'pump'] })).toEqual(['b']);
    expect(await fitting({ label: ['cold', 'new'] })).toEqual(['a']);
    expect(await fitting({ team: ['north'], source: ['fair'] })).toEqual(['c']);
  });

  it('compare values of one currency only, inclusively', async () => {
    expect(await fitting({ valueMin: 100, currency: 'EUR' })).toEqual(['a', 'd']);
    expect(await fitting({ valueMin: 101, valueMax: 300, currency: 'EUR' })).toEqual(['d']);
    expect(await fitting({ currency: 'USD' })).toEqual(['b']);
  });

  it('refuse a value without its currency', () => {
    expect(() => filterColumns({ valueMin: 1 })).toThrow(UnsupportedCombination);
  });

  it('end before the last expected close date', async () => {
    expect(await fitting({ expectedCloseFrom: '2026-06-30', expectedCloseTo: '2026-07-01' })).toEqual(['c']);
    expect(await fitting({ expectedCloseFrom: '2026-06-30' })).toEqual(['c', 'd']);
  });

  it('of nobody fit nothing', async () => {
    expect(await fitting({ owner: [] })).toEqual([]);
  });

  it('are echoed as the query has them', () => {
    expect(filtersEcho({ owner: ['ann'], valueMin: 5, currency: 'JPY', stalled: false })).toEqual({
      owner: ['ann'],
      valueMin: '5',
      currency: 'JPY',
      stalled: false,
    });
    expect(filtersEcho({ valueMax: 1050, currency: 'EUR' })).toEqual({ valueMax: '10.50', currency: 'EUR' });
  });

  it('of owners alone are answered from counters', () => {
    expect(isOwnerOnly({ owner: ['ann'], team: undefined })).toBe(true);
    expect(isOwnerOnly({})).toBe(true);
    expect(isOwnerOnly({ stalled: true })).toBe(false);
  });
});

describe('conditions on one column', () => {
  it('hold together, even when they are the same test', async () => {
    const all = where({ value: { gte: 100 } }, { value: { gte: 200, lt: 300 } }, { value: { gte: 150 } });
    const { results } = await VIEWS.read(DEAL_HISTORY, [{ kind: 'find', table: 'segment', where: all, limit: 10 }]);
    expect(results[0].rows.map((row) => dealOfSegmentId(row.id))).toEqual(['b']);
  });
});
