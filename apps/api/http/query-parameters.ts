import { isCivilDate } from '#domain/shared/civil-date.js';
import { parseInstant } from '#domain/shared/instant.js';
import { minorDigits, parseMoney, toMinor } from '#domain/shared/money.js';
import { textProblem } from '#domain/shared/text.js';
import { isTimeZone, isUuid } from '#application/validation/decorators.js';
import type { ReportFilters } from '#reports/filters.js';
import { Problem } from './problem.js';

export const FILTERS = [
  'owner',
  'team',
  'source',
  'label',
  'product',
  'valueMin',
  'valueMax',
  'currency',
  'expectedCloseFrom',
  'expectedCloseTo',
  'stalled',
] as const;

/**
 * The typed reading of a query string. Every parameter must be known to its route, and only a filter may be repeated.
 * All faults are 400 with the path `?name`.
 */
export class QueryParameters {
  readonly #values = new Map<string, readonly string[]>();

  constructor(query: unknown, known: readonly string[]) {
    for (const [name, value] of Object.entries(typeof query === 'object' && query !== null ? query : {})) {
      if (!known.includes(name)) {
        throw new Problem('unknown-parameter', `There is no parameter ${name}.`, {
          errors: [{ path: `?${name}`, message: 'is not a parameter of this query' }],
        });
      }
      const values: string[] = (Array.isArray(value) ? (value as unknown[]) : [value]).map(String);
      for (const text of values) {
        const fault = textProblem(text);
        if (fault !== null) throw wrong(name, fault);
      }
      this.#values.set(name, values);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** One value, or null. */
  text(name: string): string | null {
    const values = this.#values.get(name);
    if (values === undefined) return null;
    const [value] = values;
    if (values.length > 1 || value === undefined || value === '') throw wrong(name, 'must have one value');
    return value;
  }

  /** Any number of values. */
  texts(name: string): readonly string[] {
    const values = this.#values.get(name) ?? [];
    if (values.length > 200) throw wrong(name, 'must have at most 200 values');
    if (values.includes('')) throw wrong(name, 'must not be empty');
    return values;
  }

  /** Any number of ids. */
  ids(name: string): readonly string[] {
    const values = this.texts(name);
    if (!values.every(isUuid)) throw wrong(name, 'must be a lower-case UUID');
    return values;
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | null {
    const value = this.text(name);
    if (value === null) return null;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw wrong(name, `must be one of ${allowed.join(', ')}`);
    return found;
  }

  someOf<const T extends string>(name: string, allowed: readonly T[]): readonly T[] {
    return this.texts(name).map((value) => {
      const found = allowed.find((candidate) => candidate === value);
      if (found === undefined) throw wrong(name, `must be one of ${allowed.join(', ')}`);
      return found;
    });
  }

  integer(name: string, min: number, max: number): number | null {
    const value = this.text(name);
    if (value === null) return null;
    const number = Number(value);
    if (!/^\d{1,16}$/u.test(value) || number < min || number > max) {
      throw wrong(name, `must be a whole number from ${min} to ${max}`);
    }
    return number;
  }

  /** A page's size: 1 to 200, default 50. */
  limit(byDefault = 50): number {
    return this.integer('limit', 1, 200) ?? byDefault;
  }

  position(name: string): bigint | null {
    const value = this.text(name);
    if (value === null) return null;
    if (!/^\d{1,19}$/u.test(value)) throw wrong(name, 'must be a position');
    return BigInt(value);
  }

  instant(name: string): number | null {
    const value = this.text(name);
    if (value === null) return null;
    // A `+` of an offset that was not encoded arrives as a space.
    const instant = parseInstant(value.replace(' ', '+'));
    if (instant === null) throw wrong(name, 'must be an RFC 3339 time with offset');
    return instant;
  }

  date(name: string): string | null {
    const value = this.text(name);
    if (value !== null && !isCivilDate(value)) throw wrong(name, 'must be a date like 2026-03-01');
    return value;
  }

  requiredDate(name: string): string {
    return this.date(name) ?? missing(name);
  }

  id(name: string): string | null {
    const value = this.text(name);
    if (value !== null && !isUuid(value)) throw wrong(name, 'must be a lower-case UUID');
    return value;
  }

  requiredId(name: string): string {
    return this.id(name) ?? missing(name);
  }

  flag(name: string): boolean | null {
    const value = this.oneOf(name, ['true', 'false']);
    return value === null ? null : value === 'true';
  }

  /** An IANA time zone. */
  timeZone(name: string): string | null {
    const value = this.text(name);
    if (value !== null && !isTimeZone(value)) throw wrong(name, 'must be an IANA time zone like Europe/Berlin');
    return value;
  }

  /** The filters of lists and reports. */
  filters(): ReportFilters {
    const currency = this.text('currency');
    if (currency !== null && minorDigits(currency) === null) throw wrong('currency', 'must be an ISO 4217 code');
    const amount = (name: string): number | null => {
      const value = this.text(name);
      if (value === null) return null;
      if (currency === null) throw wrong(name, 'needs a currency');
      const parsed = parseMoney({ amount: value, currency });
      if (!parsed.ok) throw wrong(name, parsed.message);
      return toMinor(parsed.money);
    };
    const list = (name: string) => (this.#values.has(name) ? { [name]: this.texts(name) } : {});
    const set = (name: string, value: unknown) => (value === null ? {} : { [name]: value });
    return {
      ...list('owner'),
      ...list('team'),
      ...list('source'),
      ...list('label'),
      ...list('product'),
      ...set('currency', currency),
      ...set('valueMin', amount('valueMin')),
      ...set('valueMax', amount('valueMax')),
      ...set('expectedCloseFrom', this.date('expectedCloseFrom')),
      ...set('expectedCloseTo', this.date('expectedCloseTo')),
      ...set('stalled', this.flag('stalled')),
    };
  }
}

function wrong(name: string, message: string): Problem {
  return new Problem('invalid-request', '1 field is wrong.', { errors: [{ path: `?${name}`, message }] });
}

function missing(name: string): never {
  throw wrong(name, 'must be given');
}

/** The page of a stream's history that is asked for: events after a revision. The cursor of that list is a revision too. */
export function historyPage(query: unknown): { readonly after: number | null; readonly limit: number } {
  const parameters = new QueryParameters(query, ['after', 'cursor', 'limit']);
  const after = parameters.integer(parameters.has('cursor') ? 'cursor' : 'after', 0, Number.MAX_SAFE_INTEGER);
  return { after, limit: parameters.limit(100) };
}
