import type { FindResult, Keyset } from '#view-store/port.js';
import { filterColumns, where } from '../filters.js';
import type { Conditions } from '../filters.js';
import type { Snapshot } from '../snapshot.js';
import { stallConditions, stallFilter } from '../stall/stall-filter.js';
import type { Stock } from '../stock.js';
import type { Stage } from '#domain/pipeline/pipeline.state.js';
import type { BoardScope } from './column-totals.js';

/** touch: longest untouched first, by the clock that a snooze puts off; -value: in minor units; null is last in each. */
export type BoardSort = 'touch' | '-value' | 'closeDate';

const NO_CARDS = (): FindResult => ({ rows: [], next: null });

/** Asks for one page of a column's rows. `after`: the keyset of the page before. */
export function askCards(
  snapshot: Snapshot,
  stock: Stock,
  scope: BoardScope,
  stage: Stage,
  page: { readonly sort: BoardSort; readonly limit: number; readonly after: Keyset | null },
): () => FindResult {
  const { pipelineId: board, filters, now, time } = scope;
  const fits = stallFilter(stallConditions(stage, now, time), filters.stalled);
  if (fits === null || page.limit === 0) return NO_CARDS;
  const conditions = [stock.inForce, { board, stage: stage.id }, filterColumns(filters), ...fits];
  const { limit, after } = page;
  switch (page.sort) {
    case 'touch':
      return snapshot.find({
        table: stock.table,
        where: where(...conditions),
        sort: [{ column: 'clockFrom' }],
        limit,
        after,
      });
    case '-value':
      return snapshot.find({
        table: stock.table,
        where: where(...conditions),
        sort: [{ column: 'value', descending: true }],
        limit,
        after,
      });
    case 'closeDate':
      return askByCloseDate(snapshot, stock.table, conditions, limit, after);
  }
}

/** Stands before every row without a date: no id is empty. */
const START_OF_UNDATED: Keyset = [null, ''];

/** The store sorts null first; here the deals without a date come after the dated ones. */
function askByCloseDate(
  snapshot: Snapshot,
  table: string,
  conditions: readonly Conditions[],
  limit: number,
  after: Keyset | null,
): () => FindResult {
  const sort = [{ column: 'expectedClose' }];
  const undatedOnly = after !== null && after[0] === null;
  const undated = snapshot.find({
    table,
    where: where(...conditions, { expectedClose: null }),
    sort,
    limit,
    after: undatedOnly ? after : null,
  });
  if (undatedOnly) return undated;
  const dated = snapshot.find({
    table,
    where: where(...conditions, { expectedClose: { exists: true } }),
    sort,
    limit,
    after,
  });
  return () => {
    const first = dated();
    if (first.next !== null) return first;
    const second = undated();
    const rest = second.rows.slice(0, limit - first.rows.length);
    const rows = [...first.rows, ...rest];
    const isLast = rest.length === second.rows.length && second.next === null;
    if (isLast) return { rows, next: null };
    const last = rest.at(-1);
    return { rows, next: last === undefined ? START_OF_UNDATED : [null, last.id] };
  };
}
