/** Numbers as fractions of whole numbers, rounded once, at the end. */

/** Half-even to whole numbers; the denominator above zero. */
export function halfEven(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n) return -halfEven(-numerator, denominator);
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && whole % 2n === 1n) ? whole + 1n : whole;
}

/** With so many decimals; null for x/0. */
export function ratio(numerator: bigint | number, denominator: bigint | number, decimals = 6): number | null {
  if (BigInt(denominator) === 0n) return null;
  return Number(halfEven(BigInt(numerator) * 10n ** BigInt(decimals), BigInt(denominator))) / 10 ** decimals;
}

const DAY = 86_400_000n;
const inDays = (milliseconds: bigint, parts: bigint): number => ratio(milliseconds, DAY * parts, 4)!;

export interface Days {
  readonly n: number;
  readonly meanDays: number | null;
  readonly medianDays: number | null;
  readonly p90Days: number | null;
}

/** Of times in milliseconds: the mean, and percentiles of type 7. */
export function days(times: readonly number[]): Days {
  const sorted = times.map(BigInt).sort((a, b) => (a < b ? -1 : 1));
  const n = sorted.length;
  if (n === 0) return { n, meanDays: null, medianDays: null, p90Days: null };
  const tenths = (rank: number): number => {
    const [at, part] = [Math.floor(rank / 10), BigInt(rank % 10)];
    const low = sorted[at]!;
    return inDays(low * 10n + ((sorted[at + 1] ?? low) - low) * part, 10n);
  };
  const sum = sorted.reduce((total, one) => total + one, 0n);
  return { n, meanDays: inDays(sum, BigInt(n)), medianDays: tenths(5 * (n - 1)), p90Days: tenths(9 * (n - 1)) };
}

export const DIGITS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 };

/** Minor units as the wire has them. */
export function amount(minor: bigint, currency: string): string {
  const digits = DIGITS[currency]!;
  const text = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const cut = text.length - digits;
  return `${minor < 0n ? '-' : ''}${text.slice(0, cut)}${digits === 0 ? '' : `.${text.slice(cut)}`}`;
}

export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

/** One sum a currency, by code; `each` answers a numerator over `denominator`. */
export function totals<T>(
  of: readonly T[],
  each: (one: T) => Money | null,
  denominator = 1n,
): { amount: string; currency: string }[] {
  const sums = new Map<string, bigint>();
  for (const one of of) {
    const money = each(one);
    if (money !== null) sums.set(money.currency, (sums.get(money.currency) ?? 0n) + money.minor);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => ({ amount: amount(halfEven(sum, denominator), currency), currency }));
}
