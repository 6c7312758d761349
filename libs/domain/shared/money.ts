import { minorDigits } from './currency.js';

export { minorDigits } from './currency.js';

/** An amount of money: plain decimal without exponent, with the currency's minor digits; ISO 4217 code. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** So many digits, minor ones included: every single amount is then a safe integer of minor units. */
export const MAX_AMOUNT_DIGITS = 15;

const PLAIN_DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

export type ParsedMoney =
  | { readonly ok: true; readonly money: Money }
  | { readonly ok: false; readonly path: '' | `/${string}`; readonly message: string };

/**
 * Reads money as the wire has it and writes its amount in the one stored form: exactly the currency's minor digits, no
 * leading zeros, no negative zero ("007" EUR is "7.00"). Refused: exponents, a plus, more decimals than the currency
 * has, more than 15 digits, unknown currencies and fields. `path` is a JSON pointer into the money.
 */
export function parseMoney(value: unknown): ParsedMoney {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, path: '', message: 'must be an object of amount and currency' };
  }
  const unknown = Object.keys(value).find((key) => key !== 'amount' && key !== 'currency');
  if (unknown !== undefined) {
    const name = unknown.replaceAll('~', '~0').replaceAll('/', '~1');
    return { ok: false, path: `/${name}`, message: 'is not a known field' };
  }
  const amount: unknown = 'amount' in value ? value.amount : undefined;
  const currency: unknown = 'currency' in value ? value.currency : undefined;
  const digits = typeof currency === 'string' ? minorDigits(currency) : null;
  if (typeof currency !== 'string' || digits === null) {
    return { ok: false, path: '/currency', message: 'must be a code of ISO 4217' };
  }
  const match = typeof amount === 'string' ? PLAIN_DECIMAL.exec(amount) : null;
  if (match === null) return { ok: false, path: '/amount', message: 'must be a decimal string' };
  const [, sign = '', whole = '', decimals = ''] = match;
  if (decimals.length > digits) {
    return { ok: false, path: '/amount', message: `${currency} has at most ${digits} decimals` };
  }
  const minor = `${whole}${decimals.padEnd(digits, '0')}`.replace(/^0+(?=\d)/, '');
  if (minor.length > MAX_AMOUNT_DIGITS) {
    return { ok: false, path: '/amount', message: `must have at most ${MAX_AMOUNT_DIGITS} digits in all` };
  }
  return { ok: true, money: fromMinor(Number(`${sign}${minor}`), currency) };
}

/** Minor units of a parsed amount, a safe integer. Throws a RangeError on what `parseMoney` refuses. */
export function toMinor(money: Money): number {
  const parsed = parseMoney(money);
  if (!parsed.ok) throw new RangeError(`not money: ${JSON.stringify(money)} ${parsed.path} ${parsed.message}`);
  return Number(parsed.money.amount.replace('.', '')) || 0;
}

/**
 * Money of so many minor units, of any size: sums are not bound to 15 digits.
 * Throws a RangeError on an unknown currency or a broken number of units.
 */
export function fromMinor(minor: bigint | number, currency: string): Money {
  const digits = minorDigits(currency);
  if (digits === null) throw new RangeError(`unknown currency ${currency}`);
  const units = BigInt(minor);
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const amount = digits === 0 ? whole : `${whole}.${text.slice(text.length - digits)}`;
  return { amount: units < 0n ? `-${amount}` : amount, currency };
}

/** The same amount of the same currency; null is no value. */
export function sameMoney(a: Money | null, b: Money | null): boolean {
  if (a === null || b === null) return a === b;
  return a.currency === b.currency && a.amount === b.amount;
}

/** Below zero. */
export function isNegative(money: Money | null): boolean {
  return money !== null && money.amount.startsWith('-');
}

/** The ratio as an integer, halves to the even one. Throws a RangeError on a denominator of zero. */
export function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const n = denominator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const truncated = n / d;
  const floor = n % d < 0n ? truncated - 1n : truncated;
  const twice = (n - floor * d) * 2n;
  if (twice < d || (twice === d && floor % 2n === 0n)) return floor;
  return floor + 1n;
}

/** What one unit of a probability weighs: probabilities have at most 4 decimals. */
export const PROBABILITY_SCALE = 10_000n;

/** A probability in ten-thousandths: 0.6 is 6000n. */
export function tenThousandths(probability: number): bigint {
  return BigInt(Math.round(probability * Number(PROBABILITY_SCALE)));
}

/**
 * Sum of value x probability in minor units of one currency, exact, rounded half-even once at the end
 * (metrics.md, weightedValue).
 */
export function weightedMinor(
  parts: Iterable<{ readonly minor: bigint | number; readonly probability: number }>,
): bigint {
  let scaled = 0n;
  for (const { minor, probability } of parts) scaled += BigInt(minor) * tenThousandths(probability);
  return roundHalfEven(scaled, PROBABILITY_SCALE);
}
