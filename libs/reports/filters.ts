import { fromMinor } from '#domain/shared/money.js';
import type { Condition, Where } from '#view-store/port.js';

/**
 * What lists and reports are filtered by (contract.md, "Queries"). Of a list any value fits; several filters must all
 * hold. An empty list fits nothing.
 */
export interface ReportFilters {
  readonly owner?: readonly string[];
  readonly team?: readonly string[];
  readonly source?: readonly string[];
  readonly label?: readonly string[];
  readonly product?: readonly string[];
  /** Minor units of `currency`, inclusive; only deals with a value in that currency fit. Throws without a currency. */
  readonly valueMin?: number;
  readonly valueMax?: number;
  readonly currency?: string;
  /** Civil dates; deals without an expected close date fit neither. */
  readonly expectedCloseFrom?: string;
  /** Exclusive. */
  readonly expectedCloseTo?: string;
  readonly stalled?: boolean;
}

/** The combination of parameters has no definition. */
export class UnsupportedCombination extends Error {
  override readonly name = 'UnsupportedCombination';
}

export type Columns = Readonly<Record<string, Condition>>;

/** At least one of them holds. */
export interface Alternatives {
  readonly anyOf: readonly Where[];
}

export type Conditions = Columns | Alternatives;

/**
 * The filter as conditions on a card, segment, journey or close, whose columns have the same names; all but `stalled`,
 * which compares with a threshold for each stage.
 */
export function filterColumns(filters: ReportFilters): Columns {
  const { valueMin, valueMax, currency, expectedCloseFrom, expectedCloseTo } = filters;
  if (currency === undefined && (valueMin !== undefined || valueMax !== undefined)) {
    throw new UnsupportedCombination('valueMin and valueMax need a currency');
  }
  return {
    ...(filters.owner && { owner: { in: filters.owner } }),
    ...(filters.team && { team: { in: filters.team } }),
    ...(filters.source && { source: { in: filters.source } }),
    ...(filters.label && { labels: { has: filters.label } }),
    ...(filters.product && { products: { has: filters.product } }),
    ...(currency !== undefined && { currency }),
    ...range('value', { gte: valueMin, lte: valueMax, lt: undefined }),
    ...range('expectedClose', { gte: expectedCloseFrom, lte: undefined, lt: expectedCloseTo }),
  };
}

/** All of the conditions hold. */
export function where(...conditions: readonly Conditions[]): Where {
  let joined: Where = {};
  for (const condition of [...conditions].reverse()) {
    joined = isAlternatives(condition) ? either(condition.anyOf, joined) : and(condition, joined);
  }
  return joined;
}

function isAlternatives(conditions: Conditions): conditions is Alternatives {
  return 'anyOf' in conditions && Array.isArray(conditions['anyOf']);
}

/** One level of a `Where` has one list of alternatives: a second one goes into each of the first. */
function either(anyOf: readonly Where[], rest: Where): Where {
  const { anyOf: others } = rest;
  if (others === undefined) return { ...rest, anyOf };
  const both = anyOf.map((one) =>
    one.anyOf === undefined ? { ...one, anyOf: others } : { ...one, ...either(one.anyOf, { anyOf: others }) },
  );
  return { ...rest, anyOf: both };
}

/** A column that both sides test goes one level down: one level of a `Where` has one test for each column. */
function and(columns: Columns, rest: Where): Where {
  const clash = Object.keys(columns).some((column) => rest.columns?.[column] !== undefined);
  if (clash || rest.anyOf !== undefined) return { columns, anyOf: [rest] };
  return { columns: { ...columns, ...rest.columns } };
}

/** The bounds that are given; without any no condition. */
function range(column: string, tests: Readonly<Record<'gte' | 'lte' | 'lt', string | number | undefined>>): Columns {
  const set = Object.entries(tests).filter(([, bound]) => bound !== undefined);
  return set.length === 0 ? {} : { [column]: Object.fromEntries(set) };
}

/** Nothing but owners: answered from counters, without looking at a card. */
export function isOwnerOnly(filters: ReportFilters): boolean {
  return Object.entries(filters).every(([name, value]) => name === 'owner' || value === undefined);
}

/** The filters that are set, as the query has them: echoed with the answer. */
export function filtersEcho(filters: ReportFilters): Readonly<Record<string, string | boolean | readonly string[]>> {
  const { currency, valueMin, valueMax } = filters;
  const amount = (minor: number): string =>
    currency === undefined ? String(minor) : fromMinor(minor, currency).amount;
  return {
    ...(filters.owner && { owner: filters.owner }),
    ...(filters.team && { team: filters.team }),
    ...(filters.source && { source: filters.source }),
    ...(filters.label && { label: filters.label }),
    ...(filters.product && { product: filters.product }),
    ...(valueMin !== undefined && { valueMin: amount(valueMin) }),
    ...(valueMax !== undefined && { valueMax: amount(valueMax) }),
    ...(currency !== undefined && { currency }),
    ...(filters.expectedCloseFrom !== undefined && { expectedCloseFrom: filters.expectedCloseFrom }),
    ...(filters.expectedCloseTo !== undefined && { expectedCloseTo: filters.expectedCloseTo }),
    ...(filters.stalled !== undefined && { stalled: filters.stalled }),
  };
}
