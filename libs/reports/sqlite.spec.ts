import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import type { Keyset, ViewReads } from '#view-store/port.js';
import { dealLives } from '#views/testing/deal-histories.js';
import { PLAY_PIPELINES, recorded } from '#views/testing/histories.js';
import { boardQuery, columnPage } from './board/board.query.js';
import type { BoardSort } from './board/card-page.js';
import type { ReportFilters } from './filters.js';
import { funnelQuery } from './funnel/funnel.query.js';
import { performanceQuery } from './performance/performance.query.js';
import { stalledQuery } from './stalled/stalled.query.js';
import { contentsOf, dealsAsOf } from './testing/folded-log.js';
import { MemoryViews } from './testing/memory-views.js';
import { at, NAMES, pipeline, policiesOf, stage } from './testing/play.js';
import { FUNNEL_DEFAULTS, PERFORMANCE_DEFAULTS } from './testing/questions.js';

/** One world of 80 random deals, in memory and in SQLite: every report says the same of both. */
const LOG = fc
  .sample(dealLives, { numRuns: 80, seed: 20260105 })
  .flatMap((life, index) => recorded(`deal-${index}`, life, BigInt(index * 1000 + 1)));
const CONTENTS = contentsOf(LOG);
const POLICIES = policiesOf(
  PLAY_PIPELINES.map(({ id, open, postSale }) =>
    pipeline(id, [
      ...open.map((name, index) => stage(name, { rottenAfter: index === 1 ? { businessDays: 3 } : `P${index + 1}D` })),
      ...postSale.map((name) => stage(name, { kind: 'post-sale', rottenAfter: 'P5D', maxStay: 'P2D' })),
    ]),
  ),
);
const NOW = at('2026-02-01T08:00:00Z');
const DATES = { from: '2025-11-01', to: '2026-04-01' };
const FILTERS: readonly ReportFilters[] = [
  {},
  { owner: ['u-1', 'u-3'] },
  { label: ['export'], team: ['north'] },
  { currency: 'EUR', valueMin: 1 },
];

describe('reports over the SQLite view store', () => {
  let folder = '';
  let store: SqliteViewStore | null = null;
  const memory = new MemoryViews(CONTENTS);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reports-'));
    store = SqliteViewStore.open(join(folder, 'views'));
    for (const { schema, rows, counters } of CONTENTS) {
      await store.prepare(schema);
      const lease = await store.acquireLease(schema, 'spec', 60_000);
      await store.commit(schema, {
        states: [],
        upserts: rows,
        deletes: [],
        increments: counters ?? [],
        checkpoint: { from: null, to: { position: 1n, hash: '0'.repeat(64) }, epoch: lease?.epoch ?? 0 },
      });
      await store.createIndexes(schema);
    }
  });

  afterAll(async () => {
    await store?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function same(ask: (views: ViewReads) => Promise<object | null>): Promise<void> {
    if (store === null) throw new Error('no store');
    const expected = await ask(memory);
    expect(expected).not.toBeNull();
    expect(await ask(store)).toEqual(expected);
  }

  const scope = { pipelineId: 'new-business', now: NOW, tz: 'Europe/Berlin', dealsAsOf: dealsAsOf(LOG) };

  it('draw the same boards, now and then', async () => {
    for (const filters of [...FILTERS, { stalled: true }, { stalled: false }]) {
      for (const asOf of [null, at('2026-01-10T10:00:00Z')]) {
        const cursor = (stageId: string, keyset: Keyset): string => `${stageId}${JSON.stringify(keyset)}`;
        const params = { ...scope, filters, asOf, sort: '-value' as const, cards: 2, cursor };
        await same((views) => boardQuery(views, POLICIES, NAMES, params));
      }
    }
  });

  it('page through a column alike', async () => {
    for (const sort of ['touch', '-value', 'closeDate'] satisfies BoardSort[]) {
      await same(async (views) => {
        const ids: string[] = [];
        for (let after: Keyset | null = null; ;) {
          const params = { ...scope, filters: {}, asOf: null, stageId: 'prospecting', sort, limit: 2, after };
          const page = await columnPage(views, POLICIES, NAMES, params);
          ids.push(...(page?.items.map(({ id }) => id) ?? []));
          if (!page?.next) return ids;
          after = page.next;
        }
      });
    }
  });

  it('list the same stalled deals', async () => {
    for (const filters of FILTERS) {
      for (const kind of ['stalled', 'overstayed'] as const) {
        for (const asOf of [null, at('2026-01-20')]) {
          const params = { ...scope, pipelineId: null, kind, filters, asOf, limit: 7, after: null };
          await same((views) => stalledQuery(views, POLICIES, NAMES, params));
          const after = [at('2026-01-12T09:00:00Z'), at('2026-01-09T09:00:00Z'), 'deal-5'];
          await same((views) => stalledQuery(views, POLICIES, NAMES, { ...params, after }));
        }
      }
    }
  });

  it('measure the same funnels', async () => {
    for (const filters of FILTERS) {
      for (const given of [
        { mode: 'strict' },
        { mode: 'transitions', bucket: 'month' },
        { groupBy: 'product' },
        { basis: 'snapshot' },
        { basis: 'period', attributes: 'now' },
      ] as const) {
        const params = { ...FUNNEL_DEFAULTS, pipelineId: 'new-business', dates: DATES, now: NOW, filters, ...given };
        await same((views) => funnelQuery(views, POLICIES, params));
      }
    }
  });

  it('reckon the same performance', async () => {
    for (const filters of FILTERS) {
      for (const given of [{}, { groupBy: 'team' }, { attributes: 'now', asOf: at('2026-01-20') }] as const) {
        const params = { ...PERFORMANCE_DEFAULTS, dates: DATES, now: NOW, minSample: 1, filters, ...given };
        await same((views) => performanceQuery(views, POLICIES, params));
      }
    }
    const early = { ...PERFORMANCE_DEFAULTS, dates: { from: '2025-01-01', to: '2025-02-01' }, now: NOW };
    await same((views) => performanceQuery(views, POLICIES, early));
  });
});
