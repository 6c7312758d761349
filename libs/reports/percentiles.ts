import { roundHalfEven } from '#domain/shared/money.js';

const DAY_MS = 86_400_000n;
const DAY_DECIMALS = 10_000n;

/** A duration of numerator / denominator milliseconds in days of 86,400 s: 4 decimals, half-even, rounded once. */
export function daysOfRatio(numerator: bigint, denominator: bigint): number {
  return Number(roundHalfEven(numerator * DAY_DECIMALS, denominator * DAY_MS)) / Number(DAY_DECIMALS);
}

/**
 * The percentile of sorted integers by linear interpolation between closest ranks (Hyndman and Fan, type 7), exact, as
 * the fraction numerator / 100. `percent` is 0 to 100; of an even n the 50th is the mean of the middle two.
 * Null when there are none.
 */
export function percentileInHundredths(sorted: Float64Array | readonly number[], percent: number): bigint | null {
  const n = sorted.length;
  if (n === 0) return null;
  const position = (n - 1) * percent;
  const index = Math.floor(position / 100);
  const low = BigInt(sorted[index] ?? 0);
  const high = BigInt(sorted[Math.min(index + 1, n - 1)] ?? 0);
  return low * 100n + (high - low) * BigInt(position % 100);
}

/** Durations in milliseconds, gathered to be measured. */
export class Durations {
  readonly #values: number[] = [];
  #sum = 0n;
  #sorted: Float64Array | null = null;

  add(ms: number): void {
    this.#values.push(ms);
    this.#sum += BigInt(ms);
    this.#sorted = null;
  }

  get n(): number {
    return this.#values.length;
  }

  get sum(): bigint {
    return this.#sum;
  }

  meanDays(): number | null {
    return this.n === 0 ? null : daysOfRatio(this.#sum, BigInt(this.n));
  }

  percentileDays(percent: number): number | null {
    this.#sorted ??= Float64Array.from(this.#values).sort();
    const hundredths = percentileInHundredths(this.#sorted, percent);
    return hundredths === null ? null : daysOfRatio(hundredths, 100n);
  }
}
