import { fromMinor, PROBABILITY_SCALE, roundHalfEven } from '#domain/shared/money.js';
import type { Money } from '#domain/shared/money.js';

/** Exact sums of minor units, one per currency; currencies are never added to each other. */
export class MoneySums {
  readonly #sums = new Map<string, bigint>();

  add(currency: string, minor: bigint | number): void {
    this.#sums.set(currency, (this.#sums.get(currency) ?? 0n) + BigInt(minor));
  }

  addAll(other: MoneySums): void {
    for (const [currency, minor] of other.#sums) this.add(currency, minor);
  }

  get(currency: string): bigint {
    return this.#sums.get(currency) ?? 0n;
  }

  /** Sorted codes. */
  currencies(): readonly string[] {
    return [...this.#sums.keys()].sort();
  }

  /** One per currency, sorted by code. */
  list(): readonly Money[] {
    return this.currencies().map((currency) => fromMinor(this.get(currency), currency));
  }

  /** The list, of sums that hold ten-thousandths of minor units: rounded half-even, once. */
  weightedList(): readonly Money[] {
    return this.currencies().map((currency) =>
      fromMinor(roundHalfEven(this.get(currency), PROBABILITY_SCALE), currency),
    );
  }
}

/** The amount alone, as a decimal string with the currency's minor digits. */
export function amountOf(minor: bigint | number, currency: string): string {
  return fromMinor(minor, currency).amount;
}
