import { roundHalfEven } from '#domain/shared/money.js';
import { amountOf } from '../money-list.js';
import type { MoneySums } from '../money-list.js';
import { daysOfRatio } from '../percentiles.js';
import { ratio } from '../ratio.js';
import type { Close } from './close-tally.js';

const DAY_MS = 86_400_000n;

/** What velocity is computed from, of the deals in one currency. */
interface Counts {
  openDeals: number;
  wins: number;
  losses: number;
  cycles: bigint;
  valued: number;
  value: bigint;
}

export interface Velocity {
  readonly currency: string;
  /** Money a day; null under the smallest sample, and where a divisor is zero. */
  readonly perDay: string | null;
  readonly inputs: {
    readonly openDeals: number;
    readonly winRate: number | null;
    readonly wins: number;
    readonly losses: number;
    readonly meanDealSize: string | null;
    readonly meanCycleDays: number | null;
  };
}

/**
 * velocity.potential of metrics.md: open deals x win rate x mean deal size / mean cycle, per day, for each currency of
 * the deals that were won. Every input is of that currency; a deal without value, whose currency is not known yet,
 * counts in each, but in no mean of values.
 */
export class VelocityTally {
  readonly #byCurrency = new Map<string | null, Counts>();

  addOpen(currency: string | null): void {
    this.#counts(currency).openDeals++;
  }

  addClose({ won, cycle, currency, value }: Close): void {
    const counts = this.#counts(currency);
    if (!won) {
      counts.losses++;
      return;
    }
    counts.wins++;
    counts.cycles += BigInt(cycle);
    if (value === null) return;
    counts.valued++;
    counts.value += BigInt(value);
  }

  result(minSample: number): readonly Velocity[] {
    const valueless = this.#byCurrency.get(null) ?? noCounts();
    return [...this.#byCurrency]
      .flatMap(([currency, counts]) => (currency === null || counts.valued === 0 ? [] : [{ currency, counts }]))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1))
      .map(({ currency, counts }) => velocity(currency, sum(counts, valueless), minSample));
  }

  #counts(currency: string | null): Counts {
    const present = this.#byCurrency.get(currency);
    if (present !== undefined) return present;
    const counts = noCounts();
    this.#byCurrency.set(currency, counts);
    return counts;
  }
}

function noCounts(): Counts {
  return { openDeals: 0, wins: 0, losses: 0, cycles: 0n, valued: 0, value: 0n };
}

function sum(a: Counts, b: Counts): Counts {
  return {
    openDeals: a.openDeals + b.openDeals,
    wins: a.wins + b.wins,
    losses: a.losses + b.losses,
    cycles: a.cycles + b.cycles,
    valued: a.valued + b.valued,
    value: a.value + b.value,
  };
}

function velocity(currency: string, counts: Counts, minSample: number): Velocity {
  const { openDeals, wins, losses } = counts;
  const [n, closed, valued] = [BigInt(wins), BigInt(wins + losses), BigInt(counts.valued)];
  const divisor = closed * valued * counts.cycles;
  const perDay =
    wins < minSample || divisor === 0n
      ? null
      : roundHalfEven(BigInt(openDeals) * n * counts.value * n * DAY_MS, divisor);
  return {
    currency,
    perDay: perDay === null ? null : amountOf(perDay, currency),
    inputs: {
      openDeals,
      winRate: ratio(wins, wins + losses),
      wins,
      losses,
      meanDealSize: valued === 0n ? null : amountOf(roundHalfEven(counts.value, valued), currency),
      meanCycleDays: wins === 0 ? null : daysOfRatio(counts.cycles, n),
    },
  };
}

export interface RealisedVelocity {
  readonly currency: string;
  readonly perDay: string;
  readonly wonValue: string;
  readonly days: number;
}

/** velocity.realised: won value / days of the window. */
export function realised(wonValue: MoneySums, days: number): readonly RealisedVelocity[] {
  return wonValue.currencies().map((currency) => {
    const value = wonValue.get(currency);
    const perDay = amountOf(roundHalfEven(value, BigInt(days)), currency);
    return { currency, perDay, wonValue: amountOf(value, currency), days };
  });
}

export interface RevenueGrowth {
  readonly currency: string;
  readonly ratio: number | null;
  readonly current: string;
  readonly previous: string;
}

/** (won value of this period - that of the last) / that of the last. */
export function revenueGrowth(current: MoneySums, previous: MoneySums): readonly RevenueGrowth[] {
  const currencies = new Set([...current.currencies(), ...previous.currencies()]);
  return [...currencies].sort().map((currency) => {
    const [now, before] = [current.get(currency), previous.get(currency)];
    return {
      currency,
      ratio: ratio(now - before, before),
      current: amountOf(now, currency),
      previous: amountOf(before, currency),
    };
  });
}
