import { roundHalfEven } from '#domain/shared/money.js';
import type { Row } from '#view-store/port.js';
import { amountOf, MoneySums } from '../money-list.js';
import { Durations, percentileInHundredths } from '../percentiles.js';
import { ratio } from '../ratio.js';
import { integerIn, integerOrNull, stringIn, stringOrNull } from '../row-values.js';

/** An effective close. Epoch milliseconds; minor units, null: the deal had no value. */
export interface Close {
  readonly won: boolean;
  readonly closedAt: number;
  /** From the deal's first visit to the close, in milliseconds. */
  readonly cycle: number;
  readonly currency: string | null;
  readonly value: number | null;
}

export const CLOSE_COLUMNS = ['outcome', 'closedAt', 'firstEnteredAt', 'currency', 'value'];

export function closeOf(row: Row): Close {
  const closedAt = integerIn(row, 'closedAt');
  return {
    won: stringIn(row, 'outcome') === 'won',
    closedAt,
    cycle: closedAt - integerIn(row, 'firstEnteredAt'),
    currency: stringOrNull(row, 'currency'),
    value: integerOrNull(row, 'value'),
  };
}

export interface DealSize {
  readonly currency: string;
  readonly n: number;
  readonly mean: string;
  readonly median: string;
}

export interface SalesCycle {
  readonly n: number;
  readonly meanDays: number | null;
  readonly medianDays: number | null;
  readonly p90Days: number | null;
}

export interface ValueRate {
  readonly currency: string;
  readonly ratio: number | null;
  readonly won: string;
  readonly lost: string;
}

/** The closes of the window. */
export class CloseTally {
  won = 0;
  lost = 0;
  /** Won deals without value. */
  withoutValue = 0;
  readonly wonValue = new MoneySums();
  readonly #lostValue = new MoneySums();
  readonly #sizes = new Map<string, number[]>();
  readonly #cycles = new Durations();

  add({ won, cycle, currency, value }: Close): void {
    if (won) {
      this.won++;
      this.#cycles.add(cycle);
    } else this.lost++;
    if (currency === null || value === null) {
      if (won) this.withoutValue++;
      return;
    }
    (won ? this.wonValue : this.#lostValue).add(currency, value);
    if (!won) return;
    const sizes = this.#sizes.get(currency);
    if (sizes === undefined) this.#sizes.set(currency, [value]);
    else sizes.push(value);
  }

  winRate(): { readonly ratio: number | null; readonly won: number; readonly lost: number } {
    return { ratio: ratio(this.won, this.won + this.lost), won: this.won, lost: this.lost };
  }

  valueRates(): readonly ValueRate[] {
    const currencies = new Set([...this.wonValue.currencies(), ...this.#lostValue.currencies()]);
    return [...currencies].sort().map((currency) => {
      const won = this.wonValue.get(currency);
      const lost = this.#lostValue.get(currency);
      return { currency, ratio: ratio(won, won + lost), won: amountOf(won, currency), lost: amountOf(lost, currency) };
    });
  }

  dealSizes(): readonly DealSize[] {
    return this.wonValue.currencies().map((currency) => {
      const sizes = Float64Array.from(this.#sizes.get(currency) ?? []).sort();
      const n = sizes.length;
      const mean = roundHalfEven(this.wonValue.get(currency), BigInt(n));
      const median = roundHalfEven(percentileInHundredths(sizes, 50) ?? 0n, 100n);
      return { currency, n, mean: amountOf(mean, currency), median: amountOf(median, currency) };
    });
  }

  salesCycle(): SalesCycle {
    const cycles = this.#cycles;
    return {
      n: cycles.n,
      meanDays: cycles.meanDays(),
      medianDays: cycles.percentileDays(50),
      p90Days: cycles.percentileDays(90),
    };
  }
}
