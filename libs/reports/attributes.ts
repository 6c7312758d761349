import type { Row, ViewReads } from '#view-store/port.js';
import { DEAL_HISTORY, dealOfSegmentId } from '#views/deal-history/deal-history.schema.js';
import { filterColumns, UnsupportedCombination, where } from './filters.js';
import type { Columns } from './filters.js';
import type { GroupBy, ReportFrame, ReportQuestion } from './report.js';
import { stringIn, stringOrNull, stringsIn } from './row-values.js';
import { segmentInForce } from './stock.js';

/** Whether a row of history (journey, close, segment) is asked for, and in which groups it counts. */
export interface AttributeFilter {
  /** For the store. */
  readonly conditions: Columns;
  /** Columns that `groupsOf` reads. */
  readonly columns: readonly string[];
  /** The groups of a row that the conditions let through; `[null]` when nothing is grouped; none: not asked for. */
  groupsOf(row: Row): readonly (string | null)[];
}

const COLUMN = { owner: 'owner', team: 'team', source: 'source', product: 'products' } as const;

/**
 * Filters and groups by the attributes on the row itself (`then`), or by those of the deal at `asOf` (`now`).
 * Throws UnsupportedCombination for `stalled`: no instant is named at which a deal of a cohort or a close is stalled.
 */
export async function attributeFilter(
  views: ViewReads,
  question: Pick<ReportQuestion, 'filters' | 'attributes' | 'groupBy'>,
  frame: Pick<ReportFrame, 'asOf'>,
): Promise<AttributeFilter> {
  const { filters, attributes, groupBy } = question;
  if (filters.stalled !== undefined) throw new UnsupportedCombination('this report has no filter stalled');
  const conditions = filterColumns(filters);
  const onRow: AttributeFilter = {
    conditions,
    columns: groupBy === null ? [] : [COLUMN[groupBy]],
    groupsOf: (row) => groupsOn(row, groupBy),
  };
  if (attributes === 'then' || (groupBy === null && Object.keys(conditions).length === 0)) return onRow;
  const groups = new Map<string, readonly (string | null)[]>();
  const inForce = where(segmentInForce(frame.asOf), conditions);
  const request = { table: 'segment', where: inForce, columns: onRow.columns };
  for await (const rows of views.scan(DEAL_HISTORY, request)) {
    for (const row of rows) groups.set(dealOfSegmentId(row.id), onRow.groupsOf(row));
  }
  return { conditions: {}, columns: ['deal'], groupsOf: (row) => groups.get(stringIn(row, 'deal')) ?? [] };
}

function groupsOn(row: Row, groupBy: GroupBy | null): readonly (string | null)[] {
  if (groupBy === null) return [null];
  if (groupBy !== 'product') return [stringOrNull(row, COLUMN[groupBy])];
  const products = stringsIn(row, COLUMN[groupBy]);
  return products.length === 0 ? [null] : products;
}

/** One tally for each group, made when its first row comes. */
export class Groups<Tally> {
  readonly #tallies = new Map<string | null, Tally>();

  constructor(private readonly make: () => Tally) {}

  get(key: string | null): Tally {
    const present = this.#tallies.get(key);
    if (present !== undefined) return present;
    const made = this.make();
    this.#tallies.set(key, made);
    return made;
  }

  /** Sorted by key, deals without one last. */
  sorted(): readonly (readonly [string | null, Tally])[] {
    return [...this.#tallies].sort(([a], [b]) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null);
      return a < b ? -1 : Number(a > b);
    });
  }
}
