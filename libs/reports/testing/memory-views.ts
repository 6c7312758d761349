import type {
  Checkpoint,
  Condition,
  FindRequest,
  FindResult,
  Increment,
  IntegerRange,
  ReadRequest,
  ReadResult,
  Row,
  SumGroup,
  SumRequest,
  ViewReads,
  ViewSchema,
  Where,
} from '#view-store/port.js';
import { checkFind, checkScan, checkSum } from '#view-store/request.js';

/** What one view holds. */
export interface ViewContents {
  readonly schema: ViewSchema;
  readonly rows: readonly { readonly table: string; readonly row: Row }[];
  readonly counters?: readonly Increment[];
}

/** The view store's port over rows in memory: filters, sorts and sums by the letter, without an index. */
export class MemoryViews implements ViewReads {
  /** Requests of each call of `read`. */
  readonly calls: (readonly ReadRequest[])[] = [];

  constructor(private readonly views: readonly ViewContents[]) {}

  read<const R extends readonly ReadRequest[]>(
    view: ViewSchema,
    requests: R,
  ): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }> {
    this.calls.push(requests);
    const results = requests.map((request) =>
      request.kind === 'find' ? this.#find(view, request) : this.#sum(view, request),
    );
    // The types of a mapped tuple are lost in `map`; each result is of its request's kind.
    return Promise.resolve({ checkpoint: null, results: results as unknown as { [K in keyof R]: ReadResult<R[K]> } });
  }

  async *scan(
    view: ViewSchema,
    request: { readonly table: string; readonly where?: Where; readonly columns: readonly string[] },
  ): AsyncIterable<readonly Row[]> {
    checkScan(view, request);
    const rows = this.#rows(view, request.table).filter((row) => matches(row, request.where));
    const picked = rows.map((row) => pick(row, request.columns));
    for (let from = 0; from < picked.length; from += 1000) yield await Promise.resolve(picked.slice(from, from + 1000));
  }

  checkpoint(): Promise<Checkpoint | null> {
    return Promise.resolve(null);
  }

  #rows(view: ViewSchema, table: string): readonly Row[] {
    const contents = this.views.find(({ schema }) => schema.view === view.view);
    return (contents?.rows ?? []).filter((entry) => entry.table === table).map(({ row }) => row);
  }

  #find(view: ViewSchema, request: FindRequest): FindResult {
    checkFind(view, request);
    const sort = request.sort ?? [];
    const order = [...sort, { column: 'id', descending: sort.at(-1)?.descending ?? false }];
    const compare = (a: Row, b: Row): number => {
      for (const { column, descending } of order) {
        const difference = compareValues(a[column] ?? null, b[column] ?? null);
        if (difference !== 0) return descending ? -difference : difference;
      }
      return 0;
    };
    const { after } = request;
    const last = after && Object.fromEntries(order.map(({ column }, index) => [column, after[index] ?? null]));
    const lastRow = last && { ...last, id: last['id'] ?? '' };
    const rows = this.#rows(view, request.table)
      .filter((row) => matches(row, request.where))
      .filter((row) => !lastRow || compare(row, lastRow) > 0)
      .sort(compare);
    const page = rows.slice(0, request.limit);
    const end = page.at(-1);
    const next = end === undefined || page.length === rows.length ? null : order.map(({ column }) => key(end[column]));
    return { rows: page, next };
  }

  #sum(view: ViewSchema, request: SumRequest): readonly SumGroup[] {
    checkSum(view, request);
    const rows = request.table === undefined ? this.#counted(view, request) : this.#rows(view, request.table);
    const groups = new Map<string, { key: SumGroup['key']; count: number; sums: Record<string, bigint> }>();
    for (const row of rows) {
      if (!matches(row, request.where)) continue;
      const values = Object.fromEntries(request.groupBy.map((column) => [column, key(row[column])]));
      const id = JSON.stringify(values);
      const zero = Object.fromEntries(request.sums.map((column) => [column, 0n]));
      const group = groups.get(id) ?? { key: values, count: 0, sums: zero };
      groups.set(id, group);
      group.count++;
      for (const column of request.sums) {
        group.sums[column] = (group.sums[column] ?? 0n) + BigInt(Number(row[column] ?? 0));
      }
    }
    return [...groups.values()];
  }

  #counted(view: ViewSchema, request: SumRequest): readonly Row[] {
    const contents = this.views.find(({ schema }) => schema.view === view.view);
    return (contents?.counters ?? [])
      .filter(({ counter }) => counter === request.counter)
      .map(({ dimensions, measures }, index) => ({ id: String(index), ...dimensions, ...measures }));
  }
}

function matches(row: Row, where: Where | undefined): boolean {
  const columns = Object.entries(where?.columns ?? {});
  if (!columns.every(([column, condition]) => holds(row[column] ?? null, condition))) return false;
  return where?.anyOf === undefined || where.anyOf.some((alternative) => matches(row, alternative));
}

function holds(value: unknown, condition: Condition): boolean {
  if (condition === null) return value === null;
  if (typeof condition !== 'object') return value === condition;
  const { gt, gte, lt, lte, exists, has, prefix, contains } = condition;
  const within = condition.in;
  if (exists !== undefined && (value !== null) !== exists) return false;
  if (has !== undefined && !(Array.isArray(value) && has.some((item) => value.includes(item)))) return false;
  const { hasIn, hasNoneIn } = condition;
  if (hasIn !== undefined && !hasMemberIn(value, hasIn)) return false;
  if (hasNoneIn !== undefined && hasMemberIn(value, hasNoneIn)) return false;
  if (within !== undefined && !within.some((item) => item === value)) return false;
  if (prefix !== undefined && !(typeof value === 'string' && value.startsWith(prefix))) return false;
  if (contains !== undefined && !(typeof value === 'string' && value.includes(contains))) return false;
  const comparable = typeof value === 'string' || typeof value === 'number' ? value : null;
  if ([gt, gte, lt, lte].some((bound) => bound !== undefined) && comparable === null) return false;
  return (
    (gt === undefined || compareValues(comparable, gt) > 0) &&
    (gte === undefined || compareValues(comparable, gte) >= 0) &&
    (lt === undefined || compareValues(comparable, lt) < 0) &&
    (lte === undefined || compareValues(comparable, lte) <= 0)
  );
}

function hasMemberIn(value: unknown, { gt, lte }: IntegerRange): boolean {
  return Array.isArray(value) && value.some((member) => typeof member === 'number' && member > gt && member <= lte);
}

function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') throw new TypeError('values of different types');
  return a < b ? -1 : 1;
}

function key(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function pick(row: Row, columns: readonly string[]): Row {
  return { id: row.id, ...Object.fromEntries(columns.map((column) => [column, row[column] ?? null])) };
}
