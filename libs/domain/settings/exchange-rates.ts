import { roundHalfEven } from '../shared/money.js';
import { minorDigits } from '../shared/currency.js';

/** A rate and the civil date that it is of; a decimal string above zero. */
export interface DatedRate {
  readonly date: string;
  readonly rate: string;
}

/** By base, currency and year, the days that have a rate, in order: a change copies one year of one currency. */
export type ExchangeRates = ReadonlyMap<string, readonly DatedRate[]>;

export interface RateChange {
  readonly currency: string;
  /** Civil date. */
  readonly date: string;
  /** Units of the base for one unit of the currency; null: there is none on that day. */
  readonly rate: string | null;
}

export const NO_RATES: ExchangeRates = new Map();

const RATE = /^(?:0|[1-9]\d{0,11})(?:\.\d{1,10})?$/;
const RATE_DECIMALS = 10;
const RATE_SCALE = 10n ** BigInt(RATE_DECIMALS);
const FIRST_YEAR = 1900;

/** Above zero, at most 12 digits before the point and 10 after it. */
export function isRate(text: string): boolean {
  return RATE.test(text) && /[1-9]/.test(text);
}

/** The rates of a base after some changes. */
export function withRates(rates: ExchangeRates, base: string, changes: readonly RateChange[]): ExchangeRates {
  const next = new Map(rates);
  for (const { currency, date, rate } of changes) {
    const key = keyOf(base, currency, yearOf(date));
    const others = (next.get(key) ?? []).filter((each) => each.date !== date);
    const at = others.findIndex((each) => each.date > date);
    const place = at < 0 ? others.length : at;
    next.set(key, rate === null ? others : [...others.slice(0, place), { date, rate }, ...others.slice(place)]);
  }
  return next;
}

/** The latest rate on or before the civil date (metrics.md, "Money"); null: there is none. */
export function rateOn(rates: ExchangeRates, base: string, currency: string, date: string): DatedRate | null {
  for (let year = yearOf(date); year >= FIRST_YEAR; year--) {
    const found = rates.get(keyOf(base, currency, year))?.findLast((each) => each.date <= date);
    if (found !== undefined) return found;
  }
  return null;
}

/** The rate of that very day. */
export function rateOf(rates: ExchangeRates, base: string, currency: string, date: string): string | null {
  return rates.get(keyOf(base, currency, yearOf(date)))?.find((each) => each.date === date)?.rate ?? null;
}

/** A rate with what it is from and to. */
export interface StatedRate extends DatedRate {
  readonly base: string;
  readonly currency: string;
}

/** The rates of all days from `from` until `to`, exclusive; by base, currency and date. */
export function ratesBetween(rates: ExchangeRates, from: string, to: string): readonly StatedRate[] {
  return pairs(rates).flatMap(({ base, currency }) => {
    const stated: StatedRate[] = [];
    for (let year = yearOf(from); year <= yearOf(to); year++) {
      for (const { date, rate } of rates.get(keyOf(base, currency, year)) ?? []) {
        if (date >= from && date < to) stated.push({ base, currency, date, rate });
      }
    }
    return stated;
  });
}

/** For each base and currency the latest rate on or before the date. */
export function latestRates(rates: ExchangeRates, date: string): readonly StatedRate[] {
  return pairs(rates).flatMap(({ base, currency }) => {
    const rate = rateOn(rates, base, currency, date);
    return rate === null ? [] : [{ base, currency, ...rate }];
  });
}

/** The bases and currencies that have a rate on some day, in order. */
function pairs(rates: ExchangeRates): readonly { readonly base: string; readonly currency: string }[] {
  const names = new Set([...rates.keys()].map((key) => key.slice(0, key.lastIndexOf('/'))));
  return [...names].sort().map((name) => {
    const [base = '', currency = ''] = name.split('/');
    return { base, currency };
  });
}

/**
 * The sum of amounts of several currencies in minor units of the base, exact, rounded half-even once at the end.
 * `minor` may be scaled up: `scale` of its units are one minor unit. Throws a RangeError on an unknown currency.
 */
export function convertedMinor(
  parts: Iterable<{ readonly currency: string; readonly minor: bigint; readonly rate: string }>,
  base: string,
  scale = 1n,
): bigint {
  const most = 4;
  let sum = 0n;
  for (const { currency, minor, rate } of parts) {
    sum += minor * scaledRate(rate) * 10n ** BigInt(most + digitsOf(base) - digitsOf(currency));
  }
  return roundHalfEven(sum, RATE_SCALE * 10n ** BigInt(most) * scale);
}

function scaledRate(rate: string): bigint {
  const [whole = '0', decimals = ''] = rate.split('.');
  return BigInt(whole + decimals.padEnd(RATE_DECIMALS, '0'));
}

function digitsOf(currency: string): number {
  const digits = minorDigits(currency);
  if (digits === null) throw new RangeError(`unknown currency ${currency}`);
  return digits;
}

function keyOf(base: string, currency: string, year: number): string {
  return `${base}/${currency}/${year}`;
}

function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}
