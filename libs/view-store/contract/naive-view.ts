import type {
  ColumnValue,
  Condition,
  FindRequest,
  FindResult,
  IntegerRange,
  Keyset,
  Row,
  SortColumn,
  SumGroup,
  SumRequest,
  Where,
} from '../port.js';

/** The meaning of the port's requests, said as plainly as possible: what every engine is compared with. */
export function naiveFind(rows: readonly Row[], request: FindRequest): FindResult {
  const order = orderOf(request.sort ?? []);
  const after = request.after ?? null;
  const found = rows
    .filter((row) => matches(row, request.where))
    .sort((a, b) => compareKeysets(keysetOf(a, order), keysetOf(b, order), order))
    .filter((row) => after === null || compareKeysets(keysetOf(row, order), after, order) > 0);
  const page = found.slice(0, request.limit);
  const last = page.at(-1);
  return { rows: page, next: found.length > request.limit && last !== undefined ? keysetOf(last, order) : null };
}

export function naiveSum(rows: readonly Row[], request: SumRequest): readonly SumGroup[] {
  const groups = new Map<string, { key: SumGroup['key']; count: number; sums: Record<string, bigint> }>();
  for (const row of rows.filter((candidate) => matches(candidate, request.where))) {
    const key = Object.fromEntries(request.groupBy.map((column) => [column, plain(row[column])]));
    const group = groups.get(JSON.stringify(key)) ?? {
      key,
      count: 0,
      sums: Object.fromEntries(request.sums.map((column) => [column, 0n])),
    };
    groups.set(JSON.stringify(key), group);
    group.count += 1;
    for (const column of request.sums) {
      const value = row[column];
      group.sums[column] = (group.sums[column] ?? 0n) + (typeof value === 'number' ? BigInt(value) : 0n);
    }
  }
  return [...groups.values()];
}

export function matches(row: Row, where: Where | undefined): boolean {
  const columns = Object.entries(where?.columns ?? {});
  if (!columns.every(([column, condition]) => holds(row[column] ?? null, condition))) return false;
  return where?.anyOf === undefined || where.anyOf.some((alternative) => matches(row, alternative));
}

function holds(value: ColumnValue, condition: Condition): boolean {
  if (condition === null || typeof condition !== 'object') return value === condition;
  const tests: boolean[] = [];
  const compare = (operand: string | number | undefined, test: (order: number) => boolean): void => {
    if (operand !== undefined) tests.push(value !== null && test(compareValues(plain(value), operand)));
  };
  compare(condition.gt, (order) => order > 0);
  compare(condition.gte, (order) => order >= 0);
  compare(condition.lt, (order) => order < 0);
  compare(condition.lte, (order) => order <= 0);
  const text = typeof value === 'string' ? value : null;
  if (condition.prefix !== undefined) tests.push(text?.startsWith(condition.prefix) === true);
  if (condition.contains !== undefined) tests.push(text?.includes(condition.contains) === true);
  if (condition.in !== undefined) tests.push(condition.in.some((one) => one === value));
  if (condition.has !== undefined) {
    tests.push(Array.isArray(value) && condition.has.some((one) => value.includes(one)));
  }
  const inRange = ({ gt, lte }: IntegerRange): boolean =>
    Array.isArray(value) && value.some((one: unknown) => typeof one === 'number' && one > gt && one <= lte);
  if (condition.hasIn !== undefined) tests.push(inRange(condition.hasIn));
  if (condition.hasNoneIn !== undefined) tests.push(!inRange(condition.hasNoneIn));
  if (condition.exists !== undefined) tests.push((value !== null) === condition.exists);
  return tests.every(Boolean);
}

function orderOf(sort: readonly SortColumn[]): readonly SortColumn[] {
  return [...sort, { column: 'id', descending: sort.at(-1)?.descending ?? false }];
}

function keysetOf(row: Row, order: readonly SortColumn[]): Keyset {
  return order.map(({ column }) => plain(row[column]));
}

function compareKeysets(a: Keyset, b: Keyset, order: readonly SortColumn[]): number {
  for (const [index, { descending }] of order.entries()) {
    const compared = compareValues(a[index] ?? null, b[index] ?? null);
    if (compared !== 0) return descending === true ? -compared : compared;
  }
  return 0;
}

/** Nulls first; texts by code points, which is the order of their UTF-8 bytes. */
function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}

function plain(value: ColumnValue | undefined): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
